package io.serai;

/** Entry point of the one jar. */
public final class Serai {
  private Serai() {}

  /** Runs the command line. */
  public static void main(String[] arguments) {}
}
