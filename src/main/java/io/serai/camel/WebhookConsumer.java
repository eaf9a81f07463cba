package io.serai.camel;

import io.serai.catalog.Account;
import io.serai.catalog.EventRule;
import io.serai.catalog.Locator;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Ending;
import io.serai.inbox.InboxHandler;
import io.serai.inbox.IntakeRefused;
import io.serai.support.Sha256;
import io.serai.trace.Mark;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * {@code from: serai:webhook}: the raw bytes of one account's webhooks, proven before anything else
 * sees them. No header of the request becomes a header of the exchange.
 */
final class WebhookConsumer extends DefaultConsumer implements Door {
  /** Stands for an event type that the profile does not list: stored, and parked as UNMAPPED. */
  static final String UNLISTED = "unlisted";

  private static final int LONGEST_KEY = 500;

  private final SeraiEndpoint endpoint;
  private final InboxHandler unlisted =
      (message, done) ->
          done.accept(unlisted(this.account, message.eventType(), message.publicId()));
  private volatile boolean shut;
  private Account account;
  private Proof proof;
  private Collection<String> allPointers;

  WebhookConsumer(SeraiEndpoint endpoint, Processor processor) {
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
    proof = Proof.of(account, endpoint.tokens(), endpoint.hub().clock());
    var pointers = new LinkedHashSet<String>();
    add(pointers, account.profile().events().type());
    account.profile().events().table().values().forEach(rule -> add(pointers, rule));
    if (account.profile().events().every() != null) {
      add(pointers, account.profile().events().every());
    }
    allPointers = pointers;
    endpoint.hub().runner().register(account.name(), UNLISTED, unlisted);
    endpoint.webhooks().put(account.name(), this);
  }

  @Override
  protected void doStop() throws Exception {
    endpoint.webhooks().remove(endpoint.getAccount(), this);
    endpoint.hub().runner().unregister(endpoint.getAccount(), UNLISTED, unlisted);
    super.doStop();
  }

  @Override
  public void shut(boolean shut) {
    this.shut = shut;
  }

  @Override
  public boolean isShut() {
    return shut || endpoint.stopped(getRouteId());
  }

  private static void add(Collection<String> pointers, Locator locator) {
    if (locator instanceof Locator.Pointer pointer) {
      pointers.add(pointer.pointer());
    }
  }

  private static void add(Collection<String> pointers, EventRule rule) {
    add(pointers, rule.key());
    add(pointers, rule.version());
    rule.dedupe().forEach(locator -> add(pointers, locator));
  }

  /** Whether somebody waits for the answer to this exchange's request. */
  static boolean asks(Exchange exchange) {
    return exchange.getFromEndpoint() instanceof SeraiEndpoint from && from.takesRequests();
  }

  /** The largest body that is taken of this account. */
  int largest(int usual) {
    var own = account.profile().events().largest();
    return own == 0 ? usual : own;
  }

  /** Whether the headers alone tell that it is not who it says, so that no body is read. */
  boolean stranger(Function<String, String> headers) {
    return proof.lacks(headers);
  }

  /**
   * Whether the body comes from whom it says, by the profile's scheme.
   *
   * @throws IntakeRefused when that cannot be told now
   */
  boolean proven(byte[] body, Function<String, String> headers) {
    return proof.holds(body, headers);
  }

  /** The HTTP status that tells the sender that its proof is missing or wrong. */
  int refuseWith() {
    var verification = account.profile().verification();
    return verification == null ? 401 : verification.refuseWith();
  }

  /** What is known of a request before it is understood. */
  private record Glance(EventRule rule, String eventType, Map<String, String> values) {}

  /**
   * Runs the route for one proven request.
   *
   * @param answer called once with the exchange when it is done, or with null when the event is one
   *     that we know and do not want
   */
  void take(
      byte[] body,
      String contentType,
      Function<String, String> headers,
      BiConsumer<Exchange, Throwable> answer) {
    var glance = glance(body, headers);
    if (glance.rule() != null && glance.rule().ignored()) {
      answer.accept(null, null);
      return;
    }
    var exchange = createExchange(false);
    exchange.getMessage().setBody(body);
    exchange.setVariable(Variables.ACCOUNT, account.name());
    exchange.setProperty(AcceptProducer.CONTENT_TYPE, contentType);
    describe(exchange, glance, body, headers);
    if (endpoint.traces().on()) {
      exchange.setProperty(AcceptProducer.SENDERS_STEP, Mark.told(headers.apply("traceparent")));
    }
    getAsyncProcessor()
        .process(
            exchange,
            sync -> {
              answer.accept(exchange, exchange.getException());
              releaseExchange(exchange, false);
            });
  }

