package io.serai.cli;

import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai orders addresses}: corrects the addresses of many orders from a table. */
@Command(
    name = "addresses",
    description = "Correct the addresses of many orders from a table, 500 at most.",
    footer = {
      "Examples:",
      "  serai orders addresses --file addresses.csv --dry-run",
      "  serai orders addresses --file addresses.csv --count 12 --reason 'the shop cut the postal codes'",
      "The first line names the columns, of order,name,street,street2,city,region,postalCode,countryCode; an empty field stays as it is."
    })
final class AddressFixCommand extends OperatorVerb {
  @Option(
      names = "--file",
      paramLabel = "FILE",
      required = true,
      description = "A CSV file; - reads the input.")
  String file;

  @Option(names = "--dry-run", description = "Only look at what it would change.")
  boolean dryRun;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many orders change, as the dry run said: to say that you mean them all.")
  Integer count;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
  String reason;

  @Option(names = "--after-lock", description = "Do it though the time to change an order is over.")
  boolean afterLock;

  private boolean refused;

  AddressFixCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    var csv = new String(DeadLettersCommand.read(file), StandardCharsets.UTF_8);
    var result =
        hub()
            .post(
                "/orders/addresses",
                Hub.body(
                    "csv",
                    csv,
                    "count",
                    count,
                    "dryRun",
                    dryRun ? true : null,
                    "afterLock",
                    afterLock ? true : null,
                    "reason",
                    reason));
    refused = !dryRun && result.path("refused").asInt() > 0;
    if (asJson(result)) {
      return;
    }
    var table = table().text("ORDER").state("WHAT").text("CHANGES", "REMARK");
    for (var row : result.path("rows")) {
      var changes = new StringJoiner("; ");
      for (var change : row.path("changes")) {
        changes.add(
            "%s: %s -> %s"
                .formatted(
                    at(change, "field"),
                    change.path("from").asText("none"),
                    change.path("to").asText("none")));
      }
      table.row(at(row, "given"), at(row, "outcome"), changes.toString(), at(row, "sentence"));
    }
    table.print();
    say(
        dryRun
            ? "%s would change, %s are so already, %s are left. Nothing is changed yet."
            : "%s changed, %s were so already, %s are left.",
        at(result, "changed"),
        at(result, "same"),
        at(result, "refused"));
  }

  @Override
  int exitCode() {
    return refused ? 1 : 0;
  }
}
