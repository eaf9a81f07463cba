package io.serai.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Repeat;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What is judged of what goes out: throttling, tokens, lost answers, half refusals, secrets. */
final class OutboundClauses {
  private static final String STOCK = "stock";

  private final ConnectorPlan plan;
  private final StandInFile file;
  private final Scene scene;
  private int units = 10;

  OutboundClauses(ConnectorPlan plan, StandInFile file, Scene scene) {
    this.plan = plan;
    this.file = file;
    this.scene = scene;
  }

  /** Effects that can be played, each with a sample; none when a reason is given. */
  private List<String> writes() {
    return file.writes().keySet().stream()
        .filter(document -> plan.profile().operations().containsKey(document))
        .filter(document -> !plan.outbound(document).isEmpty())
        .toList();
  }

  private String noWrites() {
    if (plan.profile().operations().isEmpty()) {
      return "it is asked for nothing";
    }
    if (file.path() == null) {
      return "there is no stand-in.yaml that says how it answers";
    }
    return writes().isEmpty() ? "stand-in.yaml describes no operation that has a sample" : null;
  }

  private JsonNode sample(String document) {
    return plan.outbound(document).stream()
        .map(sample -> sample.input())
        .max(java.util.Comparator.comparingInt(input -> input.path("items").size()))
        .orElseThrow();
  }

  /** Owes one effect; what to wait for, until it is confirmed. */
  private Owed owe(String document) {
    if (STOCK.equals(document)) {
      var publication = sample(STOCK);
      int now = ++units;
      scene.stock(publication, now);
      return new Owed(document, -1, now, publication.path("items").size());
    }
    return new Owed(document, scene.owe(document, sample(document)), 0, 0);
  }

  private record Owed(String document, long delivery, int units, int items) {}

  private boolean confirmed(Owed owed) {
    return owed.delivery() < 0
        ? scene.shown(owed.units()) == owed.items()
        : "CONFIRMED".equals(scene.deliveryState(owed.delivery()));
  }

  private void awaitConfirmed(Owed owed, String when) {
    scene.await(
        () -> confirmed(owed),
        () ->
            "%s '%s' was not confirmed within %d s%s"
                .formatted(when, owed.document(), scene.patience().toSeconds(), why(owed)));
  }

  private String why(Owed owed) {
    return owed.delivery() < 0
        ? ""
        : " (it is %s; %s)"
            .formatted(scene.deliveryState(owed.delivery()), scene.sentences(owed.delivery()));
  }

  Verdict ordinary() {
    if (noWrites() != null) {
      return Verdict.notJudged("effects", noWrites());
    }
    for (var document : writes()) {
      int before = scene.standIn().effects(document);
      awaitConfirmed(owe(document), "on a good day");
      int effects = scene.standIn().effects(document) - before;
      Broken.unless(once(document, effects), "one '%s' had %d effects", document, effects);
    }
    return Verdict.passed(
        "effects", "one each of %s was sent, confirmed and carried out once".formatted(named()));
  }

  // Quantities may be told in several calls, and again: they are absolute.
  private static boolean once(String document, int effects) {
    return effects == 1 || STOCK.equals(document) && effects > 0;
  }

  private String named() {
    return "'" + String.join("', '", writes()) + "'";
  }

  Verdict throttling() {
    if (noWrites() != null) {
      return Verdict.notJudged("throttling", noWrites());
    }
    for (var document : writes()) {
      int before = scene.standIn().effects(document);
      scene.standIn().mood(StandIn.Mood.THROTTLES);
      var owed = owe(document);
      awaitConfirmed(owed, "after it was asked to be slower");
      int effects = scene.standIn().effects(document) - before;
      Broken.unless(
          once(document, effects), "a '%s' that was throttled had %d effects", document, effects);
      if (owed.delivery() >= 0) {
        var attempts = scene.attempts(owed.delivery());
        Broken.unless(
            attempts.equals(List.of("THROTTLED")),
            "a '%s' that was throttled is told as %s (%s): say in 'errors' that it is THROTTLED",
            document,
            attempts,
            scene.sentences(owed.delivery()));
      }
    }
    return Verdict.passed(
        "throttling", "%s waited, uncounted, and went when it might".formatted(named()));
  }

