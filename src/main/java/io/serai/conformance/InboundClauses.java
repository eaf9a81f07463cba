package io.serai.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.catalog.Locator;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mappings;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What is judged of what comes in: proof, duplicates, pages, order of arrival, unknown values. */
final class InboundClauses {

  private final ConnectorPlan plan;
  private final StandInFile file;
  private final Scene scene;
  private final Forge forge;
  private final Mappings mappings;

  InboundClauses(ConnectorPlan plan, StandInFile file, Scene scene, Mappings mappings) {
    this.plan = plan;
    this.file = file;
    this.scene = scene;
    this.forge = new Forge(plan.profile().verification(), scene);
    this.mappings = mappings;
  }

  private String noWebhook() {
    if (forge.unable() != null) {
      return forge.unable();
    }
    return plan.anyWebhook() == null
        ? "neither a sample nor 'events' of stand-in.yaml is the body of an event that its profile lists"
        : null;
  }

  private long kept() {
    return scene.count("SELECT count(*) FROM inbox_message WHERE account = ?", scene.account());
  }

  private Scene.Answer send(ConnectorPlan.Webhook webhook, byte[] body, String eventId) {
    return post(webhook, body, eventId, forge.proof(body));
  }

  private Scene.Answer post(
      ConnectorPlan.Webhook webhook, byte[] body, String eventId, String proof) {
    return scene.post(webhook, body, eventId, forge.header(), proof);
  }

  Verdict signature() {
    var why = noWebhook();
    if (why != null) {
      return Verdict.notJudged("signature", why);
    }
    var webhook = plan.anyWebhook();
    var body = webhook.bytes();
    var changed = changed(webhook);
    long before = kept();
    var right = forge.proof(body);
    var refusals = new ArrayList<Integer>();
    refusals.add(post(webhook, body, "none", null).status());
    refusals.add(post(webhook, body, "wrong", forge.wrongProof(body)).status());
    refusals.add(post(webhook, body, "garbage", "garbage").status());
    boolean overBody = forge.overBody();
    if (overBody) {
      refusals.add(post(webhook, changed, "changed", right).status());
    }
    Broken.unless(
        refusals.stream().allMatch(status -> status >= 400 && status < 500),
        "webhooks with no, a wrong or another body's proof were answered %s",
        refusals);
    Broken.unless(kept() == before, "a webhook that proved nothing was kept");
    var answer = send(webhook, body, UUID.randomUUID().toString());
    Broken.unless(answer.status() < 300, "a proven webhook was answered %d", answer.status());
    Broken.unless(
        kept() == before + 1, "a proven webhook was answered %d and not kept", answer.status());
    return Verdict.passed(
        "signature",
        "%s were refused with %d, the proven one was kept"
            .formatted(
                overBody
                    ? "unproven, wrongly proven and changed webhooks"
                    : "unproven and wrongly proven webhooks",
                refusals.get(0)));
  }

  private static byte[] changed(ConnectorPlan.Webhook webhook) {
    return webhook.body() instanceof ObjectNode object
        ? Json.bytes(object.deepCopy().put("seraiChanged", 1))
        : (webhook.body().asText() + '\n').getBytes(StandardCharsets.UTF_8);
  }

  Verdict dedupe() {
    var why = noWebhook();
    if (why != null) {
      return Verdict.notJudged("dedupe", why);
    }
    var webhook = plan.anyWebhook();
    var body = webhook.bytes();
    var event = UUID.randomUUID().toString();
    var first = send(webhook, body, event);
    long before = kept();
    var second = send(webhook, body, event);
    Broken.unless(
        second.status() < 300,
        "the second of two equal webhooks was answered %d, so it would come for ever",
        second.status());
    Broken.unless(
        second.body().path("duplicate").asBoolean() && kept() == before,
        "the second of two equal webhooks was kept as another");
    var state = scene.ending(second.message() > 0 ? second.message() : first.message());
    Broken.unless(
        !"PARKED".equals(state), "the webhook stopped: %s", scene.stopped(first.message()));
    return Verdict.passed(
        "dedupe",
        "the same webhook twice was answered %d twice and kept once".formatted(second.status()));
  }

