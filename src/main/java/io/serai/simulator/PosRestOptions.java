package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How a store's till is set up. Unset things have quiet defaults: free port, prompt, online. */
public final class PosRestOptions {

  final Path folder;
  int port;
  URI uploadsTo;
  String uploadToken = "till-upload-token";
  String node = "hoboken";
  int articles = 60;
  int shelf = 1000;
  long seed = 1;
  boolean oftenOffline;
  Duration retrySpan = Duration.ofHours(4);
  Clock clock = Clock.systemUTC();

  private PosRestOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static PosRestOptions in(Path folder) {
    return new PosRestOptions(folder);
  }

  /** As a process of several channels is set up: the line to the hub breaks now and then. */
  static PosRestOptions of(ChannelSetup setup) {
    return in(setup.folder())
        .port(setup.port())
        .uploadsTo(setup.webhooks())
        .articles(setup.articles())
        .seed(setup.seed() + 3)
        .node(setup.store())
        .shelf(1)
        .oftenOffline()
        .retrySpan(setup.retrySpan());
  }

  /** Its knobs listen here; 0 takes a free port. */
  public PosRestOptions port(int value) {
    port = value;
    return this;
  }

  /** Sends its tickets there; {@code null} keeps them. */
  public PosRestOptions uploadsTo(URI value) {
    uploadsTo = value;
    return this;
  }

  /** The bearer token it shows. */
  public PosRestOptions uploadToken(String value) {
    uploadToken = value;
    return this;
  }

  /** The hub's node that it stands in. */
  public PosRestOptions node(String value) {
    node = value;
    return this;
  }

  /** How many articles there are; the named ones come first. */
  public PosRestOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many units of each article lie at the till. */
  public PosRestOptions shelf(int value) {
    shelf = value;
    return this;
  }

  /** Where its chance begins: the same seed gives the same sales. */
  public PosRestOptions seed(long value) {
    seed = value;
    return this;
  }

  /** Two of five sales are made while the line is down, and told together when it is up again. */
  public PosRestOptions oftenOffline() {
    oftenOffline = true;
    return this;
  }

  /** Over how long the retries of an upload are spread. */
  public PosRestOptions retrySpan(Duration value) {
    retrySpan = value;
    return this;
  }

  /** The clock it lives by. */
  public PosRestOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
