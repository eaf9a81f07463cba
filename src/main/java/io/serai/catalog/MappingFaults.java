package io.serai.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Says what keeps mappings from being compiled, as faults of their files. */
public final class MappingFaults {
  private static final Pattern LEAD = Pattern.compile("^Mapping '[^']*'( line [0-9]+)?[: ]*");

  private MappingFaults() {}

  /** The faults of every mapping of an edition. */
  public static List<Fault> of(Edition edition, Mappings mappings) {
    var faults = new ArrayList<Fault>();
    for (var name : edition.mappings()) {
      faults.addAll(of(name, edition, mappings));
    }
    return faults;
  }

  /** The faults of one mapping, by its name below {@code mappings/}; none when it is no JSLT. */
  public static List<Fault> of(String name, Edition edition, Mappings mappings) {
    var file = edition.files().get("mappings/" + name);
    if (file == null || !name.endsWith(".jslt")) {
      return List.of();
    }
    var faults = new ArrayList<Fault>();
    if (!file.text().startsWith("//")) {
      faults.add(
          new Fault(
              file.path(),
              1,
              "Mapping '" + name + "' does not say what it maps",
              "Begin it with a comment: from what, to what, at which version"));
    }
    try {
      mappings.compile(name, file.text());
    } catch (MappingException e) {
      faults.add(fault(e));
    }
    return faults;
  }

  /** The fault a mapping's exception tells of. */
  public static Fault fault(MappingException e) {
    var sentence = LEAD.matcher(e.getMessage().strip()).replaceFirst("");
    while (sentence.endsWith(".")) {
      sentence = sentence.substring(0, sentence.length() - 1);
    }
    return new Fault(
        "mappings/" + e.mapping(),
        e.line(),
        "Mapping '" + e.mapping() + "' cannot be used: " + sentence,
        "Correct the mapping");
  }
}
