package io.serai.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is judged of a partner that exchanges files: those that come twice, those of which a part is
 * bad, and those that are put there.
 */
final class FileClauses {

  private final ConnectorPlan plan;
  private final StandInFile.Exchanged files;
  private final Scene scene;
  private int serial;

  FileClauses(ConnectorPlan plan, StandInFile file, Scene scene) {
    this.plan = plan;
    this.files = file.files();
    this.scene = scene;
  }

  Verdict signature() {
    return Verdict.notJudged("signature", "its files come through a folder");
  }

  Verdict order() {
    return Verdict.notJudged("out of order", "a file has no versions");
  }

  /** What stands in for clauses about calls. */
  Verdict ofCalls(String clause) {
    return Verdict.notJudged(clause, "it is asked by files, which a folder always takes");
  }

  Verdict dedupe() {
    if (files.comes() == null) {
      return Verdict.notJudged("dedupe", "stand-in.yaml shows no file that comes");
    }
    long before = kept();
    come(files.comes().name(), files.comes().text());
    scene.await(() -> kept() == before + 1, () -> "a file that came was not kept");
    done();
    long stopped = stopped();
    come(files.comes().name(), files.comes().text());
    done();
    Broken.unless(kept() == before + 1, "a file that came twice was kept as another");
    Broken.unless(stopped() == stopped, "a file that came twice made a dead letter");
    return Verdict.passed("dedupe", "the same file under two names was taken twice and kept once");
  }

  Verdict partialFailure() {
    var clause = "partial failure";
    if (files.partly() == null) {
      return Verdict.notJudged(clause, "stand-in.yaml shows no file of which a part is bad");
    }
    long stopped = stopped();
    long parts = parts();
    come(files.partly().name(), files.partly().text());
    scene.await(() -> parts() > parts, () -> "nothing of a file was taken");
    done();
    Broken.unless(
        stopped() - stopped == 1 && parts() - parts > 1,
        "of %d parts of a file, one of them bad, %d stopped",
        parts() - parts,
        stopped() - stopped);
    return Verdict.passed(
        clause,
        "of %d parts of a file one was bad: it alone became a dead letter"
            .formatted(parts() - parts));
  }

  Verdict effects() {
    var documents = documents();
    if (documents.isEmpty()) {
      return Verdict.notJudged("effects", "stand-in.yaml names no file that it is asked by");
    }
    for (var document : documents) {
      put(document);
    }
    return Verdict.passed(
        "effects",
        "one file each of '%s' was put there, whole and under its name"
            .formatted(String.join("', '", documents)));
  }

  Verdict lostAnswer() {
    var documents = documents();
    if (documents.isEmpty()) {
      return Verdict.notJudged("lost answer", "stand-in.yaml names no file that it is asked by");
    }
    for (var document : documents) {
      var sent = put(document);
      take(sent.file());
      scene.forget(sent.delivery());
      awaitSent(document, sent.delivery());
      Broken.unless(
          lying().isEmpty(),
          "a '%s' that the partner had taken was put there again when its outcome was forgotten",
          document);
    }
    return Verdict.passed(
        "lost answer",
        "'%s' of unknown outcome, which the partner had taken, was not put there again"
            .formatted(String.join("', '", documents)));
  }

  private record Sent(long delivery, Path file) {}

  private Sent put(String document) {
    lying().forEach(this::take);
    var delivery = scene.owe(document, sample(document));
    awaitSent(document, delivery);
    var there = lying();
    Broken.unless(there.size() == 1, "one '%s' became %d files: %s", document, there.size(), there);
    var file = there.iterator().next();
    var name = file.getFileName().toString();
    Broken.unless(
        name.matches(files.goes().get(document)),
        "the file of a '%s' is called '%s', and stand-in.yaml expects '%s'",
        document,
        name,
        files.goes().get(document));
    return new Sent(delivery, file);
  }

  private void awaitSent(String document, long delivery) {
    scene.await(
        () -> Set.of("CONFIRMED", "PENDING").contains(scene.deliveryState(delivery)),
        () ->
            "a '%s' was not sent within %d s (it is %s; %s)"
                .formatted(
                    document,
                    scene.patience().toSeconds(),
                    scene.deliveryState(delivery),
                    scene.sentences(delivery)));
  }

  private List<String> documents() {
    return files.goes().keySet().stream()
        .filter(document -> plan.profile().operations().containsKey(document))
        .filter(document -> !plan.outbound(document).isEmpty())
        .toList();
  }

  // The one that needs least beside it: the account says nothing of what others vary.
  private JsonNode sample(String document) {
    return plan.outbound(document).stream()
        .min(Comparator.comparingInt(sample -> sample.variables().size()))
        .orElseThrow()
        .input();
  }

  private void come(String name, String text) {
    var called = "%d-%s".formatted(++serial, name);
    var inbox = scene.inbox();
    try {
      var written =
          Files.write(
              inbox.resolve("." + called + ".part"), text.getBytes(StandardCharsets.ISO_8859_1));
      Files.move(written, inbox.resolve(called), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Broken("a file could not be put into '%s' (%s)", inbox, e);
    }
    scene.await(
        () -> Files.notExists(inbox.resolve(called)),
        () ->
            "file '%s' was not taken within %d s".formatted(called, scene.patience().toSeconds()));
  }

  private void take(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new Broken("file '%s' could not be taken (%s)", file, e);
    }
  }

  /** Files that the partner sees, and those that are left of an attempt. */
  private Set<Path> lying() {
    try (Stream<Path> all = Files.list(scene.outbox())) {
      return all.collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new Broken("'%s' cannot be listed (%s)", scene.outbox(), e);
    }
  }

  private void done() {
    scene.await(
        () ->
            scene.count(
                    """
                    SELECT count(*) FROM inbox_message WHERE account = ? AND (state = 'RUNNING'
                      OR state = 'RECEIVED' AND due_at < now() + interval '500 milliseconds')""",
                    scene.account())
                == 0,
        () -> "what came in files is not done after %d s".formatted(scene.patience().toSeconds()));
  }

  private long kept() {
    return scene.count(
        "SELECT count(*) FROM inbox_message WHERE account = ? AND parent_id IS NULL",
        scene.account());
  }

  private long parts() {
    return scene.count(
        "SELECT count(*) FROM inbox_message WHERE account = ? AND parent_id IS NOT NULL",
        scene.account());
  }

  private long stopped() {
    return scene.count(
        "SELECT count(*) FROM inbox_message WHERE account = ? AND state = 'PARKED'",
        scene.account());
  }
}
