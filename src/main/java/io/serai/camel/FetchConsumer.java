package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.inbox.Fetcher;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: serai:fetch/<document>}: one exchange per document that others have waited for long,
 * on one replica, with its key in variable {@code messageKey}. The route asks for it and accepts
 * what comes; when it throws, those who wait ask again in their next turn.
 */
final class FetchConsumer extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(FetchConsumer.class);

  private final SeraiEndpoint endpoint;
  private final Fetcher fetcher = this::fetch;
  private ExecutorService one;

  FetchConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    if (!"order".equals(endpoint.getName())) {
      throw new IllegalArgumentException(
          "Nothing waits for a '%s', so none is fetched; messages wait for orders."
              .formatted(endpoint.getName()));
    }
    one =
        endpoint
            .getCamelContext()
            .getExecutorServiceManager()
            .newSingleThreadExecutor(this, "serai-fetch");
    endpoint.hub().runner().registerFetcher(endpoint.getAccount(), fetcher);
  }

  @Override
  protected void doStop() throws Exception {
    endpoint.hub().runner().unregisterFetcher(endpoint.getAccount(), fetcher);
    if (one != null) {
      endpoint.getCamelContext().getExecutorServiceManager().shutdown(one);
      one = null;
    }
    super.doStop();
  }

  private void fetch(String key) {
    one.execute(() -> ask(key));
  }

  private void ask(String key) {
    var failure = once(key);
    if (failure != null && failure.kind() == FailureKind.AUTH && failure.retryAfter() != null) {
      failure = once(key); // with another token
    }
    if (failure != null) {
      LOG.warn("{}", failure.sentence());
    }
  }

  private Failure once(String key) {
    var exchange = createExchange(false);
    try {
      exchange.setVariable(Variables.ACCOUNT, endpoint.getAccount());
      exchange.setVariable(Variables.DOCUMENT, endpoint.getName());
      exchange.setVariable(Variables.MESSAGE_KEY, key);
      return Questions.ask(
          endpoint,
          exchange,
          getProcessor(),
          "Asking '%s' for '%s' '%s'".formatted(endpoint.getAccount(), endpoint.getName(), key));
    } finally {
      releaseExchange(exchange, false);
    }
  }
}
