package io.serai.api;

import io.serai.api.InterchangeViews.Conversation;
import io.serai.api.InterchangeViews.Overdue;
import io.serai.api.InterchangeViews.Owed;
import io.serai.api.InterchangeViews.Step;
import io.serai.exchange.Agreement;
import io.serai.exchange.Conversations;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Shows conversations with EDI partners. */
final class ConversationReads {
  private static final String US = "US";
  private static final String PARTNER = "PARTNER";

  private final Reads reads;

  ConversationReads(Reads reads) {
    this.reads = reads;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T read(Reading<T> reading) {
    return reads.on(
        connection -> {
          try {
            return reading.on(connection);
          } catch (SQLException e) {
            throw new IllegalStateException("Conversations cannot be read", e);
          }
        });
  }

  Page<Conversation> list(Agreement with, String subject, Instant now, int limit, String cursor) {
    if (subject != null) {
      var one = read(c -> Conversations.of(c, with, subject));
      return new Page<>(one.steps().isEmpty() ? List.of() : List.of(view(one, now)), null);
    }
    var key = cursor == null ? null : Cursor.key(cursor, 2);
    var before =
        key == null ? null : new Conversations.Place(key.get(0).asLong(), key.get(1).asInt());
    return read(
        c -> {
          var openings = Conversations.newest(c, with.account(), before, limit + 1);
          var page = Page.of(openings, limit, ConversationReads::cursor);
          // an order that was sent again is one conversation, shown where it stands last
          var subjects = new LinkedHashSet<String>();
          page.items().forEach(opening -> subjects.add(opening.subject()));
          var views = new ArrayList<Conversation>();
          for (var one : subjects) {
            views.add(view(Conversations.of(c, with, one), now));
          }
          return new Page<>(views, page.next());
        });
  }

  private static String cursor(Conversations.Opening last) {
    return Cursor.of(last.place().interchange(), last.place().place());
  }

  List<Overdue> overdue(List<Agreement> accounts, Instant now, int limit) {
    return read(
        c -> {
          var all = new ArrayList<Overdue>();
          for (var with : accounts) {
            for (var one : Conversations.overdue(c, with, now, limit)) {
              all.add(
                  new Overdue(
                      with.account(),
                      one.subject(),
                      one.clock().set(),
                      one.clock().weOwe() ? US : PARTNER,
                      one.clock().after(),
                      one.since(),
                      one.due()));
            }
          }
          all.sort(Comparator.comparing(Overdue::due));
          return List.copyOf(all.size() > limit ? all.subList(0, limit) : all);
        });
  }

  private static Conversation view(Conversations.Conversation one, Instant now) {
    return new Conversation(
        one.account(),
        one.subject(),
        one.steps().stream()
            .map(
                step ->
                    new Step(
                        step.incoming() ? "IN" : "OUT",
                        step.set(),
                        step.control(),
                        step.interchange(),
                        Reads.id("itc", step.interchangeId()),
                        step.outcome(),
                        step.sentence(),
                        step.at(),
                        step.answeredAt(),
                        Reads.id("msg", step.messageId()),
                        Reads.id("dlv", step.deliveryId())))
            .toList(),
        one.owed().stream()
            .map(
                owed ->
                    new Owed(
                        owed.set(),
                        owed.weOwe() ? US : PARTNER,
                        owed.after(),
                        owed.due(),
                        owed.due().isBefore(now)))
            .toList());
  }
}