  Verdict pagination() throws InterruptedException {
    if (file.lists().isEmpty()) {
      return Verdict.notJudged(
          "pagination",
          file.path() == null ? "there is no stand-in.yaml" : "stand-in.yaml lists nothing");
    }
    var said = new ArrayList<String>();
    for (var entry : file.lists().entrySet()) {
      var document = entry.getKey();
      var items = items(document, entry.getValue());
      if (items.size() < 3) {
        return Verdict.notJudged(
            "pagination", "fewer than three samples of '%s' make no two pages".formatted(document));
      }
      said.add(pages(document, items));
    }
    return Verdict.passed("pagination", String.join("; ", said));
  }

  private List<JsonNode> items(String document, StandInFile.Listing listing) {
    var samples = listing.mapping() == null ? plan.inbound(document) : plan.of(listing.mapping());
    var items = new LinkedHashMap<JsonNode, JsonNode>();
    for (var sample : samples) {
      var input = sample.input();
      var id = listing.id() == null ? input : input.at(listing.id());
      if (!id.isMissingNode()) {
        items.putIfAbsent(id, input);
      }
    }
    return List.copyOf(items.values());
  }

  private String pages(String document, List<JsonNode> items) throws InterruptedException {
    var standIn = scene.standIn();
    standIn.mood(StandIn.Mood.BREAKS_PAGE);
    standIn.list(document, items);
    scene.await(
        () -> different(document) >= items.size(),
        () ->
            "of %d listed '%s' only %d were kept, although a later poll could have read the page that broke"
                .formatted(items.size(), document, different(document)));
    // the first of them may have been on its way before the last item was listed
    int ended = standIn.lastPages() + 1;
    scene.await(() -> standIn.lastPages() > ended, () -> "the last page was never read");
    Broken.unless(
        different(document) == items.size(),
        "%d listed '%s' became %d: what a webhook told of already has another key there",
        items.size(),
        document,
        different(document));
    long kept = kept(document);
    int before = standIn.calls(document).size();
    standIn.mood(StandIn.Mood.REPEATS_PAGE);
    TimeUnit.SECONDS.sleep(3);
    int calls = standIn.calls(document).size() - before;
    standIn.mood(StandIn.Mood.WELL);
    Broken.unless(
        calls < 100, "a page that names itself as the next was asked for %d times in 3 s", calls);
    Broken.unless(kept(document) == kept, "a page that came again brought new messages");
    int again = standIn.lastPages();
    scene.await(
        () -> standIn.lastPages() > again,
        () -> "after a page that repeats itself the poll never ended again");
    return "all %d '%s' of %d pages came, once each, over a page that broke and one that repeats itself"
        .formatted(items.size(), document, (items.size() + 1) / 2);
  }

  private long kept(String document) {
    return scene.count(
        "SELECT count(*) FROM inbox_message WHERE account = ? AND document = ?",
        scene.account(),
        document);
  }

  private long different(String document) {
    return scene.count(
        "SELECT count(DISTINCT message_key) FROM inbox_message WHERE account = ? AND document = ?",
        scene.account(),
        document);
  }

  Verdict order() {
    var why = noWebhook();
    if (why != null) {
      return Verdict.notJudged("out of order", why);
    }
    var webhook = plan.webhook("order");
    if (webhook == null) {
      return Verdict.notJudged("out of order", "no event about an order is shown");
    }
    if (!(webhook.rule().version() instanceof Locator.Pointer pointer)) {
      return Verdict.notJudged("out of order", "the events table names no version in the body");
    }
    var at = time(webhook.body().at(pointer.pointer()).asText());
    if (at == null) {
      return Verdict.notJudged(
          "out of order", "the version '%s' is no time".formatted(pointer.pointer()));
    }
    var newer =
        send(
            webhook,
            versioned(webhook, pointer, at.plus(2, ChronoUnit.DAYS)),
            UUID.randomUUID().toString());
    var newerEnd = scene.ending(newer.message());
    Broken.unless(
        "APPLIED".equals(newerEnd),
        "a newer order ended %s: %s",
        newerEnd,
        scene.stopped(newer.message()));
    var version = scene.orderVersion(newer.message());
    var older =
        send(
            webhook,
            versioned(webhook, pointer, at.plus(1, ChronoUnit.DAYS)),
            UUID.randomUUID().toString());
    Broken.unless(older.status() < 300, "an older version was answered %d", older.status());
    var olderEnd = scene.ending(older.message());
    Broken.unless(
        !"PARKED".equals(olderEnd), "an older version stopped: %s", scene.stopped(older.message()));
    Broken.unless(
        version.equals(scene.orderVersion(newer.message())),
        "an older version that came later took the place of the newer one");
    return Verdict.passed("out of order", "a version that came late changed nothing");
  }

