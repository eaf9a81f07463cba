package io.serai.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.stock.Item.Part;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ItemsTest {
  private static Item item(String sku, Part... components) {
    return new Item(sku, null, Set.of(), null, null, null, List.of(components));
  }

  private static Items items(List<Item> items, CrossReference... references) {
    return new Items(items, List.of(references));
  }

  @Test
  void aCodeThatNobodyExplainedIsItsOwnSku() {
    assertThat(Items.NONE.meaning("shop", "MUG")).isEmpty();
    assertThat(Items.NONE.parts("shop", "MUG")).containsExactly(new Part("MUG", 1));
    assertThat(items(List.of(item("MUG"))).plain()).isTrue();
  }

  @Test
  void aSetIsItsComponentsInEveryChannel() {
    var items = items(List.of(item("SET", new Part("MUG", 2), new Part("TEA", 1))));

    assertThat(items.parts("shop", "SET")).containsExactly(new Part("MUG", 2), new Part("TEA", 1));
    assertThat(items.codesOf("TEA")).containsExactly(Map.entry("SET", 1));
  }

  @Test
  void aChannelsOwnWordGoesBeforeThatOfAll() {
    var items =
        items(
            List.of(),
            new CrossReference(null, "BLUE", "MUG-BLU", 1),
            new CrossReference("shop", "BLUE", "TEE-BLU", 1));

    assertThat(items.parts("shop", "BLUE")).containsExactly(new Part("TEE-BLU", 1));
    assertThat(items.parts("other", "BLUE")).containsExactly(new Part("MUG-BLU", 1));
  }

  @Test
  void severalCodesMayMeanOneSku() {
    var items =
        items(
            List.of(),
            new CrossReference("shop", "MUG-6", "MUG", 6),
            new CrossReference("other", "B00MUG", "MUG", 1));

    assertThat(items.codesOf("MUG")).containsExactly(Map.entry("B00MUG", 1), Map.entry("MUG-6", 6));
  }

  @Test
  void aPackOfSetsIsSoManyOfEachComponent() {
    var items =
        items(
            List.of(item("SET", new Part("MUG", 2), new Part("TEA", 1))),
            new CrossReference("shop", "SET-3", "SET", 3));

    assertThat(items.parts("shop", "SET-3"))
        .containsExactly(new Part("MUG", 6), new Part("TEA", 3));
    assertThat(items.codesOf("MUG")).containsExactly(Map.entry("SET", 2), Map.entry("SET-3", 6));
  }

  @Test
  void aChannelMaySellPacksUnderTheSkuItself() {
    var items = items(List.of(), new CrossReference("shop", "MUG", "MUG", 6));

    assertThat(items.plain()).isFalse();
    assertThat(items.parts("shop", "MUG")).containsExactly(new Part("MUG", 6));
    assertThat(items.parts("other", "MUG")).containsExactly(new Part("MUG", 1));
  }

  @Test
  void aLineWithoutACodeMeansNothing() {
    var items = items(List.of(), new CrossReference("shop", "MUG", "MUG", 6));

    assertThat(items.meaning("shop", null)).isEmpty();
  }
}
