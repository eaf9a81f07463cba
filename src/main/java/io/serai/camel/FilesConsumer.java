package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.database.Lease;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Inbox;
import io.serai.support.Statements;
import io.serai.transport.FetchPlan;
import io.serai.transport.FetchedFile;
import io.serai.transport.FileFetch;
import io.serai.transport.MailboxException;
import io.serai.transport.MailboxSource;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Timestamp;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: serai:files/<document>}: one exchange per whole file in the folder that the
 * account's transport names, oldest first, on one replica. The file is put away when it is
 * committed.
 *
 * <p>Guarantee: the file and that it was taken are committed together. Gap: what no exchange stored
 * lies there and is tried again with the next ring, with those behind it.
 */
final class FilesConsumer extends RingingConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(FilesConsumer.class);

  private final SeraiEndpoint endpoint;
  private FetchPlan plan;
  private MailboxSource mailboxes;

  FilesConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor, "Looking for the files of '%s' with '%s'");
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    var account = endpoint.hub().configuration().account(endpoint.getAccount());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getAccount()));
    }
    prepare(account);
    super.doStart();
  }

  private void prepare(Account account) {
    if (account.has("inbox-folder")) {
      plan = AccountFiles.plan(account, endpoint.getName());
      mailboxes = AccountFiles.mailboxes(account, endpoint.getCamelContext());
    }
  }

  @Override
  void ring() {
    if (plan != null) {
      super.ring();
    }
  }

  @Override
  void poll(Lease lease) throws SQLException {
    if (!begin(lease)) {
      return;
    }
    Failure failure;
    try {
      failure = look(lease);
    } catch (MailboxException e) {
      failure = failed(e.kind() == FailureKind.AUTH ? e.kind() : FailureKind.TRANSIENT, e);
    } catch (IOException | SQLException | RuntimeException e) {
      failure = failed(FailureKind.TRANSIENT, e);
    }
    end(lease, failure);
    if (failure != null) {
      LOG.warn("{}", failure.sentence());
    }
  }

  private Failure failed(FailureKind kind, Exception e) {
    return Failure.of(
        kind,
        "%s did not finish: %s It goes on by itself.".formatted(what(), Receipts.reason(e)),
        Place.of(endpoint.getAccount()));
  }

  private Failure look(Lease first) throws IOException, SQLException {
    var hub = endpoint.hub();
    var lease = new Lease[] {first};
    try (var mailbox = mailboxes.open()) {
      return new FileFetch(
              plan,
              hub.dataSource(),
              hub.clock(),
              first.fence(),
              mailbox,
              name -> endpoint.sightings().seen(plan.account(), Sightings.Kind.LEFT, name))
          .look(
              this::take,
              () -> {
                var kept = hub.leases().renew(lease[0], LEASE);
                kept.ifPresent(one -> lease[0] = one);
                return kept.isPresent() && isRunAllowed();
              });
    }
  }

  private Failure take(FetchedFile file) {
    var exchange = createExchange(false);
    try {
      Inbox.Along along = file::taken;
      exchange.setProperty(AcceptProducer.ALONG, along);
      exchange.getMessage().setBody(file.content());
      exchange.setVariable(Variables.ACCOUNT, endpoint.getAccount());
      exchange.setVariable(Variables.DOCUMENT, endpoint.getName());
      exchange.setVariable(Variables.FILE_NAME, file.name());
      exchange.setVariable(Variables.EVENT_TYPE, file.name());
      return Questions.ask(
          endpoint,
          exchange,
          getProcessor(),
          "File '%s' of '%s'".formatted(file.name(), endpoint.getAccount()));
    } finally {
      releaseExchange(exchange, false);
    }
  }

  // Takes the place for this fence; false while rings are passed over.
  private boolean begin(Lease lease) throws SQLException {
    var now = Timestamp.from(endpoint.hub().clock().instant());
    try (var connection = endpoint.hub().dataSource().getConnection();
        var statement =
            connection.prepareStatement(
                """
                INSERT INTO poll_cursor AS p (account, document, fence, updated_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (account, document) DO UPDATE SET fence = excluded.fence, updated_at = excluded.updated_at
                WHERE p.fence <= excluded.fence AND (p.not_before IS NULL OR p.not_before <= excluded.updated_at)""")) {
      statement.setString(1, endpoint.getAccount());
      statement.setString(2, endpoint.getName());
      statement.setLong(3, lease.fence());
      statement.setTimestamp(4, now);
      return statement.executeUpdate() == 1;
    }
  }

  private void end(Lease lease, Failure failure) throws SQLException {
    var now = endpoint.hub().clock().instant();
    try (var connection = endpoint.hub().dataSource().getConnection()) {
      new Statements()
          .add(
              """
              UPDATE poll_cursor SET since = coalesce(?, since), last_success_at = coalesce(?, last_success_at), failed_at = ?,
                failure_kind = ?, failure = ?, not_before = ?
              WHERE account = ? AND document = ? AND fence = ?""",
              failure == null ? now : null,
              failure == null ? now : null,
              failure == null ? null : now,
              failure == null ? null : failure.kind().name(),
              failure == null ? null : failure.sentence(),
              notBefore(failure, now),
              endpoint.getAccount(),
              endpoint.getName(),
              lease.fence())
          .execute(connection);
    }
  }
}
