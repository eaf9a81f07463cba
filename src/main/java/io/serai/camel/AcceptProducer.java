package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Documents;
import io.serai.inbox.Accepted;
import io.serai.inbox.Arrival;
import io.serai.inbox.Ending;
import io.serai.inbox.Inbox;
import io.serai.inbox.Intake;
import io.serai.support.Json;
import io.serai.support.Sha256;
import io.serai.trace.Mark;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * {@code serai:accept}: stores the body in the inbox and goes on when it is committed. With {@code
 * items} it stores a page's items and the poll's cursor in one transaction; inside an inbox route
 * it splits: the children and the parent's end in one transaction.
 */
final class AcceptProducer extends DefaultAsyncProducer {
  /** Exchange property: the media type the sender named. */
  static final String CONTENT_TYPE = "SeraiContentType";

  /** Exchange property: what is committed together with what came, as {@link Inbox.Along}. */
  static final String ALONG = "SeraiAlong";

  /** Exchange property: what is stored in place of the body, a list of {@link Arrival}. */
  static final String ARRIVALS = "SeraiArrivals";

  /** Exchange property: the inbox's answer. */
  static final String ACCEPTED = "SeraiAccepted";

  /** Exchange property: the step of its own trace that the sender named, as {@link Mark}. */
  static final String SENDERS_STEP = "SeraiSendersStep";

  private final SeraiEndpoint endpoint;

