package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai audit}: who did what, when and why, and whether the record of it is whole. */
@Command(
    name = "audit",
    description = "See who did what, when and why; verify that the record is whole.",
    subcommands = {AuditCommand.ListEntries.class, AuditCommand.Verify.class})
final class AuditCommand {
  @Command(
      name = "list",
      description = "List audit entries, newest first.",
      footer = {"Example:", "  serai audit list --object msg_17"})
  static final class ListEntries extends ListVerb {
    @Option(names = "--actor", paramLabel = "NAME", description = "Only by this actor.")
    String actor;

    @Option(names = "--action", paramLabel = "ACTION", description = "Only this action.")
    String action;

    @Option(names = "--object", paramLabel = "ID", description = "Only about this thing.")
    String object;

    ListEntries(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/audit" + Hub.query("actor", actor, "action", action, "object", object), most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("WHEN", "WHO", "DID", "TO", "WHY", "BEFORE", "AFTER");
      for (var entry : list.path("items")) {
        table.row(
            time(entry, "occurredAt"),
            at(entry, "actor"),
            at(entry, "action"),
            at(entry, "object"),
            at(entry, "reason"),
            at(entry, "before"),
            at(entry, "after"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(
          list,
          actor == null && action == null && object == null
              ? "Nobody has changed anything yet."
              : "No entry fits.",
          "add --limit.");
    }
  }

  @Command(
      name = "verify",
      description = "Verify that no audit entry was altered, removed or slipped in.",
      footer = {"Example:", "  serai audit verify"})
  static final class Verify extends OperatorVerb {
    private boolean valid;

    Verify(Session session) {
      super(session);
    }

    @Override
    void run() {
      var verdict = hub().get("/audit/verify");
      valid = verdict.path("valid").asBoolean();
      if (asJson(verdict)) {
        return;
      }
      say(at(verdict, "sentence"));
      field("head", at(verdict, "head"));
      int waiting = verdict.path("waiting").asInt();
      field("not linked", waiting == 0 ? null : waiting + ", in a second");
    }

    @Override
    int exitCode() {
      return valid ? 0 : 1;
    }
  }
}
