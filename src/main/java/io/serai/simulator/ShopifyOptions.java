package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How a shop is set up. Unset things have quiet defaults: free port, prompt and honest, every
 * access right.
 */
public final class ShopifyOptions {

  final Path folder;
  String name = "shopify";
  int port;
  URI webhooksTo;
  String domain = "acme.myshopify.com";
  String webhookSecret = "shopify-secret";
  String accessToken = "shpat_simulated";
  String apiVersion = "2026-07";
  int articles = 60;
  int locations = 2;
  int initialStock = 1000;
  long seed = 1;
  double bucket = 2000;
  double restoreRate = 100;
  Duration indexLag = Duration.ZERO;
  Duration routingDelay = Duration.ZERO;
  boolean dropsSubscriptions;
  Duration retrySpan = Duration.ofHours(4);
  Clock clock = Clock.systemUTC();

  private ShopifyOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static ShopifyOptions in(Path folder) {
    return new ShopifyOptions(folder);
  }

  /** Names the ledger's file, so that several shops may share a folder. */
  public ShopifyOptions named(String value) {
    name = value;
    return this;
  }

  /** Listens here; 0 takes a free port. */
  public ShopifyOptions port(int value) {
    port = value;
    return this;
  }

  /** Posts its webhooks to this address; {@code null} sends none. */
  public ShopifyOptions webhooksTo(URI value) {
    webhooksTo = value;
    return this;
  }

  /** The shop's domain, as webhooks name it. */
  public ShopifyOptions domain(String value) {
    domain = value;
    return this;
  }

  /** The secret it signs webhooks with. */
  public ShopifyOptions webhookSecret(String value) {
    webhookSecret = value;
    return this;
  }

  /** The access token it accepts. */
  public ShopifyOptions accessToken(String value) {
    accessToken = value;
    return this;
  }

  /** The API version it serves, whichever is asked for. */
  public ShopifyOptions apiVersion(String value) {
    apiVersion = value;
    return this;
  }

  /** How many articles it sells; the named ones come first. */
  public ShopifyOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many locations it has, from 1 to 3; pick-up is at the last. */
  public ShopifyOptions locations(int value) {
    locations = value;
    return this;
  }

  /** How many of each article are available at each location at first. */
  public ShopifyOptions initialStock(int value) {
    initialStock = value;
    return this;
  }

  /** Where its chance begins: the same seed gives the same orders. */
  public ShopifyOptions seed(long value) {
    seed = value;
    return this;
  }

  /** How many cost points there are at most and how many come back each second. */
  public ShopifyOptions costBucket(double maximum, double perSecond) {
    bucket = maximum;
    restoreRate = perSecond;
    return this;
  }

  /** How long a change takes to be seen by searches over orders. */
  public ShopifyOptions indexLag(Duration value) {
    indexLag = value;
    return this;
  }

  /** How long after its creation an order has its fulfillment orders. */
  public ShopifyOptions routingDelay(Duration value) {
    routingDelay = value;
    return this;
  }

  /** Over how long the eight retries of a webhook are spread. */
  public ShopifyOptions retrySpan(Duration value) {
    retrySpan = value;
    return this;
  }

  /** Ends the subscription to a topic whose webhook was given up, as the real one does. */
  public ShopifyOptions dropsSubscriptions(boolean value) {
    dropsSubscriptions = value;
    return this;
  }

  /** The clock it lives by. */
  public ShopifyOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
