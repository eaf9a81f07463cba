package io.serai.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;

/** Asks for page after page, and notices paging that goes in a circle. */
final class Pages {
  private static final int MOST = 10_000;

  private Pages() {}

  /** Works one page. */
  @FunctionalInterface
  interface Page {
    void work(List<JsonNode> items) throws SQLException;
  }

  static void each(Teller teller, Teller.Question first, Page page) throws SQLException {
    var seen = new HashSet<String>();
    var question = first;
    while (true) {
      var told = teller.ask(question);
      page.work(told.items());
      if (told.cursor() == null) {
        return;
      }
      if (!seen.add(told.cursor()) || seen.size() > MOST) {
        throw new FailureException(
            Failure.of(
                FailureKind.INVALID,
                "It was given the same page twice, so not everything was compared. Ask the partner if this stays.",
                Place.of(null)));
      }
      question =
          new Teller.Question(question.since(), question.until(), told.cursor(), question.about());
    }
  }
}
