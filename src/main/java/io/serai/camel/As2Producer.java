package io.serai.camel;

import io.serai.exchange.Agreement;
import io.serai.failure.FailureKind;
import io.serai.support.Json;
import io.serai.transport.As2Memory;
import io.serai.transport.As2Post;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.camel.Exchange;

/**
 * {@code serai:as2-send}: sends the body to the account's partner over AS2 as a file of the name in
 * variable {@code fileName}. Answers a receipt: confirmed once the partner's receipt proves that it
 * has the file, pending when that comes later. {@code serai:as2-receipt}: sends a receipt of ours
 * that the partner wanted later.
 */
final class As2Producer extends QueuedProducer {
  private static final int AT_ONCE = 4;

  private final SeraiEndpoint endpoint;
  private final boolean receipts;
  private As2Post post;
  private boolean addressed;
  private Duration call;

  As2Producer(SeraiEndpoint endpoint, boolean receipts) {
    super(endpoint, "serai-as2", AT_ONCE);
    this.endpoint = endpoint;
    this.receipts = receipts;
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
    call = account.profile().deadlines().call();
    var way = AccountAs2.way(account);
    addressed = way.url() != null;
    post =
        new As2Post(
            AccountAs2.partner(account),
            way,
            new As2Memory(hub.dataSource(), hub.clock(), account.name()));
  }

  @Override
  protected void doStop() throws Exception {
    if (post != null) {
      post.close();
    }
    super.doStop();
  }

  @Override
  void answer(Exchange exchange) throws SQLException {
    var key = key(exchange);
    inTime(exchange, call);
    if (receipts) {
      receipt(exchange);
    } else {
      file(exchange, key);
    }
  }

  private void receipt(Exchange exchange) {
    var owed = Bodies.tree(exchange);
    var messageId = owed.path(As2Consumer.MESSAGE_ID).asText();
    post.receipt(
        owed.path(As2Consumer.TO).asText(),
        messageId,
        owed.path(As2Consumer.MIC).asText(),
        owed.path(As2Consumer.SIGNED).asBoolean());
    exchange
        .getMessage()
        .setBody(
            Json.MAPPER.createObjectNode().put("outcome", "confirmed").put("remoteId", messageId));
  }

  private void file(Exchange exchange, String key) throws SQLException {
    var name = exchange.getVariable(Variables.FILE_NAME, String.class);
    var content = exchange.getMessage().getBody(byte[].class);
    if (!addressed || name == null || content == null) {
      throw failed(
          FailureKind.CONFIG,
          "A file for '%s' has no %s. %s, then replay."
              .formatted(
                  endpoint.getAccount(),
                  !addressed ? "address" : name == null ? "name" : "content",
                  !addressed
                      ? "Set the account's 'as2-url'"
                      : "Set variable 'fileName' and the body in route '%s'"
                          .formatted(exchange.getFromRouteId())));
    }
    var owed = exchange.getVariable(Variables.ACKNOWLEDGE_BY, String.class) != null;
    var interchange = exchange.getVariable(Variables.INTERCHANGE, String.class) != null;
    var posted =
        post.post(
            key,
            name,
            interchange ? Agreement.mediaType(content) : "application/octet-stream",
            content,
            owed);
    var receipt = Json.MAPPER.createObjectNode().put("remoteId", posted.messageId());
    if (posted.due() == null || owed) {
      receipt.put("outcome", "confirmed"); // of a document that is owed, its own clock is set
    } else {
      receipt.put("outcome", "pending").put("due", posted.due().toString());
    }
    exchange.getMessage().setBody(receipt);
  }
}
