package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.edi.SetRule.Loop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DictionaryTest {
  private final Dictionary dictionary = Dictionary.x12();

  @Test
  void everySetThatIsExchangedIsThere() {
    assertThat(dictionary.allSets().keySet())
        .containsExactly(
            "810", "824", "846", "850", "855", "856", "860", "865", "940", "943", "944", "945",
            "947", "997", "999");
    assertThat(dictionary.set("940").group()).isEqualTo("OW");
    assertThat(dictionary.set("997").group()).isEqualTo("FA");
  }

  @Test
  void aLevelNamesEachSegmentAndEachLoopOnceSoThatATreeHasOnePlaceForEverySegment() {
    var doubled = new ArrayList<String>();
    dictionary.allSets().values().forEach(set -> collect(set.id(), set.root(), doubled));

    assertThat(doubled).isEmpty();
  }

  private static void collect(String path, Loop loop, List<String> doubled) {
    var names = new HashSet<String>();
    for (var part : loop.parts()) {
      var name = part instanceof Loop ? part.trigger() + "Loop" : part.trigger();
      if (!names.add(name)) {
        doubled.add(path + "." + name);
      }
      if (part instanceof Loop inner) {
        collect(path + "." + name, inner, doubled);
      }
    }
  }

  @Test
  void everyLoopBeginsWithItsMandatorySegment() {
    for (var set : dictionary.allSets().values()) {
      assertThat(set.root().parts().get(0).mandatory()).as(set.id()).isTrue();
      loops(set.root())
          .forEach(
              loop ->
                  assertThat(loop.parts().get(0).mandatory())
                      .as(set.id() + " loop " + loop.name())
                      .isTrue());
    }
  }

  private static List<Loop> loops(Loop loop) {
    var loops = new ArrayList<Loop>();
    for (var part : loop.parts()) {
      if (part instanceof Loop inner) {
        loops.add(inner);
        loops.addAll(loops(inner));
      }
    }
    return loops;
  }

  @Test
  void aLoopBetweenLsAndLeIsBoundToItsLs() {
    var orderLine =
        loops(dictionary.set("940").root()).stream()
            .filter(loop -> loop.name().equals("0330"))
            .findFirst()
            .orElseThrow();
    var sku =
        loops(dictionary.set("940").root()).stream()
            .filter(loop -> loop.name().equals("0310"))
            .findFirst()
            .orElseThrow();

    assertThat(sku.parts().get(orderLine.afterLs()).trigger()).isEqualTo("LS");
    assertThat(sku.afterLs()).isEqualTo(-1);
  }

  @Test
  void aListOfCodesMayHoldRanges() {
    var purpose = dictionary.rule("BEG").parts().get(0).rule();

    assertThat(purpose.codes()).contains("00", "07", "69", "ZZ").doesNotContain("70", "7", "ZY");
  }

  @Test
  void laterVersionsMakeSomeElementsLonger() {
    var reference = dictionary.rule("REF").parts().get(1).rule();

    assertThat(reference.longest(Version.V4010)).isEqualTo(30);
    assertThat(reference.longest(Version.V5010)).isEqualTo(50);
  }
}
