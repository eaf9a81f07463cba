package io.serai.allocation;

import java.util.Set;

/** Between which countries goods are declared. */
final class Customs {
  private static final Set<String> UNION =
      Set.of(
          ("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK")
              .split(" "));

  private Customs() {}

  /** Whether what goes from one country to another is declared; not where one is not known. */
  static boolean between(String from, String to) {
    return from != null
        && to != null
        && !from.equals(to)
        && !(UNION.contains(from) && UNION.contains(to));
  }
}
