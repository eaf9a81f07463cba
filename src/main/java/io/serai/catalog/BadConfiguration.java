package io.serai.catalog;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be started with; its message is one sentence per fault. */
public final class BadConfiguration extends RuntimeException {
  private final transient List<Fault> faults;

  /** For these faults, at least one. */
  public BadConfiguration(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  /** What is wrong. */
  public List<Fault> faults() {
    return faults;
  }
}
