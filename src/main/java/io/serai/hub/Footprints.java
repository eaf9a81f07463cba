package io.serai.hub;

import io.serai.outbox.Delivery;
import io.serai.trace.Mark;
import io.serai.trace.Step;
import io.serai.trace.Traces;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Tells of what a transaction did, once for each order that a document touched: in the order's
 * trace, linked to the message when that has a trace of its own.
 */
final class Footprints {
  private Footprints() {}

  /** Tells of documents that took effect; costs a look when nobody is told. */
  static void tell(Traces traces, Clock clock, Book book, Map<Application, ApplyResult> results) {
    if (!traces.on()) {
      return;
    }
    var to = clock.instant();
    results.forEach(
        (application, result) -> {
          if (!(result instanceof ApplyResult.Applied applied)) {
            return;
          }
          var message = application.message();
          var lanes = lanes(book, applied.orderId(), application.messageId());
          if (lanes.isEmpty() && message != null) {
            lanes.add(message.lane());
          }
          for (var lane : lanes) {
            var from =
                message == null
                    ? null
                    : Mark.normalized(message.lane(), message.id(), message.fence());
            var follows = from != null && lane.equals(message.lane());
            traces.tell(
                new Step(
                    "apply " + document(application),
                    message == null
                        ? Mark.once(lane, UUID.randomUUID())
                        : Mark.applied(lane, message.id()),
                    follows ? from : null,
                    follows ? null : from,
                    Step.Kind.INTERNAL,
                    book.now,
                    to,
                    Step.words(
                        "serai.account",
                        message == null ? null : message.account(),
                        "serai.message",
                        message == null ? null : message.publicId(),
                        "serai.order",
                        applied.orderId() == null ? null : HubWriter.orderId(applied.orderId()),
                        "serai.batch.size",
                        results.size()),
                    null));
          }
        });
  }

  private static Set<String> lanes(Book book, UUID orderId, Long message) {
    var lanes = new LinkedHashSet<String>();
    var order = orderId == null ? null : book.ordersById.get(orderId);
    if (order != null) {
      lanes.add(Mark.lane(order.account, order.channelOrderId));
    }
    for (var owed : book.owed) {
      var about =
          message != null && message.equals(owed.messageId())
              ? Delivery.about(owed.destination(), owed.content())
              : null;
      if (about != null) {
        lanes.add(about);
      }
    }
    return lanes;
  }

  private static String document(Application application) {
    return application.message() == null
        ? application.document().getClass().getSimpleName()
        : application.message().document();
  }
}