  // As it is written everywhere, with the seconds also when there are none.
  private static String text(Temporal time) {
    return (time instanceof OffsetDateTime
            ? DateTimeFormatter.ISO_OFFSET_DATE_TIME
            : DateTimeFormatter.ISO_LOCAL_DATE_TIME)
        .format(time);
  }

  // With an offset or without one, as the channel writes it.
  private static Temporal time(String text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeParseException e) {
      try {
        return LocalDateTime.parse(text);
      } catch (DateTimeParseException none) {
        return null;
      }
    }
  }

  private static byte[] versioned(
      ConnectorPlan.Webhook webhook, Locator.Pointer pointer, Temporal version) {
    var body = webhook.body().deepCopy();
    var at = pointer.pointer();
    int last = at.lastIndexOf('/');
    ((ObjectNode) body.at(at.substring(0, last))).put(at.substring(last + 1), text(version));
    return Json.bytes(body);
  }

  /**
   * Every sample gives what stands beside it.
   *
   * @param write whether what is missing beside a sample is written there
   */
  Verdict samples(boolean write) {
    var samples = plan.samples();
    if (samples.isEmpty()) {
      return Verdict.notJudged("samples", "it has none");
    }
    int written = 0;
    var missing = new ArrayList<String>();
    for (var sample : samples) {
      var name = "%s/%s".formatted(sample.document(), sample.name());
      try {
        var given =
            Json.tree(
                Json.bytes(
                    mappings.mapping(sample.mapping()).apply(sample.input(), sample.variables())));
        if (Files.isRegularFile(sample.expected())) {
          Broken.unless(
              given.equals(Json.tree(Files.readAllBytes(sample.expected()))),
              "sample '%s' does not give what stands in '%s' any more",
              name,
              sample.expected());
        } else if (write) {
          Files.writeString(sample.expected(), given.toPrettyString() + "\n");
          written++;
        } else {
          missing.add(name);
        }
      } catch (MappingException e) {
        throw new Broken("sample '%s': %s", name, e.getMessage());
      } catch (IOException e) {
        throw new Broken("'%s' cannot be read or written (%s)", sample.expected(), e);
      }
    }
    Broken.unless(
        missing.isEmpty(),
        "nothing stands beside %d samples, as '%s': --write writes it, for you to read",
        missing.size(),
        missing.isEmpty() ? "" : missing.get(0));
    return Verdict.passed(
        "samples",
        written == 0
            ? "all %d give what stands beside them".formatted(samples.size())
            : "what %d of %d give was written beside them: read it"
                .formatted(written, samples.size()));
  }

  Verdict unknownValues() {
    var samples = plan.inbound();
    if (samples.isEmpty()) {
      return Verdict.notJudged("unknown value", "it has no samples of what comes in");
    }
    var silent = new ArrayList<String>();
    int tried = 0;
    for (var sample : samples) {
      tried += UnknownValues.count(sample, file.selects());
      for (var pointer :
          UnknownValues.silent(mappings.mapping(sample.mapping()), sample, file.selects())) {
        silent.add("'%s' of %s/%s.json".formatted(pointer, sample.document(), sample.name()));
      }
    }
    Broken.unless(
        silent.isEmpty(),
        "in silence something else is taken for an unknown value in %s%s; list the values with 'one-of' or 'known'",
        String.join(", ", silent.subList(0, Math.min(3, silent.size()))),
        silent.size() > 3 ? " and %d more".formatted(silent.size() - 3) : "");
    return Verdict.passed(
        "unknown value",
        "in %d texts of %d samples it was refused, kept or not read"
            .formatted(tried, samples.size()));
  }
}
