package io.serai.camel;

import io.serai.camel.As2Servlet.Answer;
import io.serai.catalog.Account;
import io.serai.catalog.Documents;
import io.serai.inbox.Arrival;
import io.serai.inbox.Inbox;
import io.serai.inbox.IntakeRefused;
import io.serai.support.CrashPoint;
import io.serai.support.Json;
import io.serai.support.Sha256;
import io.serai.transport.As2Memory;
import io.serai.transport.As2Partner;
import io.serai.transport.As2Reader;
import io.serai.transport.As2Receipt;
import io.serai.transport.As2Refused;
import io.serai.transport.As2Request;
import io.serai.transport.Mdn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: serai:as2/<document>}: one exchange per file that the account's partner sends over
 * AS2, decrypted, unpacked and proven. No header of the message becomes a header of the exchange.
 *
 * <p>Guarantee: the partner is told that its file was taken only once it is committed; a message
 * that comes again with the same file, or that somebody recorded and sends under another id, is
 * answered the same, and has no other effect.
 */
final class As2Consumer extends DefaultConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(As2Consumer.class);

  /** What is kept of a receipt that is owed. */
  static final String TO = "to";

  static final String MESSAGE_ID = "messageId";
  static final String MIC = "mic";
  static final String SIGNED = "signed";

  private static final Answer DONE = new Answer(200, Map.of(), new byte[0]);

  private static final Duration NOTED_AGAIN = Duration.ofHours(1);
  private static final int MOST_NOTED = 1_000;

  private final SeraiEndpoint endpoint;
  private final Map<String, Instant> noted =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
              return size() > MOST_NOTED;
            }
          });
  private As2Partner partner;
  private Account account;
  private As2Memory memory;

  As2Consumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var hub = endpoint.hub();
    account = hub.configuration().account(endpoint.getAccount());
    if (account == null) {
      throw new IllegalArgumentException(
          "No account is named '%s'.".formatted(endpoint.getAccount()));
    }
    partner = AccountAs2.partner(account);
    memory = new As2Memory(hub.dataSource(), hub.clock(), account.name());
    endpoint.as2().add(this);
  }

  @Override
  protected void doStop() throws Exception {
    if (partner != null) {
      endpoint.as2().remove(this);
    }
    super.doStop();
  }

  String account() {
    return partner.account();
  }

  As2Partner partner() {
    return partner;
  }

  /** The largest message that is read: a file, encoded and signed. */
  int mostBytes() {
    return partner.largest() / 2 * 3 + (1 << 20);
  }

  /** What a sender hears that nobody knows. */
  static Answer unknown(As2Request head) {
    var sentence = "No partner is known here by these AS2 names.";
    return head.wantsReceipt() && head.messageId() != null && head.receiptTo() == null
        ? answer(As2Receipt.stranger(head, sentence))
        : Answer.text(403, sentence);
  }

  /** What a sender hears that is to come again. */
  static Answer unavailable(String sentence) {
    var text = Answer.text(503, sentence);
    return new Answer(
        503,
        Map.of("Content-Type", text.headers().get("Content-Type"), "Retry-After", "30"),
        text.body());
  }

  private static Answer answer(As2Receipt receipt) {
    return new Answer(200, receipt.headers(), receipt.body());
  }

  /** Takes a message, or a receipt for one of ours. */
  Answer take(As2Request request) {
    try {
      var opened = As2Reader.open(partner, request, endpoint.hub().clock().instant());
      if (opened.receipt() != null) {
        return receipt(request, opened.receipt());
      }
      if (request.messageId() == null) {
        return refused(request, "it has no Message-ID that a receipt could name", 400);
      }
      return request.wantsReceipt()
              && request.receiptTo() != null
              && !partner.mayHaveReceiptAt(request.receiptTo())
          ? refused(
              request,
              "it wants its receipt at '%s', which the account's 'as2-receipts-to' does not name"
                  .formatted(WebhookConsumer.shown(request.receiptTo())),
              403)
          : file(request, opened);
    } catch (As2Refused e) {
      return refused(request, e);
    } catch (SQLException | IntakeRefused e) {
      LOG.warn("An AS2 message of '{}' was put off: {}", account(), e.getMessage());
      return unavailable("The message cannot be stored now; nothing was taken. Send it again.");
    }
  }

  private Answer file(As2Request request, As2Reader.Opened opened) throws SQLException {
    var sha256 = Sha256.of(opened.content());
    var later = request.wantsReceipt() && request.receiptTo() != null;
    Inbox.Along owing = later ? connection -> owe(connection, request, opened) : connection -> {};
    if (memory.knows(request.messageId(), sha256, opened.proof())) {
      endpoint.hub().inbox().acceptAll(List.of(), owing);
    } else {
      store(
          request,
          opened,
          connection -> {
            memory.came(connection, request.messageId(), sha256, opened.proof());
            owing.write(connection);
          });
    }
    CrashPoint.hit(CrashPoint.BEFORE_AS2_RECEIPT);
    if (later) {
      nudge();
    }
    return request.wantsReceipt() && !later
        ? answer(As2Receipt.taken(partner, request, opened.mic()))
        : DONE;
  }

  private void nudge() {
    if (endpoint.hub().outbox() != null) {
      endpoint.hub().outbox().nudge();
    }
  }

  private void owe(Connection connection, As2Request request, As2Reader.Opened opened)
      throws SQLException {
    var owed =
        Json.MAPPER
            .createObjectNode()
            .put(TO, request.receiptTo())
            .put(MESSAGE_ID, request.messageId())
            .put(MIC, opened.mic())
            .put(SIGNED, request.wantsSignature());
    memory.owes(
        connection,
        request.messageId(),
        Json.text(owed),
        account.repeat(Documents.RECEIPT).name(),
        endpoint.hub().clock().instant().plus(account.profile().deadlines().giveUp()));
  }

  // The delivery is closed by a message of its own, which finds it even while its sending is still
  // being recorded. Where the partner owes a document, too, only a refusal is news.
  private Answer receipt(As2Request request, Mdn mdn) throws SQLException {
    var sent = mdn.messageId() == null ? null : memory.find(mdn.messageId());
    var doubt =
        sent == null
            ? "its receipt is for message '%s', which was never sent".formatted(mdn.messageId())
            : mdn.doubt(sent, account.flag("as2-signed-receipts"));
    if (doubt != null) {
      return refused(request, doubt, 400);
    }
    if (sent.state() != As2Memory.State.SENT) {
      return DONE; // heard before
    }
    if (sent.again() && mdn.isDuplicate()) {
      // of a second attempt; the receipt of the first may still come, or be overdue
      memory.answered(sent.key(), As2Memory.State.SENT, mdn.said());
      LOG.info(
          "'{}' says of another attempt at message '{}': {}",
          account(),
          sent.messageId(),
          mdn.said());
      return DONE;
    }
    var state = mdn.isPositive() ? As2Memory.State.CONFIRMED : As2Memory.State.REFUSED;
    endpoint
        .hub()
        .inbox()
        .acceptAll(
            mdn.isPositive() && sent.owed() ? List.of() : List.of(acknowledgment(sent, mdn)),
            connection -> memory.answered(connection, sent.key(), state, mdn.said()));
    return DONE;
  }

  private Arrival acknowledgment(As2Memory.Sent sent, Mdn mdn) {
    var body =
        Json.MAPPER
            .createObjectNode()
            .put("deliveryKey", sent.key())
            .put("state", mdn.isPositive() ? "ACCEPTED" : "REJECTED")
            .put("reference", sent.messageId())
            .put("occurredAt", endpoint.hub().clock().instant().toString());
    if (!mdn.isPositive()) {
      body.put("reason", mdn.said());
    }
    return new Arrival(
        account(),
        "acknowledgment",
        sent.key(),
        "as2:" + sent.messageId(),
        null,
        null,
        "application/json",
        Json.bytes(body));
  }

  private void store(As2Request request, As2Reader.Opened opened, Inbox.Along with)
      throws SQLException {
    var stored = new AtomicBoolean();
    Inbox.Along along =
        connection -> {
          with.write(connection);
          stored.set(true);
        };
    var exchange = createExchange(false);
    try {
      exchange.getMessage().setBody(opened.content());
      exchange.setProperty(AcceptProducer.ALONG, along);
      exchange.setVariable(Variables.ACCOUNT, account());
      exchange.setVariable(Variables.DOCUMENT, endpoint.getName());
      var name = WebhookConsumer.shown(opened.fileName());
      if (!name.isBlank()) {
        exchange.setVariable(Variables.FILE_NAME, name);
        exchange.setVariable(Variables.EVENT_TYPE, name);
      }
      try {
        getProcessor().process(exchange);
      } catch (Exception e) {
        exchange.setException(e);
      }
      var thrown = exchange.getException();
      if (thrown instanceof IntakeRefused refused) {
        throw refused;
      }
      if (thrown != null || !stored.get()) {
        throw new SQLException(
            "route '%s' stored nothing%s"
                .formatted(
                    exchange.getFromRouteId(),
                    thrown == null ? "" : " (" + Receipts.reason(thrown) + ")"),
            thrown);
      }
    } finally {
      releaseExchange(exchange, false);
    }
  }

  private Answer refused(As2Request request, As2Refused why) {
    note(request, why.reason());
    var sentence = sentence(request, why.getMessage());
    return request.wantsReceipt() && request.receiptTo() == null
        ? answer(As2Receipt.refused(partner, request, why, sentence))
        : Answer.text(403, sentence);
  }

  private Answer refused(As2Request request, String why, int status) {
    return Answer.text(status, note(request, why));
  }

  private static String sentence(As2Request request, String why) {
    return "The AS2 message '%s' was not taken: %s."
        .formatted(WebhookConsumer.shown(request.messageId()), why);
  }

  // Why, for whoever runs the hub: in the log, and with the account. Once a message, however often
  // it comes, but for its time, which is kept within the hour.
  private String note(As2Request request, String why) {
    var sentence = sentence(request, why);
    var now = endpoint.hub().clock().instant();
    var before = noted.put(request.messageId() + ' ' + why, now);
    if (before != null && before.plus(NOTED_AGAIN).isAfter(now)) {
      noted.put(request.messageId() + ' ' + why, before);
      return sentence;
    }
    if (before == null) {
      LOG.warn("{} It came from '{}', account '{}'", sentence, partner.theirs(), account());
    }
    try {
      memory.refused(request.messageId(), why);
    } catch (SQLException e) {
      LOG.warn("Why a message was not taken could not be noted: {}", e.getMessage());
    }
    return sentence;
  }
}
