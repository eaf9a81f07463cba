package io.serai.catalog;

import java.util.List;

/**
 * Judges a whole catalogue without running it. The one who can start routes implements it, so that
 * the command line needs no Camel.
 */
public interface Inspection {
  /**
   * Everything wrong with the files of an edition.
   *
   * @param mappings compiles what the edition names
   * @param configuration accounts to run the templates for, or null to invent one per connector
   */
  List<Fault> inspect(Edition edition, Mappings mappings, Configuration configuration);
}
