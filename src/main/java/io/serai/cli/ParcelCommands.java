package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai orders pack|parcels|label|void-label|hand-over}: what is packed here. */
final class ParcelCommands {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,7})(?::([0-9]{1,5})x([0-9]{1,5})x([0-9]{1,5}))?");

  private ParcelCommands() {}

  private static void show(OperatorVerb verb, JsonNode parcels) {
    if (verb.asJson(parcels)) {
      return;
    }
    if (parcels.isEmpty()) {
      verb.say("Nothing of it is packed, and no carrier told of it.");
      return;
    }
    var table =
        verb.table().text("PARCEL", "NODE", "STATE", "CARRIER", "TRACKING", "SCANS SAY", "LABEL");
    for (var parcel : parcels) {
      var service = OperatorVerb.at(parcel, "service");
      table.row(
          OperatorVerb.at(parcel, "id"),
          OperatorVerb.at(parcel, "node"),
          OperatorVerb.at(parcel, "state"),
          service == null
              ? OperatorVerb.at(parcel, "carrier")
              : OperatorVerb.at(parcel, "carrier") + " " + service,
          OperatorVerb.at(parcel, "trackingNumber"),
          OperatorVerb.at(parcel, "trackingState"),
          OperatorVerb.at(parcel, "label"));
    }
    table.print();
    for (var parcel : parcels) {
      var choice = parcel.path("choice");
      if (choice.isObject()) {
        verb.say("%s: %s", OperatorVerb.at(parcel, "id"), OperatorVerb.at(choice, "sentence"));
        for (var offer : choice.path("offers")) {
          verb.say(
              "  %s %s for %s %s %s",
              OperatorVerb.at(offer, "account"),
              OperatorVerb.at(offer, "name") == null
                  ? OperatorVerb.at(offer, "service")
                  : OperatorVerb.at(offer, "name"),
              offer.at("/cost/amount").asText(),
              offer.at("/cost/currency").asText(),
              OperatorVerb.at(offer, "why"));
        }
      }
    }
  }

  @Command(
      name = "parcels",
      description = "Show an order's parcels: carrier and why, label, where its scans say it is.",
      footer = {"Example:", "  serai orders parcels shopify-main:820982911946154508"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      show(this, hub().get("/orders/" + Hub.segment(order) + "/parcels"));
    }
  }

  @Command(
      name = "pack",
      description = "Say what was packed: each parcel is offered to the node's carriers.",
      footer = {
        "Examples:",
        "  serai orders pack ord_… --parcel 900:300x200x100",
        "  serai orders pack ord_… --parcel 900 --line 1001-1=2"
      })
  static final class Pack extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(
        names = "--parcel",
        paramLabel = "GRAMS[:LxWxH]",
        required = true,
        description = "Weight in grams and edges in millimeters; several only without --line.")
    List<String> parcels;

    @Option(
        names = "--line",
        paramLabel = "LINE=UNITS",
        description = "What is in the parcel; all that is not packed yet when absent.")
    Map<String, Integer> lines;

    @Option(
        names = "--fulfillment",
        paramLabel = "ID",
        description = "Which request; the only one that can be packed when absent.")
    String fulfillment;

    Pack(Session session) {
      super(session);
    }

    @Override
    void run() {
      if (lines != null && parcels.size() > 1) {
        throw new Sentence(
            "--line says what is in one parcel, and %d are given. Pack them one after the other."
                .formatted(parcels.size()));
      }
      var packed = new ArrayList<Map<String, Object>>();
      for (var text : parcels) {
        var size = SIZE.matcher(text);
        if (!size.matches()) {
          throw new Sentence(
              "--parcel is '%s'; write grams, or grams and edges as 900:300x200x100."
                  .formatted(text));
        }
        var one = new LinkedHashMap<String, Object>();
        one.put("weight", Integer.valueOf(size.group(1)));
        if (size.group(2) != null) {
          one.put("length", Integer.valueOf(size.group(2)));
          one.put("width", Integer.valueOf(size.group(3)));
          one.put("height", Integer.valueOf(size.group(4)));
        }
        if (lines != null) {
          one.put(
              "lines",
              lines.entrySet().stream()
                  .map(line -> Map.of("lineId", line.getKey(), "quantity", line.getValue()))
                  .toList());
        }
        packed.add(one);
      }
      show(
          this,
          hub()
              .post(
                  "/orders/" + Hub.segment(order) + "/pack",
                  Hub.body("fulfillment", fulfillment, "parcels", packed)));
    }
  }

  @Command(
      name = "label",
      description = "Write the label of a parcel to a file, for the printer.",
      footer = {"Example:", "  serai orders label pcl_… --out label.zpl"})
  static final class LabelFile extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "PARCEL", description = "The parcel's id, pcl_…")
    String parcel;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to.")
    Path out;

    LabelFile(Session session) {
      super(session);
    }

    @Override
    void run() {
      var label = hub().bytes("/parcels/" + Hub.segment(parcel) + "/label");
      try {
        Files.write(out, label);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      say("The label of %s is in '%s' (%d bytes).", parcel, out, label.length);
    }
  }

  /** A verb that does something to a parcel. */
  abstract static class Change extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "PARCEL", description = "The parcel's id, pcl_…")
    String parcel;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Change(Session session) {
      super(session);
    }

    final void change(String verb) {
      show(
          this,
          hub().post("/parcels/" + Hub.segment(parcel) + "/" + verb, Hub.body("reason", reason)));
    }
  }

  @Command(
      name = "void-label",
      description = "Let a carrier take a label back; its units can be packed anew.",
      footer = {"Example:", "  serai orders void-label pcl_… --reason 'the box broke'"})
  static final class VoidLabel extends Change {
    VoidLabel(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("void");
    }
  }

  @Command(
      name = "hand-over",
      description = "Say that the carrier has a parcel, where its scans do not say so.",
      footer = {"Example:", "  serai orders hand-over pcl_… --reason 'the driver has it'"})
  static final class HandOver extends Change {
    HandOver(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("hand-over");
    }
  }

  @Command(
      name = "ask-carriers",
      description = "Offer a parcel that waits to its carriers again, at once.",
      footer = {"Example:", "  serai orders ask-carriers pcl_… --reason 'UPS is back'"})
  static final class AskCarriers extends Change {
    AskCarriers(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("ask-again");
    }
  }

  @Command(
      name = "accept-shipment",
      description = "Let the channel hear of a shipment that differs from what was asked for.",
      footer = {
        "Examples:",
        "  serai orders accept-shipment shp_… --reason 'one more is a gift'",
        "  serai orders accept-shipment shp_… --instead CAP-GRN=1001-1 --reason 'the buyer agreed'"
      })
  static final class AcceptShipment extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "SHIPMENT", description = "The shipment's id, shp_…")
    String shipment;

    @Option(
        names = "--instead",
        paramLabel = "SKU=LINE",
        description = "The line that a SKU nobody asked for stands for.")
    Map<String, String> instead;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    AcceptShipment(Session session) {
      super(session);
    }

    @Override
    void run() {
      var substitutes =
          instead == null
              ? null
              : instead.entrySet().stream()
                  .map(one -> Map.of("sku", one.getKey(), "lineId", one.getValue()))
                  .toList();
      var order =
          hub()
              .post(
                  "/shipments/" + Hub.segment(shipment) + "/accept",
                  Hub.body("reason", reason, "instead", substitutes));
      if (!asJson(order)) {
        say("The channel of %s hears of shipment %s.", at(order, "id"), shipment);
      }
    }
  }

  /** {@code serai parcels}: what is packed here or followed, over all orders. */
  @Command(
      name = "parcels",
      description = "List parcels by state, carrier and node; read one.",
      subcommands = {ListParcels.class, ShowParcel.class})
  static final class All {}

  @Command(
      name = "list",
      description = "List parcels, newest first.",
      footer = {"Examples:", "  serai parcels list --state WAITING", "  serai parcels list 1Z…"})
  static final class ListParcels extends ListVerb {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NUMBER",
        description = "Only with this tracking number.")
    String tracking;

    @Option(names = "--state", paramLabel = "STATE", description = "Only this state.")
    String state;

    @Option(
        names = "--account",
        paramLabel = "ACCOUNT",
        description = "Only labels of this carrier's account.")
    String account;

    @Option(names = "--node", paramLabel = "NODE", description = "Only from this node.")
    String node;

    ListParcels(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/parcels"
                      + Hub.query(
                          "state", state, "account", account, "node", node, "tracking", tracking),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("PARCEL", "ORDER", "NODE")
              .state("STATE")
              .text("CARRIER", "TRACKING", "SCANS SAY", "PACKED", "LAST SCAN");
      for (var parcel : list.path("items")) {
        table.row(
            at(parcel, "id"),
            at(parcel, "number"),
            at(parcel, "node"),
            at(parcel, "state"),
            at(parcel, "carrier"),
            at(parcel, "trackingNumber"),
            at(parcel, "trackingState"),
            time(parcel, "createdAt"),
            time(parcel, "lastScanAt"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "No parcel fits.", "add --limit.");
    }
  }

  @Command(
      name = "show",
      description = "Show a parcel: carrier and why, label, where its scans say it is.",
      footer = {"Example:", "  serai parcels show pcl_…"})
  static final class ShowParcel extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "PARCEL", description = "The parcel's id, pcl_…")
    String parcel;

    ShowParcel(Session session) {
      super(session);
    }

    @Override
    void run() {
      var read = hub().get("/parcels/" + Hub.segment(parcel));
      if (asJson(read)) {
        return;
      }
      show(this, JsonNodeFactory.instance.arrayNode().add(read));
      for (var scan : read.path("scans")) {
        say(
            "  %s %s %s",
            time(scan, "at"), at(scan, "state"), Text.line(scan.path("place").asText("")));
      }
    }
  }
}
