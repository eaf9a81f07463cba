package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.inbox.InboxHandler;
import io.serai.support.Statements;
import io.serai.topic.TopicReader;
import io.serai.topic.TopicRecord;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: serai:kafka}: one exchange per batch of records of the account's topic; the replicas
 * share its partitions. No header of a record becomes a header of the exchange.
 *
 * <p>Guarantee: the offsets of a batch are committed after the route stored it, and a batch that no
 * route could store is read again. Gap: one that was stored and not committed is read twice, and is
 * a duplicate then.
 */
final class TopicConsumer extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(TopicConsumer.class);
  private static final int MOST = 200;
  private static final Duration NOTED = Duration.ofSeconds(30);

  private final SeraiEndpoint endpoint;
  private final InboxHandler unlisted =
      (message, done) ->
          done.accept(
              WebhookConsumer.unlisted(this.account, message.eventType(), message.publicId()));
  private Account account;
  private String topic;
  private TopicArrivals arrivals;
  private TopicReader reader;
  private String trouble;
  private Instant noted = Instant.EPOCH;

  TopicConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    account = endpoint.hub().configuration().account(endpoint.getAccount());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getAccount()));
    }
    topic = account.text("topic");
    arrivals = new TopicArrivals(account);
    endpoint.hub().runner().register(account.name(), WebhookConsumer.UNLISTED, unlisted);
    reader =
        new TopicReader(
            AccountTopics.access(account), topic, account.text("group"), MOST, this::keep, watch());
    reader.start();
  }

  @Override
  protected void doStop() throws Exception {
    if (reader != null) {
      reader.close();
      reader = null;
      endpoint.topics().forget(account.name());
      endpoint.hub().runner().unregister(account.name(), WebhookConsumer.UNLISTED, unlisted);
    }
    super.doStop();
  }

  private void keep(List<TopicRecord> batch) {
    var came = batch.stream().map(arrivals::of).flatMap(Optional::stream).toList();
    if (came.isEmpty()) {
      return;
    }
    var exchange = createExchange(false);
    try {
      exchange.setProperty(AcceptProducer.ARRIVALS, came);
      exchange.getMessage().setBody(batch.stream().map(TopicRecord::value).toList());
      exchange.setVariable(Variables.ACCOUNT, account.name());
      var failure =
          Questions.ask(
              endpoint,
              exchange,
              getProcessor(),
              "Taking %d records of topic '%s' for '%s'"
                  .formatted(batch.size(), topic, account.name()));
      if (failure != null) {
        throw new FailureException(failure);
      }
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private TopicReader.Watch watch() {
    return new TopicReader.Watch() {
      @Override
      public void well() {
        if (trouble != null) {
          LOG.info("Topic '{}' of '{}' is read again.", topic, account.name());
        }
        var now = endpoint.hub().clock().instant();
        if (trouble != null || noted.plus(NOTED).isBefore(now)) {
          trouble = null;
          noted = now;
          note(null, now);
        }
      }

      @Override
      public void failed(Failure failure) {
        if (!failure.sentence().equals(trouble)) {
          LOG.warn("{}", failure.sentence());
        }
        trouble = failure.sentence();
        note(failure, endpoint.hub().clock().instant());
      }

      @Override
      public void behind(long records) {
        endpoint.topics().behind(account.name(), records);
      }
    };
  }

  // What people see of the account; replicas that read the same topic share the line.
  private void note(Failure failure, Instant now) {
    try (var connection = endpoint.hub().dataSource().getConnection()) {
      new Statements()
          .add(
              """
              INSERT INTO poll_cursor AS p (account, document, updated_at, last_success_at, failed_at, failure_kind, failure)
              VALUES (?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (account, document) DO UPDATE SET updated_at = excluded.updated_at,
                last_success_at = coalesce(excluded.last_success_at, p.last_success_at), failed_at = excluded.failed_at,
                failure_kind = excluded.failure_kind, failure = excluded.failure""",
              account.name(),
              topic,
              now,
              failure == null ? now : null,
              failure == null ? null : now,
              failure == null ? null : failure.kind().name(),
              failure == null ? null : account.mask(failure.sentence()))
          .execute(connection);
    } catch (SQLException e) {
      LOG.debug("How topic '{}' of '{}' does was not noted.", topic, account.name(), e);
    }
  }
}
