package io.serai.edi;

/** A group of sets or messages on its way from its header to its trailer. */
interface OpenGroup {
  /** Takes the next segment in it. */
  void segment(Segment segment);

  /** Ends it with its trailer. */
  void end(Segment trailer);

  /** It ends without its trailer, before this segment or, when it is null, with the file. */
  void cutOff(Segment before);

  /** How many faults of it and of what is in it are told so far. */
  int told();

  /** What became of it, once it has ended. */
  GroupReport report();
}
