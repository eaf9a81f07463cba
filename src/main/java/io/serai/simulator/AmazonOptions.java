package io.serai.simulator;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How an Amazon seller account is set up. Unset things have quiet defaults: free port, the usage
 * plans Amazon gives everybody, one marketplace.
 */
public final class AmazonOptions {

  final Path folder;
  String name = "amazon";
  int port;
  String sellerId = "A2SERAISIM0001";
  String marketplaceId = "ATVPDKIKX0DER";
  String clientId = "amzn1.application-oa2-client.serai";
  String clientSecret = "lwa-secret";
  String refreshToken = "Atzr|serai";
  String accessKey = "AKIASERAISIM";
  String secretKey = "sqs-secret";
  Duration tokenLife = Duration.ofHours(1);
  Duration pendingFor = Duration.ofMinutes(30);
  Duration feedTakes = Duration.ofSeconds(2);
  Duration visibility = Duration.ofSeconds(30);
  double quotaFactor = 1;
  boolean notifies = true;
  boolean personalData = true;
  int articles = 60;
  int initialStock = 1000;
  long seed = 1;
  Clock clock = Clock.systemUTC();

  private AmazonOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static AmazonOptions in(Path folder) {
    return new AmazonOptions(folder);
  }

  /** As a demo wants it: a busy seller, whose quotas are large and whose buyers pay soon. */
  static AmazonOptions of(ChannelSetup setup) {
    return in(setup.folder())
        .port(setup.port())
        .articles(setup.articles())
        .initialStock(setup.stock())
        .seed(setup.seed())
        .notifies(setup.hub() != null)
        .pendingFor(Duration.ofSeconds(3))
        .quotas(200);
  }

  /** Names the ledger's file, so that several may share a folder. */
  public AmazonOptions named(String value) {
    name = value;
    return this;
  }

  /** Listens here; 0 takes a free port. */
  public AmazonOptions port(int value) {
    port = value;
    return this;
  }

  /** Who sells, and in which marketplace. */
  public AmazonOptions seller(String id, String marketplace) {
    sellerId = id;
    marketplaceId = marketplace;
    return this;
  }

  /** The application's credentials and the seller's consent to it. */
  public AmazonOptions credentials(String client, String secret, String consent) {
    clientId = client;
    clientSecret = secret;
    refreshToken = consent;
    return this;
  }

  /** The keys the queue is read with. */
  public AmazonOptions queueKeys(String access, String secret) {
    accessKey = access;
    secretKey = secret;
    return this;
  }

  /** How long an access token is good for. */
  public AmazonOptions tokenLife(Duration value) {
    tokenLife = value;
    return this;
  }

  /** How long the payment of an order is pending, where it is at all. */
  public AmazonOptions pendingFor(Duration value) {
    pendingFor = value;
    return this;
  }

  /** How long a feed waits before it is processed. */
  public AmazonOptions feedTakes(Duration value) {
    feedTakes = value;
    return this;
  }

  /** How long a received message stays hidden when the receiver names no time. */
  public AmazonOptions visibility(Duration value) {
    visibility = value;
    return this;
  }

  /** Multiplies every rate and burst: what Amazon grants to busy sellers. */
  public AmazonOptions quotas(double factor) {
    quotaFactor = factor;
    return this;
  }

  /** Whether order changes are told through the queue. */
  public AmazonOptions notifies(boolean value) {
    notifies = value;
    return this;
  }

  /** Whether the application has the role that buyers and addresses are shown to. */
  public AmazonOptions personalData(boolean value) {
    personalData = value;
    return this;
  }

  /** How many articles are listed. */
  public AmazonOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many of each are shown as in stock at first. */
  public AmazonOptions initialStock(int value) {
    initialStock = value;
    return this;
  }

  /** Where chance begins. */
  public AmazonOptions seed(long value) {
    seed = value;
    return this;
  }

  /** What time it is. */
  public AmazonOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
