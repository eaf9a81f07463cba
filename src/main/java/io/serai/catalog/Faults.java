package io.serai.catalog;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file while it is read. Not safe for concurrent use. */
public final class Faults {
  private final String file;
  private final List<Fault> found = new ArrayList<>();

  /** For the file named. */
  public Faults(String file) {
    this.file = file;
  }

  /** Notes a fault at a line. */
  public void at(int line, String what, String remedy) {
    found.add(new Fault(file, line, what, remedy));
  }

  /** Notes a fault where the node stands. */
  public void at(Yaml node, String what, String remedy) {
    at(node.line(), what, remedy);
  }

  /** The file these faults belong to. */
  public String file() {
    return file;
  }

  /** Whether nothing was found. */
  public boolean none() {
    return found.isEmpty();
  }

  /** What was found, in order of line. */
  public List<Fault> list() {
    return found.stream().distinct().sorted().toList();
  }
}
