package io.serai.camel;

import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Json;
import io.serai.transport.FilePost;
import io.serai.transport.MailboxPool;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;

/**
 * {@code serai:put}: puts the body into the account's outbox folder as a file of the name in
 * variable {@code fileName}; {@code serai:find}: whether the file of a delivery was put there. Both
 * answer a receipt, on a thread of their own, and touch nothing once so little of the delivery's
 * lease is left that another replica might be at it.
 */
final class FileProducer extends DefaultAsyncProducer {
  private static final int AT_ONCE = 4;
  private static final int MOST_WAITING = 1_000;
  private static final Duration KEPT = Duration.ofSeconds(20);

  private final SeraiEndpoint endpoint;
  private final boolean find;
  private ExecutorService threads;
  private MailboxPool mailboxes;
  private FilePost post;
  private String folder;
  private Duration call;

  FileProducer(SeraiEndpoint endpoint, boolean find) {
    super(endpoint);
    this.endpoint = endpoint;
    this.find = find;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var hub = endpoint.hub();
    var account = hub.configuration().account(endpoint.getAccount());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getAccount()));
    }
    folder = account.text("outbox-folder");
    call = account.profile().deadlines().call();
    mailboxes =
        new MailboxPool(
            AccountFiles.mailboxes(account, getEndpoint().getCamelContext()),
            folder == null ? "." : folder,
            KEPT);
    post = new FilePost(hub.dataSource(), hub.clock(), account.name(), mailboxes);
    threads =
        getEndpoint()
            .getCamelContext()
            .getExecutorServiceManager()
            .newThreadPool(
                this,
                "serai-files",
                new ThreadPoolProfileBuilder("serai-files")
                    .poolSize(AT_ONCE)
                    .maxPoolSize(AT_ONCE)
                    .maxQueueSize(MOST_WAITING)
                    .keepAliveTime(KEPT.toSeconds(), TimeUnit.SECONDS)
                    .allowCoreThreadTimeOut(true)
                    .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
                    .build());
  }

  @Override
  protected void doStop() throws Exception {
    if (threads != null) {
      getEndpoint().getCamelContext().getExecutorServiceManager().shutdown(threads);
      threads = null;
    }
    if (mailboxes != null) {
      mailboxes.close();
      mailboxes = null;
    }
    super.doStop();
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      threads.execute(
          () -> {
            try {
              answer(exchange);
            } catch (Exception e) {
              exchange.setException(e);
            }
            callback.done(false);
          });
      return false;
    } catch (RejectedExecutionException e) {
      exchange.setException(
          failed(
              FailureKind.TRANSIENT,
              "Too many files for '%s' wait for their turn.".formatted(endpoint.getAccount())));
      callback.done(true);
      return true;
    }
  }

  private void answer(Exchange exchange) throws SQLException {
    var key = exchange.getVariable(Variables.DELIVERY_KEY, String.class);
    if (key == null) {
      throw failed(
          FailureKind.CONFIG,
          "Route '%s' sends a file that is no delivery. Begin it at 'serai:outbox' or 'serai:lookup'."
              .formatted(exchange.getFromRouteId()));
    }
    var until = exchange.getProperty(OutboxConsumer.LEASE_UNTIL, Instant.class);
    if (until != null && endpoint.hub().clock().instant().plus(call).isAfter(until)) {
      throw failed(
          FailureKind.TRANSIENT,
          "A file for '%s' waited so long for its turn that another replica may take it up. It is tried again."
              .formatted(endpoint.getAccount()));
    }
    if (find) {
      var found = post.find(key);
      receipt(
          exchange,
          found
              .<Map<String, String>>map(path -> Map.of("outcome", "found", "remoteId", path))
              .orElse(Map.of("outcome", "absent")));
      return;
    }
    var name = exchange.getVariable(Variables.FILE_NAME, String.class);
    var content = exchange.getMessage().getBody(byte[].class);
    if (folder == null || name == null || content == null) {
      throw failed(
          FailureKind.CONFIG,
          "A file for '%s' has no %s. %s, then replay."
              .formatted(
                  endpoint.getAccount(),
                  folder == null ? "folder" : name == null ? "name" : "content",
                  folder == null
                      ? "Set the account's 'outbox-folder'"
                      : "Set variable 'fileName' and the body in route '%s'"
                          .formatted(exchange.getFromRouteId())));
    }
    receipt(
        exchange,
        Map.of(
            "outcome",
            "confirmed",
            "remoteId",
            post.put(
                key,
                exchange.getVariable(Variables.CLAIM, 0, Integer.class),
                folder,
                name,
                content)));
  }

  private static void receipt(Exchange exchange, Map<String, String> receipt) {
    exchange.getMessage().setBody(Json.MAPPER.valueToTree(receipt));
  }

  private FailureException failed(FailureKind kind, String sentence) {
    return new FailureException(Failure.of(kind, sentence, Place.of(endpoint.getAccount())));
  }
}
