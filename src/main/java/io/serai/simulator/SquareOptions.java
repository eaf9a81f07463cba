package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How a Square seller is set up. Unset things have quiet defaults: free port, prompt, honest. */
public final class SquareOptions {

  final Path folder;
  int port;
  URI notificationsTo;
  String accessToken = "square-access-token";
  String signatureKey = "square-signature-key";
  String location = "LH0B0KEN";
  String node = "hoboken";
  int articles = 60;
  int shelf = 1000;
  long seed = 1;
  Duration retrySpan = Duration.ofHours(4);
  Clock clock = Clock.systemUTC();

  private SquareOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static SquareOptions in(Path folder) {
    return new SquareOptions(folder);
  }

  /** As a process of several channels is set up: what lies in reach of its till is soon gone. */
  static SquareOptions of(ChannelSetup setup) {
    return in(setup.folder())
        .port(setup.port())
        .notificationsTo(setup.webhooks())
        .articles(setup.articles())
        .seed(setup.seed() + 2)
        .node(setup.store())
        .shelf(1)
        .retrySpan(setup.retrySpan());
  }

  /** Listens here; 0 takes a free port. */
  public SquareOptions port(int value) {
    port = value;
    return this;
  }

  /** Tells of orders there, and signs this very address; {@code null} tells nobody. */
  public SquareOptions notificationsTo(URI value) {
    notificationsTo = value;
    return this;
  }

  /** The access token it accepts. */
  public SquareOptions accessToken(String value) {
    accessToken = value;
    return this;
  }

  /** The hub's node that its one location is. */
  public SquareOptions node(String value) {
    node = value;
    return this;
  }

  /** How many articles there are; the named ones come first. */
  public SquareOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many units of each article lie at the till. */
  public SquareOptions shelf(int value) {
    shelf = value;
    return this;
  }

  /** Where its chance begins: the same seed gives the same sales. */
  public SquareOptions seed(long value) {
    seed = value;
    return this;
  }

  /** Over how long the retries of a webhook are spread. */
  public SquareOptions retrySpan(Duration value) {
    retrySpan = value;
    return this;
  }

  /** The clock it lives by. */
  public SquareOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