  private Glance glance(byte[] body, Function<String, String> headers) {
    var events = account.profile().events();
    String type = null;
    if (events.type() instanceof Locator.Header header) {
      type = headers.apply(header.name());
    }
    var rule = events.rule(type);
    Collection<String> pointers = allPointers;
    if (rule != null) {
      pointers = new LinkedHashSet<>();
      add(pointers, rule);
      add(pointers, events.type());
    }
    Map<String, String> values;
    try {
      values =
          pointers.isEmpty() || rule != null && rule.ignored() ? Map.of() : Peek.at(body, pointers);
    } catch (IOException e) {
      values =
          Map.of(); // not JSON: stored all the same, in a lane of its own, and parked when it is
      // read
    }
    if (events.type() instanceof Locator.Pointer pointer) {
      type = values.get(pointer.pointer());
      rule = events.rule(type);
    }
    return new Glance(rule, type, values);
  }

  private void describe(
      Exchange exchange, Glance glance, byte[] body, Function<String, String> headers) {
    var rule = glance.rule();
    var key = rule == null ? null : value(rule.key(), glance.values(), headers);
    var version = rule == null ? null : instant(value(rule.version(), glance.values(), headers));
    exchange.setVariable(Variables.DOCUMENT, rule == null ? UNLISTED : rule.document());
    if (glance.eventType() != null) {
      exchange.setVariable(Variables.EVENT_TYPE, clean(glance.eventType()));
    }
    if (version != null) {
      exchange.setVariable(Variables.VERSION, version);
    }
    String dedupe = null;
    for (var locator : rule == null ? List.<Locator>of() : rule.dedupe()) {
      dedupe = dedupe == null ? value(locator, glance.values(), headers) : dedupe;
    }
    if (key == null) {
      var hash = Sha256.hex(body);
      exchange.setVariable(Variables.MESSAGE_KEY, "sha256:" + hash);
      exchange.setVariable(Variables.DEDUPE_KEY, dedupe == null ? "sha256:" + hash : dedupe);
    } else {
      exchange.setVariable(Variables.MESSAGE_KEY, key);
      exchange.setVariable(
          Variables.DEDUPE_KEY,
          dedupe != null
              ? dedupe
              : version != null ? key + '@' + version : "sha256:" + Sha256.hex(body));
    }
  }

  private static String value(
      Locator locator, Map<String, String> values, Function<String, String> headers) {
    var value =
        switch (locator) {
          case Locator.Header header -> headers.apply(header.name());
          case Locator.Pointer pointer -> values.get(pointer.pointer());
          case null -> null;
        };
    return value == null || value.isBlank() ? null : clean(value);
  }

  // PostgreSQL's text holds no NUL, and an index no endless key.
  static String clean(String value) {
    var clean = value.indexOf('\0') < 0 ? value : value.replace('\0', '\uFFFD');
    return clean.length() <= LONGEST_KEY ? clean : clean.substring(0, LONGEST_KEY);
  }

  /** What a sender wrote, as one line for people; empty when it wrote nothing. */
  static String shown(String value) {
    return value == null ? "" : clean(value.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD"));
  }

  // Two ways in may write one instant differently; as an instant they are one version.
  static String instant(String version) {
    if (version == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(version).toInstant().toString();
    } catch (DateTimeParseException e) {
      return version;
    }
  }

  /** How a message ends whose event type its connector does not know. */
  static Ending unlisted(Account account, String eventType, String messageId) {
    return new Ending.Failed(
        Failure.of(
            FailureKind.UNMAPPED,
            "Message '%s' is of event type '%s', which connector '%s' does not list. Add it to the events table, or discard it."
                .formatted(messageId, eventType, account.profile().name()),
            Place.of(account.name())));
  }
}
