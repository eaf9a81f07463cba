package io.serai.simulator;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How an EDI 3PL is set up. Unset things have quiet defaults: free ports, prompt, honest. */
public final class X12WarehouseOptions {

  final Path folder;
  int port;
  int sftpPort;
  String name = "x12-3pl";
  String user = "3pl-mailbox";
  String password = "mailbox-password";
  X12.Party us = new X12.Party("ZZ", "HARBOR3PL");
  X12.Party hub = new X12.Party("ZZ", "SERAIHUB");
  String usage = "P";
  String named = "(TA1|997|940|943)_\\d{9}\\.edi";
  String names = "%1$s-%2$09d.edi";
  int articles = 60;
  int initialStock = 1000;
  boolean splits = true;
  Duration shipAfter = Duration.ofSeconds(1);
  Duration stockEvery = Duration.ZERO;
  Duration answerWithin = Duration.ofHours(24);
  long seed = 1;
  Clock clock = Clock.systemUTC();

  private X12WarehouseOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps ledgers and files in this folder; opening the same folder again resumes. */
  public static X12WarehouseOptions in(Path folder) {
    return new X12WarehouseOptions(folder);
  }

  /** Its knobs answer here; 0 takes a free port. */
  public X12WarehouseOptions port(int value) {
    port = value;
    return this;
  }

  /** Its mailbox is here; 0 takes a free port. */
  public X12WarehouseOptions sftpPort(int value) {
    sftpPort = value;
    return this;
  }

  /** Who may log in. */
  public X12WarehouseOptions user(String name, String secret) {
    user = name;
    password = secret;
    return this;
  }

  /** P for real business, T for tests. */
  public X12WarehouseOptions usage(String value) {
    usage = value;
    return this;
  }

  /** How many articles there are; the named ones come first. */
  public X12WarehouseOptions articles(int value) {
    articles = value;
    return this;
  }

  /** Units of each article on its shelves. */
  public X12WarehouseOptions initialStock(int value) {
    initialStock = value;
    return this;
  }

  /** Whether some orders leave in two parcels or on two days. */
  public X12WarehouseOptions splits(boolean value) {
    splits = value;
    return this;
  }

  /** From taken to shipped. */
  public X12WarehouseOptions shipAfter(Duration value) {
    shipAfter = value;
    return this;
  }

  /** How often it sends an 846; zero for never. A real one does at night. */
  public X12WarehouseOptions stockEvery(Duration value) {
    stockEvery = value;
    return this;
  }

  /** After how long a missing 997 is overdue. */
  public X12WarehouseOptions answerWithin(Duration value) {
    answerWithin = value;
    return this;
  }

  /** Where its chance begins. */
  public X12WarehouseOptions seed(long value) {
    seed = value;
    return this;
  }

  /** The clock it lives by. */
  public X12WarehouseOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
