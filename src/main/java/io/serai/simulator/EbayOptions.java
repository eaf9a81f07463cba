package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How an eBay seller is set up. Unset things have quiet defaults: free port, prompt and honest, no
 * daily quota.
 */
public final class EbayOptions {

  final Path folder;
  String name = "ebay";
  int port;
  URI notificationsTo;
  String clientId = "ebay-app";
  String clientSecret = "ebay-secret";
  String refreshToken = "ebay-refresh";
  String verificationToken = "a-verification-token-of-32-characters";
  int articles = 60;
  int initialStock = 1000;
  long seed = 1;
  Duration tokenLife = Duration.ofHours(2);
  int callsPerDay;
  int revisionsPerDay = 250;
  Duration retrySpan = Duration.ofHours(4);
  Clock clock = Clock.systemUTC();

  private EbayOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static EbayOptions in(Path folder) {
    return new EbayOptions(folder);
  }

  /** As a process of several channels is set up; its minutes are days, so listings change a lot. */
  static EbayOptions of(ChannelSetup setup) {
    return in(setup.folder())
        .port(setup.port())
        .notificationsTo(setup.webhooks())
        .articles(setup.articles())
        .initialStock(setup.stock())
        .seed(setup.seed())
        .retrySpan(setup.retrySpan())
        .revisionsPerDay(100_000);
  }

  /** Names the ledger's file, so that several sellers may share a folder. */
  public EbayOptions named(String value) {
    name = value;
    return this;
  }

  /** Listens here; 0 takes a free port. */
  public EbayOptions port(int value) {
    port = value;
    return this;
  }

  /** Posts its notifications to this address; {@code null} sends none. */
  public EbayOptions notificationsTo(URI value) {
    notificationsTo = value;
    return this;
  }

  /** The application that may ask for tokens. */
  public EbayOptions application(String id, String secret) {
    clientId = id;
    clientSecret = secret;
    return this;
  }

  /** What the seller gave the application when it consented. */
  public EbayOptions refreshToken(String value) {
    refreshToken = value;
    return this;
  }

  /** What the owner of the notification endpoint and eBay agreed on. */
  public EbayOptions verificationToken(String value) {
    verificationToken = value;
    return this;
  }

  /** How many articles it sells; the named ones come first. */
  public EbayOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many of each article its listings show at first. */
  public EbayOptions initialStock(int value) {
    initialStock = value;
    return this;
  }

  /** Where its chance begins: the same seed gives the same orders. */
  public EbayOptions seed(long value) {
    seed = value;
    return this;
  }

  /** How long an access token is good for. */
  public EbayOptions tokenLife(Duration value) {
    tokenLife = value;
    return this;
  }

  /** How many calls the application has on a day; 0 for no limit. */
  public EbayOptions callsPerDay(int value) {
    callsPerDay = value;
    return this;
  }

  /** How often a listing may be revised on a day. */
  public EbayOptions revisionsPerDay(int value) {
    revisionsPerDay = value;
    return this;
  }

  /** Over how long the retries of a notification are spread. */
  public EbayOptions retrySpan(Duration value) {
    retrySpan = value;
    return this;
  }

  /** The clock it lives by. */
  public EbayOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
