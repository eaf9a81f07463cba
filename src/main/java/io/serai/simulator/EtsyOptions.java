package io.serai.simulator;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How an Etsy shop is set up. Unset things have quiet defaults: free port, prompt and honest. */
public final class EtsyOptions {

  final Path folder;
  int port;
  long shopId = 28_190_114;
  String keystring = "k3ystr1ngofthedemo";
  String sharedSecret = "etsy-shared-secret";
  String refreshToken = "41907733.refresh-of-the-demo";
  Duration tokenLife = Duration.ofHours(1);
  int perSecond = 10;
  int perDay = 10_000;
  int articles = 60;
  int initialStock = 500;
  long seed = 1;
  Clock clock = Clock.systemUTC();

  private EtsyOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static EtsyOptions in(Path folder) {
    return new EtsyOptions(folder);
  }

  /** Listens here; 0 takes a free port. */
  public EtsyOptions port(int value) {
    port = value;
    return this;
  }

  /** The refresh token it accepts. */
  public EtsyOptions refreshToken(String value) {
    refreshToken = value;
    return this;
  }

  /** How long an access token is accepted. */
  public EtsyOptions tokenLife(Duration value) {
    tokenLife = value;
    return this;
  }

  /** How many calls it takes in a second and in a day. */
  public EtsyOptions quota(int second, int day) {
    perSecond = second;
    perDay = day;
    return this;
  }

  /** How many articles it offers; the named ones come first. */
  public EtsyOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many of each article it shows at first, 1 to 999. */
  public EtsyOptions initialStock(int value) {
    initialStock = value;
    return this;
  }

  /** Where its chance begins: the same seed gives the same orders. */
  public EtsyOptions seed(long value) {
    seed = value;
    return this;
  }

  /** The clock it lives by. */
  public EtsyOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
