package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.StringJoiner;

/** How channels and partners do, as a table of all and a page of one. */
final class AccountTables {
  private AccountTables() {}

  static void list(ListVerb verb, String path, String empty) {
    var list = verb.hub().list(path, verb.most());
    if (verb.asJson(list)) {
      return;
    }
    var table =
        verb.table()
            .text("NAME", "CONNECTOR")
            .state("STATE")
            .text("LAST IN", "LAST OUT", "POLL LAG", "STOCK LAG")
            .number("DRIFT", "STOPPED")
            .text("REMARK");
    for (var account : list.path("items")) {
      var health = account.path("health");
      table.row(
          OperatorVerb.at(account, "name"),
          OperatorVerb.at(account, "connector"),
          OperatorVerb.at(account, "state"),
          ago(verb, account, "lastReceivedAt"),
          ago(verb, account, "lastSentAt"),
          pollLag(health),
          stockLag(verb, health),
          OperatorVerb.at(health, "/drift/values"),
          OperatorVerb.at(account, "stopped"),
          remark(account));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    verb.ending(list, empty, "add --limit.");
  }

  private static String remark(JsonNode account) {
    var remark = OperatorVerb.at(account, "remark");
    var warnings = account.at("/health/warnings");
    int more = warnings.size();
    if (remark == null && more > 0) {
      remark = warnings.get(0).asText();
      more--;
    }
    return more == 0 ? remark : remark + " (and %d more)".formatted(more);
  }

  private static String pollLag(JsonNode health) {
    long most = -1;
    for (var poll : health.path("polls")) {
      most = Math.max(most, poll.path("lagSeconds").asLong(-1));
    }
    return most < 0 ? null : span(most);
  }

  private static String stockLag(OperatorVerb verb, JsonNode health) {
    var since = OperatorVerb.at(health, "/stock/pendingSince");
    return since != null ? span(verb, since) : health.path("stock").isObject() ? "none" : null;
  }

  static void show(OperatorVerb verb, String path) {
    var account = verb.hub().get(path);
    if (verb.asJson(account)) {
      return;
    }
    var terminal = verb.session.terminal();
    var health = account.path("health");
    verb.say(
        "%s  %s  %s",
        terminal.bold(Text.line(OperatorVerb.at(account, "name"))),
        OperatorVerb.at(account, "title"),
        terminal.state(OperatorVerb.at(account, "state")));
    if (OperatorVerb.at(account, "remark") != null) {
      verb.say(
          "%s%s",
          Text.line(OperatorVerb.at(account, "remark")),
          account.path("until").isTextual()
              ? " Until %s.".formatted(verb.time(account, "until"))
              : "");
    }
    for (var warning : health.path("warnings")) {
      verb.say("! " + Text.line(warning.asText()));
    }
    verb.say("");
    verb.field("connector", OperatorVerb.at(account, "connector"));
    verb.field("deals in", joined(account.path("capabilities")));
    verb.field("interface", version(account, health));
    verb.field("circuit", circuit(health));
    verb.field("limits", limits(account.path("limits")));
    verb.field("retries left", OperatorVerb.at(account, "retriesLeft"));
    verb.field("dead letters", OperatorVerb.at(account, "stopped"));
    traffic(verb, health);
    webhooks(verb, health.path("webhooks"));
    polls(verb, health.path("polls"));
    tokens(verb, health.path("tokens"));
    quotas(verb, health.path("quotas"));
    stock(verb, health.path("stock"));
    if (health.at("/drift/values").asLong() > 0) {
      verb.title("Drift");
      verb.say(
          "%s values that no mapping lists, last %s ago; 'GET /api/v1/drift?account=%s' lists them.",
          OperatorVerb.at(health, "/drift/values"),
          ago(verb, health.path("drift"), "lastSeenAt"),
          OperatorVerb.at(account, "name"));
    }
    settings(verb, account.path("settings"));
  }

  private static String version(JsonNode account, JsonNode health) {
    var version = OperatorVerb.at(account, "apiVersion");
    if (version == null || !account.path("sunset").isTextual()) {
      return version;
    }
    var days = health.path("sunsetDays").asLong();
    return days < 0
        ? "%s, ended on %s".formatted(version, OperatorVerb.at(account, "sunset"))
        : "%s, ends on %s (%d days)".formatted(version, OperatorVerb.at(account, "sunset"), days);
  }

  private static String circuit(JsonNode health) {
    var circuit = OperatorVerb.at(health, "circuit");
    var pause = OperatorVerb.at(health, "pauseKind");
    return pause == null ? circuit : circuit + ", paused (" + pause + ")";
  }

  private static String limits(JsonNode limits) {
    return limits.isObject()
        ? "%s calls each %s, %s at once, %s open at a time"
            .formatted(
                OperatorVerb.at(limits, "rate"),
                millis(limits.path("perMillis").asLong()),
                OperatorVerb.at(limits, "burst"),
                OperatorVerb.at(limits, "inFlight"))
        : null;
  }

  private static void traffic(OperatorVerb verb, JsonNode health) {
    var table = verb.table().text("DOCUMENT", "LAST IN", "LAST OUT");
    var documents = new java.util.TreeSet<String>();
    health.path("lastIn").fieldNames().forEachRemaining(documents::add);
    health.path("lastOut").fieldNames().forEachRemaining(documents::add);
    for (var document : documents) {
      table.row(
          document,
          verb.time(health.path("lastIn"), document),
          verb.time(health.path("lastOut"), document));
    }
    verb.title("Traffic");
    if (table.isEmpty()) {
      verb.say("Nothing came and nothing went yet.");
    } else {
      table.print();
    }
  }

  private static void webhooks(OperatorVerb verb, JsonNode webhooks) {
    if (!webhooks.isObject()) {
      return;
    }
    verb.title("Webhooks");
    verb.field(
        "proven",
        webhooks.path("lastAt").isTextual()
            ? "%s, last %s"
                .formatted(OperatorVerb.at(webhooks, "count"), verb.time(webhooks, "lastAt"))
            : "none yet");
    verb.field(
        "refused",
        webhooks.path("lastRefusedAt").isTextual()
            ? "%s, last %s"
                .formatted(
                    OperatorVerb.at(webhooks, "refused"), verb.time(webhooks, "lastRefusedAt"))
            : null);
    verb.field("challenged", verb.time(webhooks, "lastChallengeAt"));
  }

  private static void polls(OperatorVerb verb, JsonNode polls) {
    if (polls.isEmpty()) {
      return;
    }
    verb.title("Polls");
    var table =
        verb.table()
            .text(
                "DOCUMENT",
                "REACHED",
                "LAG",
                "LAST PAGE",
                "MORE PAGES",
                "WENT WELL",
                "FAILED",
                "NOT BEFORE");
    for (var poll : polls) {
      table.row(
          OperatorVerb.at(poll, "document"),
          verb.time(poll, "reachedAt"),
          poll.path("lagSeconds").isNumber() ? span(poll.path("lagSeconds").asLong()) : null,
          verb.time(poll, "lastPageAt"),
          poll.path("betweenPages").asBoolean() ? "yes" : "no",
          verb.time(poll, "lastSuccessAt"),
          verb.time(poll, "failedAt"),
          verb.time(poll, "notBefore"));
    }
    table.print();
    for (var poll : polls) {
      if (OperatorVerb.at(poll, "failure") != null) {
        verb.say(
            "%s: %s (%s)",
            OperatorVerb.at(poll, "document"),
            Text.line(OperatorVerb.at(poll, "failure")),
            OperatorVerb.at(poll, "failureKind"));
      }
    }
  }

  private static void tokens(OperatorVerb verb, JsonNode tokens) {
    if (tokens.isEmpty()) {
      return;
    }
    verb.title("Access tokens");
    var table = verb.table().text("NAME", "OBTAINED", "EXPIRES", "REFUSED", "WHY");
    for (var token : tokens) {
      var name = OperatorVerb.at(token, "name");
      table.row(
          name == null || name.isEmpty() ? "(the only one)" : name,
          verb.time(token, "obtainedAt"),
          verb.time(token, "expiresAt"),
          verb.time(token, "refusedAt"),
          OperatorVerb.at(token, "refusal"));
    }
    table.print();
  }

  private static void quotas(OperatorVerb verb, JsonNode quotas) {
    if (quotas.isEmpty()) {
      return;
    }
    verb.title("Quotas");
    var table = verb.table().text("CALL", "LEFT", "RATE", "RESTED AT");
    for (var quota : quotas) {
      table.row(
          OperatorVerb.at(quota, "name"),
          OperatorVerb.at(quota, "left") + " of " + OperatorVerb.at(quota, "burst"),
          OperatorVerb.at(quota, "perSecond") + "/s",
          verb.time(quota, "resetAt"));
    }
    table.print();
  }

  private static void stock(OperatorVerb verb, JsonNode stock) {
    if (!stock.isObject()) {
      return;
    }
    verb.title("Stock shown");
    verb.field(
        "pending",
        stock.path("pending").asLong() == 0
            ? "none: every listing shows what there is"
            : "%s listings, the oldest for %s"
                .formatted(
                    OperatorVerb.at(stock, "pending"),
                    span(verb, OperatorVerb.at(stock, "pendingSince"))));
    verb.field("last taken", verb.time(stock, "lastConfirmedAt"));
  }

  private static void settings(OperatorVerb verb, JsonNode settings) {
    if (settings.isEmpty()) {
      return;
    }
    verb.title("Settings");
    var table = verb.table().text("PARAMETER", "VALUE");
    settings.properties().forEach(entry -> table.row(entry.getKey(), entry.getValue().asText()));
    table.print();
  }

  private static String joined(JsonNode words) {
    var joined = new StringJoiner(", ");
    words.forEach(word -> joined.add(word.asText()));
    return joined.toString();
  }

  private static String ago(OperatorVerb verb, JsonNode node, String name) {
    var text = OperatorVerb.at(node, name);
    return text == null ? null : span(verb, text) + " ago";
  }

  private static String span(OperatorVerb verb, String since) {
    return span(
        Math.max(
            0, Duration.between(Instant.parse(since), verb.session.clock().instant()).toSeconds()));
  }

  /** Roughly how long, in the largest unit that fits. */
  static String span(long seconds) {
    return seconds < 120
        ? seconds + " s"
        : seconds < 7_200
            ? seconds / 60 + " min"
            : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }

  private static String millis(long millis) {
    return millis % 1_000 == 0 ? span(millis / 1_000) : millis + " ms";
  }
}
