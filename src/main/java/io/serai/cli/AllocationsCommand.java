package io.serai.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai allocations}: who ships what, and who would. */
@Command(
    name = "allocations",
    description = "See which node ships an order and why, or would ship one that may come.",
    subcommands = {AllocationsCommand.Quote.class, AllocationsCommand.Show.class})
final class AllocationsCommand {

  @Command(
      name = "quote",
      description = "Ask who would ship an order now; nothing is reserved.",
      footer = {
        "Examples:",
        "  serai allocations quote --country US --postal-code 10012 MUG-BLU=2",
        "  serai allocations quote --file order.json"
      })
  static final class Quote extends OperatorVerb {
    @Parameters(
        index = "0..*",
        arity = "0..*",
        paramLabel = "SKU=UNITS",
        description = "What is wanted.")
    List<String> wanted;

    @Option(names = "--country", paramLabel = "CC", description = "Country it goes to, as US.")
    String country;

    @Option(names = "--region", paramLabel = "REGION", description = "State or province.")
    String region;

    @Option(names = "--postal-code", paramLabel = "CODE", description = "Postal code.")
    String postalCode;

    @Option(names = "--deliver-by", paramLabel = "TIME", description = "When it has to arrive.")
    String deliverBy;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "As much of a canonical order as is known, in JSON; - reads the input.")
    String file;

    private boolean available;

    Quote(Session session) {
      super(session);
    }

    @Override
    void run() {
      var quote = hub().post("/allocations/quote", order());
      available = quote.path("available").asBoolean();
      if (asJson(quote)) {
        return;
      }
      say(session.terminal().bold(available ? "It could leave now." : "It could not leave now."));
      field("rules", at(quote, "/decision/rule"));
      new DecisionView(this).print(quote.path("decision"));
    }

    @Override
    int exitCode() {
      return available ? 0 : 1;
    }

    private Object order() {
      if (file != null) {
        try {
          return Json.tree(new String(DeadLettersCommand.read(file), StandardCharsets.UTF_8));
        } catch (Json.Unreadable e) {
          throw new Sentence("File '%s': %s".formatted(file, e.getMessage()));
        }
      }
      if (wanted == null || wanted.isEmpty()) {
        throw new Sentence("Nothing is wanted; give SKU=UNITS or --file.");
      }
      var order = JsonNodeFactory.instance.objectNode();
      var address = order.putObject("shipTo").putObject("address");
      address.put("countryCode", country);
      address.put("region", region);
      address.put("postalCode", postalCode);
      if (deliverBy != null) {
        order.putObject("service").put("deliverBy", deliverBy);
      }
      var lines = order.putArray("lines");
      for (var want : wanted) {
        var split = want.lastIndexOf('=');
        if (split <= 0 || !want.substring(split + 1).matches("[0-9]{1,9}")) {
          throw new Sentence("'%s' is no wish; write SKU=2.".formatted(want));
        }
        lines
            .addObject()
            .put("sku", want.substring(0, split))
            .put("quantity", Integer.parseInt(want.substring(split + 1)));
      }
      return order;
    }
  }

  @Command(
      name = "show",
      description = "Show why an order went where it went.",
      footer = {"Example:", "  serai allocations show shopify-main:820982911946154508"})
  static final class Show extends OperatorVerb {
    @Parameters(
        index = "0",
        paramLabel = "ORDER",
        description = "Id, account:number or account:channel id.")
    String order;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var decision = hub().get("/orders/" + Hub.segment(order) + "/decision");
      if (asJson(decision)) {
        return;
      }
      say(session.terminal().bold("Decision for " + at(decision, "orderId")));
      field("rules", at(decision, "ruleVersion"));
      field("decided", time(decision, "decidedAt"));
      new DecisionView(this).print(decision.path("document"));
    }
  }
}
