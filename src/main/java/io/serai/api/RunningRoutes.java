package io.serai.api;

import java.util.List;

/** The routes of this process, as whoever starts them knows them. */
public interface RunningRoutes {
  /**
   * A route.
   *
   * @param kind IN (it takes in), APPLY (it reads and applies), OUT (it sends) or INNER (others
   *     call it)
   * @param inFlight exchanges inside it now, in this process
   */
  record Running(String id, String file, String kind, int inFlight) {}

  /** All of them, stopped ones too, by id. */
  List<Running> routes();

  /** Brings them in line with what is stopped, in this process; others follow within seconds. */
  void heed();
}