  Verdict tokens() throws InterruptedException {
    var token = plan.profile().token();
    if (token == null) {
      return Verdict.notJudged("token expiry", "it needs no token");
    }
    if (noWrites() != null) {
      return Verdict.notJudged("token expiry", noWrites());
    }
    if (file.authorization() == null) {
      return Verdict.notJudged("token expiry", "stand-in.yaml says nothing of 'authorization'");
    }
    var document =
        writes().stream().filter(d -> !d.equals(STOCK)).findFirst().orElse(writes().get(0));
    return token.parameter() != null ? refusedKey(document) : refreshed(document);
  }

  // The parameter is the token: nobody but a person can renew it.
  private Verdict refusedKey(String document) {
    scene.standIn().mood(StandIn.Mood.DENIES);
    int before = scene.standIn().effects(document);
    var owed = owe(document);
    scene.await(
        () ->
            scene.count(
                    "SELECT count(*) FROM endpoint WHERE name = ? AND pause_kind = 'AUTH' AND paused_until > now()",
                    scene.account())
                > 0,
        () -> "a key that is refused did not pause the endpoint: say in 'errors' that 401 is AUTH");
    Broken.unless(
        scene.count(
                "SELECT count(*) FROM delivery WHERE destination = ? AND state = 'PARKED'",
                scene.account())
            == 0,
        "work was parked because the key was refused");
    scene.standIn().mood(StandIn.Mood.WELL);
    scene.resume();
    awaitConfirmed(owed, "after the key was put right");
    Broken.unless(
        once(document, scene.standIn().effects(document) - before),
        "one '%s' had two effects",
        document);
    return Verdict.passed(
        "token expiry",
        "a refused key paused the endpoint, nothing was parked, and work went on with the right one");
  }

  private Verdict refreshed(String document) {
    awaitConfirmed(owe(document), "with a fresh token");
    int before = scene.standIn().issued().size();
    int effects = scene.standIn().effects(document);
    scene.standIn().revokeIssued();
    awaitConfirmed(owe(document), "after the token was revoked");
    int fetched = scene.standIn().issued().size() - before;
    Broken.unless(fetched == 1, "one revoked token made %d new ones be fetched", fetched);
    Broken.unless(
        once(document, scene.standIn().effects(document) - effects),
        "one '%s' had two effects",
        document);
    return Verdict.passed(
        "token expiry", "a revoked token was fetched anew, once, and work went on");
  }

  Verdict lostAnswer() {
    if (noWrites() != null) {
      return Verdict.notJudged("lost answer", noWrites());
    }
    var said = new TreeMap<String, List<String>>();
    for (var document : writes()) {
      var repeat = plan.profile().operations().get(document).repeat();
      if (repeat == Repeat.QUERYABLE && !file.looksUp(document)) {
        said.computeIfAbsent(
                "not judged (nothing in stand-in.yaml looks it up)", w -> new ArrayList<>())
            .add(document);
        continue;
      }
      said.computeIfAbsent(lost(document, repeat), w -> new ArrayList<>()).add(document);
    }
    var sentences =
        said.entrySet().stream()
            .map(e -> "'" + String.join("', '", e.getValue()) + "' " + e.getKey())
            .toList();
    return said.size() == 1 && said.firstKey().startsWith("not judged")
        ? Verdict.notJudged("lost answer", sentences.get(0))
        : Verdict.passed("lost answer", String.join("; ", sentences));
  }

