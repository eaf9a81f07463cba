package io.serai.camel;

import io.serai.failure.FailureKind;
import io.serai.support.Json;
import io.serai.transport.FilePost;
import io.serai.transport.MailboxPool;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * {@code serai:put}: puts the body into the account's outbox folder as a file of the name in
 * variable {@code fileName}; {@code serai:find}: whether the file of a delivery was put there. Both
 * answer a receipt, on a thread of their own, and touch nothing once so little of the delivery's
 * lease is left that another replica might be at it.
 */
final class FileProducer extends QueuedProducer {
  private static final int AT_ONCE = 4;
  private static final Duration KEPT = Duration.ofSeconds(20);

  private final SeraiEndpoint endpoint;
  private final boolean find;
  private MailboxPool mailboxes;
  private FilePost post;
  private String folder;
  private Duration call;

  FileProducer(SeraiEndpoint endpoint, boolean find) {
    super(endpoint, "serai-files", AT_ONCE);
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
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    if (mailboxes != null) {
      mailboxes.close();
      mailboxes = null;
    }
  }

  @Override
  void answer(Exchange exchange) throws SQLException {
    var key = key(exchange);
    inTime(exchange, call);
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
}
