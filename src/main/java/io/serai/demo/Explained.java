package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Tells of one order why it went where it went: the first that a rule had a say in. */
final class Explained {
  private static final String ONE =
      """
      SELECT o.account, o.channel_order_id, o.display_number, d.rule_version, d.document
      FROM decision d JOIN sales_order o ON o.id = d.order_id
      WHERE d.document LIKE '%"applied":["%' AND d.document LIKE '%"outcome":"ALLOCATED"%'
      ORDER BY d.decided_at, d.order_id LIMIT 1""";

  private final DataSource database;
  private final Screen screen;
  private boolean told;

  Explained(DataSource database, Screen screen) {
    this.database = database;
    this.screen = screen;
  }

  /** Tells it once, when there is one. */
  void tell() throws SQLException {
    if (told) {
      return;
    }
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(ONE)) {
      if (row.next()) {
        told = true;
        tell(
            row.getString(1) + ':' + row.getString(2),
            row.getString(3),
            row.getString(4),
            Json.tree(row.getString(5)));
      }
    }
  }

  private void tell(String key, String number, String rules, JsonNode decision) {
    screen.line("");
    screen.line(
        "  Why order %s went where it went (./serai orders decision %s):".formatted(number, key));
    screen.line("    " + decision.path("sentence").asText());
    for (var verdict : decision.path("verdicts")) {
      screen.line(
          "    %-9s %-6s %s"
              .formatted(
                  verdict.path("node").asText(),
                  verdict.path("chosen").asBoolean() ? "ships" : "no",
                  verdict.path("reason").asText()));
      for (var score : verdict.path("scores")) {
        var because = score.path("because").asText(null);
        screen.line(
            "              %+7.0f points for '%s'%s"
                .formatted(
                    score.path("points").asDouble(),
                    score.path("scorer").asText(),
                    because == null ? "" : " (" + because + ")"));
      }
    }
    screen.line("    By rules '%s'.".formatted(rules));
    screen.line("");
  }
}
