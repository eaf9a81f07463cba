package io.serai.stock;

import io.serai.stock.Item.Part;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All items and cross-references of one instant, in memory: what is sold under a code, and under
 * which codes a SKU is sold. Immutable; asking costs no query.
 *
 * <p>What is sold under a code, in this order: the channel's own cross-reference, one of every
 * channel, the set of that SKU, else the SKU itself. The target of a cross-reference may be a set
 * and is no code again.
 */
public final class Items {
  /** Nothing is known: every code is its own SKU. */
  public static final Items NONE = new Items(List.of(), List.of());

  private final Map<String, Item> bySku = new HashMap<>();
  private final Map<String, List<Part>> everywhere = new HashMap<>();
  private final Map<String, Map<String, List<Part>>> byAccount = new HashMap<>();
  private final Map<String, Map<String, Integer>> codes = new HashMap<>();

  /** Those that are given. */
  public Items(Collection<Item> items, Collection<CrossReference> references) {
    for (var item : items) {
      bySku.put(item.sku(), item);
      if (item.isSet()) {
        learn(everywhere, item.sku(), item.components());
      }
    }
    for (var reference : references) {
      var meanings =
          reference.account() == null
              ? everywhere
              : byAccount.computeIfAbsent(reference.account(), name -> new HashMap<>());
      learn(meanings, reference.code(), parts(reference));
    }
  }

  private List<Part> parts(CrossReference reference) {
    var target = bySku.get(reference.sku());
    return target == null || !target.isSet()
        ? List.of(new Part(reference.sku(), reference.quantity()))
        : target.components().stream()
            .map(p -> new Part(p.sku(), Math.multiplyExact(p.quantity(), reference.quantity())))
            .toList();
  }

  private void learn(Map<String, List<Part>> meanings, String code, List<Part> parts) {
    meanings.put(code, parts);
    for (var part : parts) {
      if (!part.sku().equals(code)) {
        codes
            .computeIfAbsent(part.sku(), sku -> new TreeMap<>())
            .merge(code, part.quantity(), Math::max);
      }
    }
  }

  /** Whether every code is its own SKU. */
  public boolean plain() {
    return everywhere.isEmpty() && byAccount.isEmpty();
  }

  /** The item of a SKU, if somebody described it. */
  public Optional<Item> find(String sku) {
    return Optional.ofNullable(bySku.get(sku));
  }

  /** What one of a code is in a channel; empty when the code is its own SKU, once. */
  public List<Part> meaning(String account, String code) {
    if (code == null || plain()) {
      return List.of();
    }
    var own = byAccount.getOrDefault(account, Map.of()).get(code);
    return own != null ? own : everywhere.getOrDefault(code, List.of());
  }

  /** What one of a code takes from stock in a channel, itself included. */
  public List<Part> parts(String account, String code) {
    var meaning = meaning(account, code);
    return meaning.isEmpty() ? List.of(new Part(code, 1)) : meaning;
  }

  /** Under which other codes, in whatever channel, a SKU may be sold, and most units in each. */
  public Map<String, Integer> codesOf(String sku) {
    return codes.getOrDefault(sku, Map.of());
  }
}
