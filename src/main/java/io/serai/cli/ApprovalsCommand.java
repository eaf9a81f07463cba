package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai approvals}: what a second person has to approve. */
@Command(
    name = "approvals",
    description = "See and decide what a second person has to approve.",
    subcommands = {
      ApprovalsCommand.ListApprovals.class,
      ApprovalsCommand.Approve.class,
      ApprovalsCommand.Decline.class
    })
final class ApprovalsCommand {
  private static final String ID_HELP = "The approval's id (apr_…).";

  @Command(
      name = "list",
      description = "List approvals, newest first.",
      footer = {"Example:", "  serai approvals list --open"})
  static final class ListApprovals extends ListVerb {
    @Option(names = "--open", description = "Only those that wait for somebody.")
    boolean open;

    ListApprovals(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/approvals" + Hub.query("open", open ? true : null), most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("APPROVAL")
              .state("STATE")
              .text("WHAT", "WHY", "ASKED BY", "ASKED", "DECIDED BY", "OUTCOME");
      for (var one : list.path("items")) {
        table.row(
            at(one, "id"),
            at(one, "state"),
            at(one, "sentence"),
            at(one, "reason"),
            at(one, "askedBy"),
            time(one, "askedAt"),
            at(one, "decidedBy"),
            at(one, "outcome"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing waits for a second person.", "add --limit.");
    }
  }

  /** A verb that decides. */
  abstract static class Decide extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "APPROVAL", description = ID_HELP)
    String id;

    Decide(Session session) {
      super(session);
    }

    final void decide(String verb, String reason) {
      var one =
          hub().post("/approvals/" + Hub.segment(id) + "/" + verb, Hub.body("reason", reason));
      if (!asJson(one)) {
        say("%s is %s. %s", at(one, "id"), at(one, "state"), at(one, "outcome"));
      }
    }
  }

  @Command(
      name = "approve",
      description = "Have done what somebody else asked for.",
      footer = {"Example:", "  serai approvals approve apr_3"})
  static final class Approve extends Decide {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    Approve(Session session) {
      super(session);
    }

    @Override
    void run() {
      decide("approve", reason);
    }
  }

  @Command(
      name = "decline",
      description = "Refuse what was asked for; a replay that waits for it is aborted.",
      footer = {"Example:", "  serai approvals decline apr_3 --reason 'ask the partner first'"})
  static final class Decline extends Decide {
    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Decline(Session session) {
      super(session);
    }

    @Override
    void run() {
      decide("decline", reason);
    }
  }
}