  AcceptProducer(SeraiEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      var run = exchange.getProperty(InboxConsumer.RUN, InboxConsumer.Run.class);
      var poll = exchange.getProperty(PollConsumer.POLL, PollConsumer.Poll.class);
      if (run != null && run.dry != null) {
        run.ending = Ending.SETTLED; // a dry run stores no parts
        callback.done(true);
        return true;
      }
      if (run != null) {
        endpoint.hub().inbox().split(run.message, arrivals(exchange));
        run.ending = Ending.SETTLED;
        callback.done(true);
        return true;
      }
      if (exchange.getProperty(ARRIVALS) instanceof List<?> came) {
        var arrivals = came.stream().map(Arrival.class::cast).toList();
        endpoint.hub().inbox().acceptAll(arrivals, connection -> {});
        arrivals.forEach(this::saw);
        callback.done(true);
        return true;
      }
      if (poll != null || endpoint.getItems() != null) {
        page(exchange, poll);
        callback.done(true);
        return true;
      }
      var came = arrival(exchange);
      var intake = intake(exchange, came);
      var arrival = intake == endpoint.hub().inbox() ? asItIsNow(came) : came;
      var along = exchange.getProperty(ALONG, Inbox.Along.class);
      if (along != null) {
        endpoint.hub().inbox().acceptAll(List.of(arrival), along);
        saw(arrival);
        callback.done(true);
        return true;
      }
      var traces = endpoint.traces();
      var from = traces.on() ? endpoint.hub().clock().instant() : null;
      intake.accept(
          arrival,
          (accepted, error) -> {
            if (error == null) {
              saw(arrival);
              if (from != null && accepted.receipt() == null) {
                var sender = exchange.getProperty(SENDERS_STEP, Mark.class);
                traces.tell(
                    Footsteps.accepted(
                        arrival, accepted, sender, from, endpoint.hub().clock().instant()));
              }
              exchange.setProperty(ACCEPTED, accepted);
              exchange.setVariable(Variables.DUPLICATE, accepted.known());
              exchange.setVariable(Variables.MESSAGE_ID, accepted.id());
            } else {
              exchange.setException(error);
            }
            callback.done(false);
          });
      return false;
    } catch (Exception e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  // What a sender waits for an answer of may be kept elsewhere first; files and what is known by
  // its bytes are compared with what came before, so that they need the inbox.
  private Intake intake(Exchange exchange, Arrival came) {
    var elsewhere = endpoint.intake();
    return elsewhere == null
            || exchange.getProperty(ALONG) != null
            || !WebhookConsumer.asks(exchange)
            || Documents.INTERCHANGE.equals(came.document())
            || Documents.BATCH.equals(came.document())
                && came.dedupeKey().startsWith(Arrival.BY_CONTENT)
        ? endpoint.hub().inbox()
        : elsewhere;
  }

  // A file that is known by its bytes may be news all the same.
  private Arrival asItIsNow(Arrival came) {
    if (Documents.BATCH.equals(came.document())) {
      return endpoint.hub().inbox().file(came);
    }
    return Documents.INTERCHANGE.equals(came.document())
        ? endpoint.hub().exchange().incoming().came(came)
        : came;
  }

  /** The inbox's answer to this exchange, or null. */
  static Accepted accepted(Exchange exchange) {
    return exchange.getProperty(ACCEPTED, Accepted.class);
  }

  private void page(Exchange exchange, PollConsumer.Poll poll) throws Exception {
    var arrivals = arrivals(exchange);
    String next = null;
    if (endpoint.getCursor() != null) {
      var at = Bodies.tree(exchange).at(endpoint.getCursor());
      next = at.isValueNode() && !at.isNull() && !at.asText().isEmpty() ? at.asText() : null;
    }
    if (poll == null) {
      endpoint.hub().inbox().acceptAll(arrivals, connection -> {});
    } else {
      poll.store(endpoint.hub().inbox(), arrivals, next);
    }
    arrivals.forEach(this::saw);
  }

  private void saw(Arrival arrival) {
    endpoint.sightings().seen(arrival.account(), Sightings.Kind.MESSAGE, arrival.document());
  }

  private List<Arrival> arrivals(Exchange exchange) {
    if (endpoint.getItems() == null) {
      return List.of(arrival(exchange));
    }
    var items = Bodies.tree(exchange).at(endpoint.getItems());
    if (items.isMissingNode()) {
      return List.of(); // a mapping leaves an empty list out
    }
    if (!items.isArray()) {
      throw new IllegalStateException(
          "The page of account '%s' has no list at '%s'."
              .formatted(endpoint.getAccount(), endpoint.getItems()));
    }
    var arrivals = new ArrayList<Arrival>(items.size());
    items.forEach(item -> arrivals.add(arrival(exchange, item, Json.bytes(item))));
    return arrivals;
  }

  private Arrival arrival(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    var bytes =
        body instanceof JsonNode node
            ? Json.bytes(node)
            : exchange.getMessage().getBody(byte[].class);
    if (bytes == null) {
      bytes = new byte[0];
    }
    if (endpoint.getKey() != null
        || endpoint.getDedupe() != null
        || endpoint.getVersion() != null) {
      return arrival(exchange, Bodies.tree(exchange), bytes);
    }
    var document =
        endpoint.getName() != null
            ? endpoint.getName()
            : exchange.getVariable(Variables.DOCUMENT, String.class);
    var key = exchange.getVariable(Variables.MESSAGE_KEY, String.class);
    var dedupe = exchange.getVariable(Variables.DEDUPE_KEY, String.class);
    var hash = key == null || dedupe == null ? "sha256:" + Sha256.hex(bytes) : null;
    if (Documents.INTERCHANGE.equals(document)) {
      return file(exchange, bytes);
    }
    return new Arrival(
        endpoint.getAccount(),
        document,
        key == null ? hash : key,
        dedupe == null ? hash : dedupe,
        exchange.getVariable(Variables.VERSION, String.class),
        exchange.getVariable(Variables.EVENT_TYPE, String.class),
        exchange.getProperty(CONTENT_TYPE, String.class),
        bytes);
  }

  // An EDI file is what its bytes are, whatever it is called; an account's are read in order.
  private Arrival file(Exchange exchange, byte[] bytes) {
    var named = exchange.getVariable(Variables.FILE_NAME, String.class);
    var name = named == null ? exchange.getVariable(Variables.EVENT_TYPE, String.class) : named;
    return new Arrival(
        endpoint.getAccount(),
        Documents.INTERCHANGE,
        Documents.INTERCHANGE,
        Arrival.BY_CONTENT + Sha256.hex(bytes),
        null,
        name == null || name.isBlank() ? null : WebhookConsumer.clean(name),
        mediaType(),
        bytes);
  }

  // Files are taken also while their partner's profile cannot be read.
  private String mediaType() {
    var hub = endpoint.hub();
    var with =
        hub.exchange() == null
            ? null
            : hub.exchange().partners().of(hub.configuration().account(endpoint.getAccount()));
    return with == null ? "application/octet-stream" : with.mediaType();
  }

  private Arrival arrival(Exchange exchange, JsonNode item, byte[] bytes) {
    var hash = "sha256:" + Sha256.hex(bytes);
    var key = at(item, endpoint.getKey());
    var version = WebhookConsumer.instant(at(item, endpoint.getVersion()));
    var dedupe = at(item, endpoint.getDedupe());
    var document = document(exchange, item);
    return new Arrival(
        endpoint.getAccount(),
        document,
        key == null ? document : key,
        dedupe != null ? dedupe : key != null && version != null ? key + '@' + version : hash,
        version,
        null,
        "application/json",
        bytes);
  }

  /** A page may hold orders and, beside them, what is another document. */
  private String document(Exchange exchange, JsonNode item) {
    var named = at(item, endpoint.getDocument());
    if (named == null) {
      return endpoint.getName() != null
          ? endpoint.getName()
          : exchange.getVariable(Variables.DOCUMENT, String.class);
    }
    if (!Documents.ALL.contains(named)) {
      throw new IllegalStateException(
          "The page of account '%s' holds a '%s', which is no document; name one of %s at '%s'."
              .formatted(endpoint.getAccount(), named, Documents.ALL, endpoint.getDocument()));
    }
    return named;
  }

  private static String at(JsonNode item, String pointer) {
    if (pointer == null) {
      return null;
    }
    var value = item.at(pointer);
    return value.isValueNode() && !value.isNull() && !value.asText().isBlank()
        ? WebhookConsumer.clean(value.asText())
        : null;
  }
}
