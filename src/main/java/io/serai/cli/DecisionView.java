package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/** Prints a decision of the allocator so that a person understands why. */
final class DecisionView {
  private final OperatorVerb verb;

  DecisionView(OperatorVerb verb) {
    this.verb = verb;
  }

  void print(JsonNode decision) {
    verb.field("outcome", OperatorVerb.at(decision, "outcome"));
    verb.field("in words", OperatorVerb.at(decision, "sentence"));
    verb.field("shipments", OperatorVerb.at(decision, "shipments"));
    verb.field("cost", OperatorVerb.at(decision, "cost"));
    actions(decision.path("actions"));
    nodes(decision.path("verdicts"));
    points(decision.path("verdicts"));
    assignments(decision.path("assignments"));
    shortages(decision.path("shortages"));
  }

  private void actions(JsonNode actions) {
    if (!actions.path("tags").isEmpty()) {
      var tags = new StringJoiner(", ");
      actions.path("tags").forEach(tag -> tags.add(tag.asText()));
      verb.field("marked", tags.toString());
    }
    verb.field("priority", OperatorVerb.at(actions, "priority"));
    for (var hold : actions.path("holds")) {
      verb.field(
          "held",
          "%s (rule '%s', for %s)"
              .formatted(
                  OperatorVerb.at(hold, "reason"),
                  OperatorVerb.at(hold, "rule"),
                  OperatorVerb.at(hold, "owner")));
    }
    if (actions.path("suggestOnly").asBoolean()) {
      verb.field("proposal", "yes: a person decides");
    }
  }

  private void nodes(JsonNode verdicts) {
    var table = verb.table().text("NODE", "SHIPS").number("POINTS").text("WHY", "COULD PROMISE");
    for (var verdict : verdicts) {
      var figures = new StringJoiner(", ");
      for (var figure : verdict.path("figures")) {
        var available = OperatorVerb.at(figure, "available");
        figures.add(
            "%s: %s (%s wanted)"
                .formatted(
                    OperatorVerb.at(figure, "sku"),
                    available == null ? "none" : available,
                    OperatorVerb.at(figure, "wanted")));
      }
      table.row(
          OperatorVerb.at(verdict, "node"),
          verdict.path("chosen").asBoolean() ? "yes" : "no",
          OperatorVerb.at(verdict, "points"),
          OperatorVerb.at(verdict, "reason"),
          figures.toString());
    }
    if (!table.isEmpty()) {
      verb.title("Nodes that were looked at");
      table.print();
    }
  }

  private void points(JsonNode verdicts) {
    var table =
        verb.table()
            .text("NODE", "SCORER OR RULE")
            .number("WEIGHT", "VALUE", "POINTS")
            .text("BECAUSE");
    for (var verdict : verdicts) {
      for (var score : verdict.path("scores")) {
        table.row(
            OperatorVerb.at(verdict, "node"),
            OperatorVerb.at(score, "scorer"),
            OperatorVerb.at(score, "weight"),
            OperatorVerb.at(score, "value"),
            OperatorVerb.at(score, "points"),
            OperatorVerb.at(score, "because"));
      }
    }
    if (!table.isEmpty()) {
      verb.title("What made up the points");
      table.print();
    }
  }

  private void assignments(JsonNode assignments) {
    var table = verb.table().number("LINE").text("SKU", "NODE").number("UNITS");
    for (var assignment : assignments) {
      table.row(
          OperatorVerb.at(assignment, "lineNo"),
          OperatorVerb.at(assignment, "sku"),
          OperatorVerb.at(assignment, "node"),
          OperatorVerb.at(assignment, "quantity"));
    }
    if (!table.isEmpty()) {
      verb.title("What ships where");
      table.print();
    }
  }

  private void shortages(JsonNode shortages) {
    var table = verb.table().number("LINE").text("SKU").number("WANTED", "AVAILABLE").text("KNOWN");
    for (var shortage : shortages) {
      table.row(
          OperatorVerb.at(shortage, "lineNo"),
          OperatorVerb.at(shortage, "sku"),
          OperatorVerb.at(shortage, "wanted"),
          OperatorVerb.at(shortage, "available"),
          shortage.path("known").asBoolean() ? "yes" : "no");
    }
    if (!table.isEmpty()) {
      verb.title("What was missing");
      table.print();
    }
  }
}
