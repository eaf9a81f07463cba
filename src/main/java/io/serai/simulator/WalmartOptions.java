package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How a Walmart mailbox is set up. Unset things have quiet defaults: free port, prompt, honest. */
public final class WalmartOptions {

  final Path folder;
  int port;
  int sftpPort;
  URI as2;
  String user = "vendor-mailbox";
  String password = "mailbox-password";
  X12.Party us = new X12.Party("08", "925485US00");
  X12.Party hub = new X12.Party("ZZ", "SERAIHUB");
  String named = "DSV_(TA1|997|810|846|855|856|865)_[A-Z0-9]+_\\d{9}\\.edi";
  String names = "%1$s-%2$09d.edi";
  String usage = "P";
  String vendor = "123456420";
  String department = "00042";
  int articles = 60;
  long seed = 1;
  Duration answerWithin = Duration.ofHours(24);
  Clock clock = Clock.systemUTC();

  private WalmartOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps ledgers and files in this folder; opening the same folder again resumes. */
  public static WalmartOptions in(Path folder) {
    return new WalmartOptions(folder);
  }

  /** As a process of several channels is set up. */
  static WalmartOptions of(ChannelSetup setup) {
    return in(setup.folder())
        .port(setup.port())
        .sftpPort(setup.mailboxPort())
        .as2(setup.as2())
        .articles(setup.articles())
        .seed(setup.seed() + 6);
  }

  /** Its knobs answer here; 0 takes a free port. */
  public WalmartOptions port(int value) {
    port = value;
    return this;
  }

  /** Its mailbox is here; 0 takes a free port. */
  public WalmartOptions sftpPort(int value) {
    sftpPort = value;
    return this;
  }

  /** It exchanges files over AS2 with the hub that takes messages here, and not over SFTP. */
  public WalmartOptions as2(URI value) {
    as2 = value;
    return this;
  }

  /** Who may log in. */
  public WalmartOptions user(String name, String secret) {
    user = name;
    password = secret;
    return this;
  }

  /** The hub's identity in ISA and GS. */
  public WalmartOptions vendor(String qualifier, String id) {
    hub = new X12.Party(qualifier, id);
    return this;
  }

  /** P for real business, T for tests. */
  public WalmartOptions usage(String value) {
    usage = value;
    return this;
  }

  /** How many articles there are; the named ones come first. */
  public WalmartOptions articles(int value) {
    articles = value;
    return this;
  }

  /** Where its chance begins: the same seed gives the same orders. */
  public WalmartOptions seed(long value) {
    seed = value;
    return this;
  }

  /** After how long a missing 997 is overdue. */
  public WalmartOptions answerWithin(Duration value) {
    answerWithin = value;
    return this;
  }

  /** The clock it lives by. */
  public WalmartOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
