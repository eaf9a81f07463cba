package io.serai.outbox;

/** Hands out permission to ask a destination, shared by all replicas. */
public interface Limiter {
  /** Sets or changes a destination's limit; a rate of 0 is no limit. */
  void describe(Destination destination);

  /** Takes up to so many permits; answers how many there were. */
  int take(String destination, int wanted);

  /** No limits. */
  Limiter UNLIMITED =
      new Limiter() {
        @Override
        public void describe(Destination destination) {}

        @Override
        public int take(String destination, int wanted) {
          return wanted;
        }
      };
}
