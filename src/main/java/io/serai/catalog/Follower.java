package io.serai.catalog;

import java.util.List;

/**
 * Takes over what some files of the catalogue say, beside connectors, mappings and routes. What is
 * at fault is not taken over: the last good text stays in effect.
 */
public interface Follower {
  /** Follows an edition; answers what is wrong with the files it reads. */
  List<Fault> follow(Edition edition);

  /** Whether a file, or the last good text of it, is in effect. */
  boolean inEffect(String path);
}