  private String lost(String document, Repeat repeat) {
    int before = scene.standIn().effects(document);
    int calls = scene.standIn().calls(document).size();
    scene.standIn().mood(StandIn.Mood.LOSES_ANSWER);
    var owed = owe(document);
    if (repeat == Repeat.BLIND && owed.delivery() >= 0) {
      scene.await(
          () -> "PARKED".equals(scene.deliveryState(owed.delivery())),
          () ->
              "a blind '%s' whose answer was lost was not laid before a person%s"
                  .formatted(document, why(owed)));
      Broken.unless(
          scene.standIn().calls(document).size() == calls + 1,
          "a blind '%s' was sent again",
          document);
      return "was sent once and laid before a person";
    }
    awaitConfirmed(owed, "after its answer was lost");
    var sent =
        scene.standIn().calls(document).subList(calls, scene.standIn().calls(document).size());
    int effects = scene.standIn().effects(document) - before;
    if (STOCK.equals(document)) {
      return "came to show the right quantity";
    }
    Broken.unless(effects == 1, "a '%s' whose answer was lost had %d effects", document, effects);
    if (repeat == Repeat.IDEMPOTENT) {
      Broken.unless(
          sent.stream().allMatch(call -> java.util.Arrays.equals(call.body(), sent.get(0).body())),
          "a '%s' was repeated with another content under its key",
          document);
    }
    return repeat == Repeat.QUERYABLE
        ? "was looked up and not sent again"
        : "was sent again under its key, byte for byte, and carried out once";
  }

  Verdict partialFailure() {
    var clause = "partial failure";
    if (noWrites() != null) {
      return Verdict.notJudged(clause, noWrites());
    }
    var operation = plan.profile().operations().get(STOCK);
    if (operation == null || operation.bulk() < 2 || !writes().contains(STOCK)) {
      return Verdict.notJudged(clause, "no call carries several items");
    }
    if (file.writes().get(STOCK).partial() == null) {
      return Verdict.notJudged(clause, "stand-in.yaml has no 'partial' answer for 'stock'");
    }
    int items = sample(STOCK).path("items").size();
    if (items < 2) {
      return Verdict.notJudged(clause, "no sample of stock has two items");
    }
    long parked = parkedStock();
    scene.standIn().mood(StandIn.Mood.REFUSES_PART);
    var owed = owe(STOCK);
    scene.await(
        () -> scene.shown(owed.units()) == items - 1 && parkedStock() == parked + 1,
        () ->
            "of %d quantities of which one was refused %d are told as taken and %d as refused"
                .formatted(items, scene.shown(owed.units()), parkedStock() - parked));
    return Verdict.passed(
        clause,
        "of %d quantities in a call one was refused: it alone became a dead letter"
            .formatted(items));
  }

  private long parkedStock() {
    return scene.count(
        "SELECT count(*) FROM delivery WHERE destination = ? AND document = 'stock' AND state = 'PARKED'",
        scene.account());
  }

  Verdict secrets() {
    var secrets = new ArrayList<String>();
    scene
        .parameters()
        .forEach(
            (name, value) -> {
              var parameter = plan.profile().parameters().get(name.split("\\[", 2)[0]);
              if (parameter != null && parameter.secret()) {
                secrets.add(value);
              }
            });
    secrets.addAll(scene.standIn().issued());
    if (secrets.isEmpty()) {
      return Verdict.notJudged("secrets", "it has none");
    }
    var echoed = false;
    if (noWrites() == null) {
      var document = writes().stream().filter(d -> !d.equals(STOCK)).findFirst().orElse(null);
      if (document != null) {
        scene.standIn().mood(StandIn.Mood.ECHOES);
        long delivery = scene.owe(document, sample(document));
        scene.await(
            () -> !List.of("READY", "SENDING").contains(scene.deliveryState(delivery)),
            () -> "an error that shows what was sent came to no end");
        scene.standIn().mood(StandIn.Mood.WELL);
        echoed = true;
      }
    }
    var readable = scene.readable();
    for (var secret : secrets) {
      int at = readable.indexOf(secret);
      Broken.unless(
          at < 0,
          "secret '%s…' stands in what people read: …%s",
          secret.substring(0, Math.min(24, secret.length())),
          at < 0 ? "" : readable.substring(Math.max(0, at - 60), at).replaceAll("\\s+", " "));
    }
    return Verdict.passed(
        "secrets",
        "%d secrets stand in no answer, sentence or log%s"
            .formatted(
                secrets.size(), echoed ? ", though the partner showed them in an error" : ""));
  }
}
