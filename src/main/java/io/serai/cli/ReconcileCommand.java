package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai reconcile}: compares a channel or partner with what is here. */
@Command(
    name = "reconcile",
    description = "Compare a channel or partner with what is here, and list what differs.",
    footer = {
      "Examples:",
      "  serai reconcile shopify-main --since 7d",
      "  serai findings list --account shopify-main"
    })
final class ReconcileCommand extends OperatorVerb {
  private static final Set<String> OVER = Set.of("DONE", "FAILED");
  private static final Duration LOOK = Duration.ofMillis(500);

  @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The channel or partner.")
  String account;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Orders placed since: an instant, or how long ago (4h, 2d).")
  String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Orders placed before.")
  String until;

  @Option(names = "--no-wait", description = "Plan it and do not wait for what comes of it.")
  boolean noWait;

  private boolean failed;

  ReconcileCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    var body = JsonNodeFactory.instance.objectNode().put("account", account);
    if (since != null) {
      body.put("since", Times.instant("--since", since, session).toString());
    }
    if (until != null) {
      body.put("until", Times.instant("--until", until, session).toString());
    }
    var run = hub().post("/reconciliations", body);
    while (!noWait && !OVER.contains(at(run, "state"))) {
      pause();
      run = hub().get("/reconciliations/" + Hub.segment(at(run, "id")));
    }
    failed = "FAILED".equals(at(run, "state"));
    if (asJson(run)) {
      return;
    }
    if (noWait) {
      say("'%s' is compared as %s.", Text.line(account), at(run, "id"));
      return;
    }
    show(run);
  }

  private void show(JsonNode run) {
    say(
        "%s: %s compared, %s differ, %s fixed since.",
        Text.line(account), at(run, "compared"), at(run, "found"), at(run, "fixed"));
    if (failed) {
      say(Text.line(at(run, "failure")));
    }
    var list = hub().list("/findings" + Hub.query("account", account), 50);
    FindingsCommand.print(this, list);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Sentence("It was not waited for; see 'serai findings runs'.");
    }
  }

  @Override
  int exitCode() {
    return failed ? 1 : 0;
  }
}
