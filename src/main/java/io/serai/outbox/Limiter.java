package io.serai.outbox;

/**
 * Hands out permission to ask destinations that declare a rate, shared by all replicas. Permits are
 * held here in small slices, so that most attempts ask nobody.
 */
public interface Limiter {
  /** Sets or changes a destination's limit; without a rate there is none. */
  void describe(Destination destination);

  /** Whether so many permits are at hand; never waits, and takes none. */
  boolean has(String destination, int wanted);

  /** Uses permits that {@link #has} promised; what others took meanwhile is owed. Never waits. */
  void charge(String destination, int taken);

  /** Takes up to so many permits and answers how many. Never waits. */
  int take(String destination, int wanted);

  /** Says how many of the permits taken were used; the others are there again. */
  void used(String destination, int taken, int used);

  /** Says whom to call when permits come that were asked for and not there. */
  void whenAvailable(Runnable available);

  /** No limits. */
  Limiter UNLIMITED =
      new Limiter() {
        @Override
        public void describe(Destination destination) {}

        @Override
        public boolean has(String destination, int wanted) {
          return true;
        }

        @Override
        public void charge(String destination, int taken) {}

        @Override
        public int take(String destination, int wanted) {
          return wanted;
        }

        @Override
        public void used(String destination, int taken, int used) {}

        @Override
        public void whenAvailable(Runnable available) {}
      };
}
