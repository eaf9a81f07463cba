package io.serai.api;

import io.serai.catalog.FileState;
import java.util.List;

/** How the catalogue's files are doing, as whoever starts their routes knows it. */
@FunctionalInterface
public interface RouteStates {
  /** One state a file. */
  List<FileState> states();
}
