package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.Decision.Outcome;
import io.serai.allocation.Policy;
import io.serai.catalog.Faults;
import io.serai.catalog.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of docs/allocation.md does what the page says it does. */
class AllocationGuideTest {
  private static final String GUIDE = guide();
  private static final Pattern BLOCK =
      Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern FIELD =
      Pattern.compile(
          "^\\| `([a-z]+)\\.([a-zA-Z0-9]+)` \\| ([a-z ]+): (.*) \\|$", Pattern.MULTILINE);
  private static final List<Candidate> NODES = ASite.nodes(block("serai:"));

  private static String guide() {
    try {
      return Files.readString(Path.of("docs/allocation.md"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Stream<String> blocks() {
    var blocks = new ArrayList<String>();
    var found = BLOCK.matcher(GUIDE);
    while (found.find()) {
      blocks.add(found.group(1));
    }
    return blocks.stream();
  }

  private static String block(String holds) {
    return blocks().filter(block -> block.contains(holds)).findFirst().orElseThrow();
  }

  /** A file with the rules of one example. */
  private static String file(String holds) {
    var block = block(holds);
    var start = "name: guide\nhome: US\n";
    return block.startsWith("- ")
        ? start + "rules:\n" + block.indent(2)
        : block.startsWith("name:") ? block : start + block;
  }

  private static ASite site(String holds) {
    return new ASite(NODES).with(file(holds));
  }

  private static String reason(Decision decision, String node) {
    return decision.verdicts().stream()
        .filter(v -> v.node().equals(node))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void everyExampleIsWithoutFault(String block) {
    if (!block.startsWith("serai:")) {
      assertThat(ASite.faults(file(block), NODES)).isEmpty();
    }
  }

  @Test
  void theFileOfTheGuideHoldsTheValuesThatAreThereAnyway() {
    var stated =
        RuleReader.read(block("name: standard"), "", null, NODES, new Faults("x")).policy();

    assertThat(stated.checks()).isEqualTo(Policy.STANDARD.checks());
    assertThat(stated.weights()).isEqualTo(Policy.STANDARD.weights());
    assertThat(stated.splitting()).isEqualTo(Policy.STANDARD.splitting());
    assertThat(stated.rules()).isEmpty();
  }

  @Test
  void theRulesThatCameWithTheHubAreTheStandardOnes() throws IOException {
    var text = Files.readString(Path.of(SourceFile.RULES));

    var policy = RuleReader.read(text, "", null, null, new Faults("x")).policy();

    assertThat(policy.checks()).isEqualTo(Policy.STANDARD.checks());
    assertThat(policy.weights()).isEqualTo(Policy.STANDARD.weights());
    assertThat(policy.splitting()).isEqualTo(Policy.STANDARD.splitting());
    assertThat(policy.rules()).isEmpty();
  }

  @Test
  void preferTheNationalWarehouseWhenTheSlaIsBelow48Hours() {
    var nodes = new ArrayList<>(NODES);
    nodes.add(nodes.remove(0)); // the national warehouse is no longer the first of the list
    var file = file("national-when-urgent");

    var urgent =
        new ASite(nodes).with(file).hasEverywhere("MUG", 9).ordered("MUG", 1).within(47).decide();
    var patient = new ASite(nodes).with(file).hasEverywhere("MUG", 9).ordered("MUG", 1).within(49);
    var unpromised = new ASite(nodes).with(file).hasEverywhere("MUG", 9).ordered("MUG", 1);

    assertThat(urgent.assignments().get(0).node()).isEqualTo("nj-national");
    assertThat(urgent.sentence())
        .isEqualTo(
            "Node 'nj-national' ships all lines: of 4 that have everything it scores highest, with"
                + " 1102.5 points (2.5 for 'priority', 100.0 for 'national-when-urgent'). Rules that"
                + " applied: 'national-when-urgent'.");
    assertThat(patient.ships()).containsExactly("1 MUG from store-soho");
    assertThat(unpromised.ships()).containsExactly("1 MUG from store-soho");
  }

  @Test
  void useTheStoreWhenTheSkuIsPresent() {
    var present = site("soho-when-it-has-it").hasEverywhere("MUG", 9).ordered("MUG", 2);
    var absent =
        site("soho-when-it-has-it")
            .hasEverywhere("MUG", 9)
            .has("MUG", "store-soho", 1)
            .ordered("MUG", 2);

    assertThat(present.ships()).containsExactly("2 MUG from store-soho");
    assertThat(reason(present.decide(), "nj-national"))
        .isEqualTo("is left out: rule 'soho-when-it-has-it' wants 'store-soho', which has it");
    assertThat(absent.ships()).containsExactly("2 MUG from nj-national");
  }

  @Test
  void allInternationalOrdersGoToTheThirdPartyAbroad() {
    var abroad =
        site("name: international").hasEverywhere("MUG", 9).to("DE", "10115").ordered("MUG", 1);
    var atHome = site("name: international").hasEverywhere("MUG", 9).ordered("MUG", 1);
    var outOfStock =
        site("name: international")
            .hasEverywhere("MUG", 9)
            .has("MUG", "world-3pl", 0)
            .to("DE", "10115")
            .ordered("MUG", 1)
            .decide();

    assertThat(abroad.ships()).containsExactly("1 MUG from world-3pl");
    assertThat(atHome.ships()).containsExactly("1 MUG from nj-national");
    assertThat(outOfStock.outcome()).isEqualTo(Outcome.BACKORDERED);
    assertThat(outOfStock.sentence())
        .isEqualTo(
            "Line 1 needs 1 of SKU 'MUG' and 0 can be promised, so the order waits as a whole. Node"
                + " 'nj-national' has 9 and is left out: rule 'international' wants 'world-3pl'. Rules"
                + " that applied: 'international'.");
  }

  @Test
  void fragileGoodsGoToTheSpecialist() {
    var mixed =
        site("fragile-to-specialist")
            .hasEverywhere("MUG", 9)
            .hasEverywhere("VASE", 9)
            .has("VASE", "nj-national", 0)
            .has("MUG", "glass-center", 0)
            .ordered("MUG", 1)
            .ordered("VASE", 1, "fragile");
    var together =
        site("fragile-to-specialist")
            .hasEverywhere("MUG", 9)
            .hasEverywhere("VASE", 9)
            .ordered("VASE", 1, "fragile")
            .ordered("MUG", 1);

    assertThat(mixed.ships()).containsExactly("1 MUG from nj-national", "1 VASE from glass-center");
    assertThat(together.ships())
        .containsExactly("1 VASE from nj-national", "1 MUG from nj-national");
    assertThat(reason(together.decide(), "store-soho"))
        .isEqualTo(
            "may not ship every line: for line 1 it is left out: rule 'fragile-to-specialist' wants"
                + " nodes with 'fragile' in node.capabilities");
  }

  @Test
  void nodesUnderTheirFloorAreProtected() {
    var spared =
        site("balance: 200")
            .has("MUG", "nj-national", 6)
            .has("MUG", "glass-center", 9)
            .ordered("MUG", 2);
    var alone =
        site("balance: 200")
            .has("MUG", "nj-national", 6)
            .has("MUG", "glass-center", 1)
            .ordered("MUG", 2);
    var split =
        new ASite(NODES)
            .with(file("balance: 200").replace("balance: 200", "balance: 4000"))
            .has("MUG", "nj-national", 6)
            .has("MUG", "glass-center", 1)
            .ordered("MUG", 2);

    assertThat(spared.ships()).containsExactly("2 MUG from glass-center");
    assertThat(reason(spared.decide(), "nj-national"))
        .isEqualTo(
            "scores lower: it has 160.0 points for 'balance' (leaves 4 of SKU 'MUG', below the floor"
                + " of 5), the chosen one 200.0");
    assertThat(alone.ships()).containsExactly("2 MUG from nj-national");
    assertThat(split.ships())
        .containsExactlyInAnyOrder("1 MUG from nj-national", "1 MUG from glass-center");
  }

  @Test
  void aStoreIsNotAskedForAHeavyOrderAndAvoidedForACheapOne() {
    var heavy =
        site("spare-the-stores").has("IRON", "store-soho", 9).worth(100).ordered("IRON", 3, 30, 10);
    var cheap =
        site("spare-the-stores")
            .has("MUG", "store-soho", 9)
            .has("MUG", "world-3pl", 9)
            .worth(10)
            .ordered("MUG", 1);
    var usual =
        site("spare-the-stores")
            .has("MUG", "store-soho", 9)
            .has("MUG", "world-3pl", 9)
            .worth(60)
            .ordered("MUG", 1);

    assertThat(heavy.decide().outcome()).isEqualTo(Outcome.BACKORDERED);
    assertThat(cheap.ships()).containsExactly("1 MUG from world-3pl");
    assertThat(usual.ships()).containsExactly("1 MUG from store-soho");
  }

  @Test
  void whatACompanyBuysLeavesAsAWholeInOneParcel() {
    var decision =
        site("name: wholesale")
            .has("MUG", "nj-national", 5)
            .has("MUG", "glass-center", 5)
            .forCompany()
            .ordered("MUG", 8)
            .decide();

    assertThat(decision.outcome()).isEqualTo(Outcome.BACKORDERED);
    assertThat(decision.actions().priority()).isEqualTo("b2b");
    assertThat(decision.sentence())
        .startsWith("No node has every line, and the order may not be shared");
  }

  @Test
  void whatIsThereLeavesInAtMostTwoParcels() {
    var decision =
        site("send-what-is-there")
            .has("MUG", "nj-national", 3)
            .has("MUG", "glass-center", 3)
            .has("MUG", "world-3pl", 3)
            .ordered("MUG", 8)
            .decide();

    assertThat(decision.outcome()).isEqualTo(Outcome.PARTLY_ALLOCATED);
    assertThat(decision.shipments()).isEqualTo(2);
    assertThat(decision.shortages().get(0).available()).isEqualTo(6);
  }

  @Test
  void ordersAreMarkedAndHeld() {
    var decision =
        site("look-at-dear-orders")
            .hasEverywhere("MUG-ENGRAVED", 9)
            .worth(2_500)
            .ordered("MUG-ENGRAVED", 1)
            .decide();

    assertThat(decision.actions().tags()).containsExactly("engraving");
    assertThat(decision.actions().holds())
        .extracting(Decision.Hold::reason, Decision.Hold::owner)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "An order above 2000 USD is looked at first.", "risk"));
  }

  @Test
  void aRuleMayOnlyPropose() {
    var decision =
        site("try-the-specialist").hasEverywhere("VASE", 9).ordered("VASE", 1, 350, 1).decide();

    assertThat(decision.assignments().get(0).node()).isEqualTo("glass-center");
    assertThat(decision.actions().suggestOnly()).isTrue();
  }

  @Test
  void theLastRuleKeepsOthersFromBeingAsked() {
    var site =
        site("fragile-first")
            .hasEverywhere("VASE", 9)
            .hasEverywhere("MUG", 9)
            .to("DE", "10115")
            .ordered("VASE", 1, "fragile")
            .ordered("MUG", 1);

    assertThat(site.ships()).containsExactly("1 VASE from glass-center", "1 MUG from world-3pl");
  }

  @Test
  void theFaultsOfTheGuideAreTheOnesItShows() {
    var unknown = "name: guide\nrules:\n- name: dear\n  when: order.valeu > 100\n  tag: dear\n";
    var contradiction =
        """
        name: guide
        home: US
        rules:
        - { name: international, when: destination.country != home, only: world-3pl }

        """
            + block("fragile-to-specialist");

    assertThat(GUIDE).contains(ASite.faults(unknown, NODES));
    assertThat(GUIDE).contains(ASite.faults(contradiction, NODES));
  }

  @Test
  void theTableOfFieldsIsComplete() {
    var found = FIELD.matcher(GUIDE);
    var count = 0;
    while (found.find()) {
      var field = Vocabulary.INSTANCE.fields(found.group(1)).get(found.group(2));
      assertThat(field).as(found.group()).isNotNull();
      assertThat(found.group(4)).isEqualTo(field.about());
      count++;
    }
    assertThat(count)
        .isEqualTo(
            Vocabulary.INSTANCE.things().stream()
                .mapToInt(thing -> Vocabulary.INSTANCE.fields(thing).size())
                .sum());
  }
}
