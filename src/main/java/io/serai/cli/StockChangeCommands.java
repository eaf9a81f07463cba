package io.serai.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verbs of {@code serai stock} that change the stock of a node by name. */
final class StockChangeCommands {
  private StockChangeCommands() {}

  /** What they have in common: a node, rows, a reason and a reference. */
  abstract static class Change extends OperatorVerb {
    private final String verb;
    private final boolean counted;

    @Option(
        names = "--node",
        paramLabel = "NODE",
        required = true,
        description = "Where the units are.")
    String node;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the movements.")
    String reason;

    @Option(
        names = "--reference",
        paramLabel = "NAME",
        description = "Your own name of it; sent again under the same one it changes nothing.")
    String reference;

    @Option(names = "--dry-run", description = "Only show what it would come to.")
    boolean dryRun;

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "SKU[=UNITS]", description = "A row.")
    List<String> rows;

    private boolean refused;

    Change(Session session, String verb, boolean counted) {
      super(session);
      this.verb = verb;
      this.counted = counted;
    }

    /** Adds to a row what the verb knows of all of them. */
    void complete(ObjectNode row) {}

    /** Adds to the change what the verb knows of it. */
    void completeChange(ObjectNode change) {}

    @Override
    final void run() {
      var change = JsonNodeFactory.instance.objectNode();
      change.put("node", node);
      if (reason != null) {
        change.put("reason", reason);
      }
      if (reference != null) {
        change.put("reference", reference);
      }
      if (dryRun) {
        change.put("dryRun", true);
      }
      completeChange(change);
      var list = change.putArray("rows");
      for (var text : rows) {
        complete(row(list.addObject(), text));
      }
      var result = hub().post("/stock/" + verb, change);
      refused = !result.path("refused").isEmpty();
      if (asJson(result)) {
        return;
      }
      if (result.path("repeated").asBoolean()) {
        say("Reference '%s' was used before for the same; nothing was done again.", reference);
        return;
      }
      var table =
          table()
              .text("SKU")
              .number("ON HAND BEFORE", "ON HAND", "AVAILABLE BEFORE", "AVAILABLE", "MISSING");
      for (var row : result.path("done")) {
        table.row(
            at(row, "sku"),
            at(row, "onHandBefore"),
            at(row, "onHand"),
            at(row, "availableBefore"),
            at(row, "available"),
            at(row, "missing"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      if (dryRun) {
        say("Nothing was changed.");
      }
      for (var row : result.path("refused")) {
        say(Text.line(at(row, "sentence")));
      }
    }

    private ObjectNode row(ObjectNode row, String text) {
      if (!counted) {
        return row.put("sku", text.strip());
      }
      var split = text.lastIndexOf('=');
      if (split <= 0) {
        throw new Sentence("'%s' is no row; write SKU=3.".formatted(text));
      }
      var units = text.substring(split + 1).strip();
      try {
        return row.put("sku", text.substring(0, split).strip())
            .put("quantity", new BigDecimal(units));
      } catch (NumberFormatException e) {
        throw new Sentence("'%s' is no row: '%s' is no number.".formatted(text, units));
      }
    }

    @Override
    final int exitCode() {
      return refused ? 1 : 0;
    }
  }

  @Command(
      name = "adjust",
      description = "Add units that were found, or take off what is gone.",
      footer = {
        "Example:",
        "  serai stock adjust --node nj-1 --reason 'Broken on the way' MUG-BLU=-2"
      })
  static final class Adjust extends Change {
    Adjust(Session session) {
      super(session, "adjust", true);
    }
  }

  @Command(
      name = "receive",
      description = "Take units in from a supplier, another node or a buyer.",
      footer = {"Example:", "  serai stock receive --node nj-1 --advice PO-7 MUG-BLU=40"})
  static final class Receive extends Change {
    @Option(
        names = "--advice",
        paramLabel = "NAME",
        description = "The announcement that they belong to.")
    String advice;

    @Option(
        names = "--condition",
        paramLabel = "CONDITION",
        description = "sellable (usual), damaged or quarantined.")
    String condition;

    Receive(Session session) {
      super(session, "receive", true);
    }

    @Override
    void complete(ObjectNode row) {
      if (advice != null) {
        row.put("advice", advice);
      }
      if (condition != null) {
        row.put("condition", condition);
      }
    }
  }

  @Command(
      name = "move",
      description = "Move units to another condition; they stay on hand.",
      footer = {
        "Example:",
        "  serai stock move --node nj-1 --from sellable --to damaged MUG-BLU=2"
      })
  static final class Move extends Change {
    @Option(
        names = "--from",
        paramLabel = "CONDITION",
        required = true,
        description = "sellable, damaged or quarantined.")
    String from;

    @Option(
        names = "--to",
        paramLabel = "CONDITION",
        required = true,
        description = "sellable, damaged or quarantined.")
    String to;

    Move(Session session) {
      super(session, "move", true);
    }

    @Override
    void complete(ObjectNode row) {
      row.put("from", from).put("to", to);
    }
  }

  @Command(
      name = "freeze",
      description = "Promise nothing more of SKUs at a node, for a count.",
      footer = {"Example:", "  serai stock freeze --node nj-1 MUG-BLU MUG-RED"})
  static final class Freeze extends Change {
    Freeze(Session session) {
      super(session, "freeze", false);
    }
  }

  @Command(
      name = "unfreeze",
      description = "End a freeze without a count.",
      footer = {"Example:", "  serai stock unfreeze --node nj-1 MUG-BLU"})
  static final class Unfreeze extends Change {
    Unfreeze(Session session) {
      super(session, "unfreeze", false);
    }
  }

  @Command(
      name = "count",
      description = "Report what people counted, promised units included; ends a freeze.",
      footer = {"Example:", "  serai stock count --node nj-1 MUG-BLU=11 MUG-RED=0"})
  static final class Count extends Change {
    @Option(
        names = "--at",
        paramLabel = "INSTANT",
        description = "When they were counted; now when absent.")
    String at;

    Count(Session session) {
      super(session, "count", true);
    }

    @Override
    void completeChange(ObjectNode change) {
      if (at != null) {
        change.put("at", at);
      }
    }
  }

  @Command(
      name = "expect",
      description = "Announce units that a supplier is to bring; 0 takes it back.",
      footer = {
        "Example:",
        "  serai stock expect --node nj-1 --advice PO-7 --by 2026-06-01T08:00:00Z MUG-BLU=40"
      })
  static final class Expect extends Change {
    @Option(
        names = "--advice",
        paramLabel = "NAME",
        required = true,
        description = "The purchase order or delivery.")
    String advice;

    @Option(
        names = "--by",
        paramLabel = "INSTANT",
        required = true,
        description = "When they are to come.")
    String by;

    Expect(Session session) {
      super(session, "expect", true);
    }

    @Override
    void complete(ObjectNode row) {
      row.put("advice", advice).put("expectedAt", by);
    }
  }
}
