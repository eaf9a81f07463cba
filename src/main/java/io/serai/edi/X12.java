package io.serai.edi;

import java.util.Set;

/** What Serai knows of X12, for those who write about it: which sets, segments and elements. */
public final class X12 {
  private static final Set<String> ANSWERS = Set.of("824", "997", "999");

  private X12() {}

  /** The numbers of all sets. */
  public static Set<String> sets() {
    return Dictionary.instance().allSets().keySet();
  }

  /** The functional group a set travels in, or null when there is no such set. */
  public static String group(String set) {
    var rule = Dictionary.instance().set(set);
    return rule == null ? null : rule.group();
  }

  /** What a set is, in words, or null when there is no such set. */
  public static String name(String set) {
    var rule = Dictionary.instance().set(set);
    return rule == null ? null : rule.name();
  }

  /** Whether a set says what became of another. */
  public static boolean answers(String set) {
    return ANSWERS.contains(set);
  }

  /** Whether a set is a functional acknowledgment, which nobody acknowledges. */
  public static boolean acknowledges(String set) {
    return "FA".equals(group(set));
  }

  /** Whether a name is an element of a segment: BEG05. */
  public static boolean hasElement(String name) {
    if (!name.matches("[A-Z][A-Z0-9]{1,2}[0-9]{2}")) {
      return false;
    }
    var rule = Dictionary.instance().rule(name.substring(0, name.length() - 2));
    int place = Integer.parseInt(name.substring(name.length() - 2));
    return rule != null && place >= 1 && place <= rule.parts().size();
  }

  /** Whether a set has a segment, or an element of one, of that name. */
  public static boolean hasPart(String set, String name) {
    var rule = Dictionary.instance().set(set);
    return rule != null
        && (rule.segments().contains(name)
            || hasElement(name) && rule.segments().contains(name.substring(0, name.length() - 2)));
  }
}
