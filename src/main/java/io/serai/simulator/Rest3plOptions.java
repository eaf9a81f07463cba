package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * How a REST 3PL is set up. Unset things have quiet defaults: free port, honest and prompt, ships a
 * second after it accepts.
 */
public final class Rest3plOptions {

  final Path folder;
  String name = "rest3pl";
  int port;
  URI webhooksTo;
  String apiKey = "3pl-key";
  String webhookSecret = "3pl-secret";
  Repeat create = Repeat.IDEMPOTENT;
  Repeat cancel = Repeat.IDEMPOTENT;
  Duration keyLife = Duration.ofDays(30);
  Duration pickAfter = Duration.ofMillis(500);
  Duration shipAfter = Duration.ofSeconds(1);
  Duration retrySpan = Duration.ofHours(4);
  Duration stockEvery = Duration.ZERO;
  boolean splits = true;
  boolean answersLater;
  boolean announcesAcceptance;
  boolean checksAddress;
  boolean acceptsAnySku;
  int articles = 60;
  int initialStock = 1000;
  Map<String, Integer> few = Map.of();
  long seed = 1;
  Clock clock = Clock.systemUTC();

  private Rest3plOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static Rest3plOptions in(Path folder) {
    return new Rest3plOptions(folder);
  }

  /** Names the ledger's file, so that several may share a folder. */
  public Rest3plOptions named(String value) {
    name = value;
    return this;
  }

  /** Listens here; 0 takes a free port. */
  public Rest3plOptions port(int value) {
    port = value;
    return this;
  }

  /** Posts its webhooks to this address; {@code null} sends none. */
  public Rest3plOptions webhooksTo(URI value) {
    webhooksTo = value;
    return this;
  }

  /** The bearer token it accepts. */
  public Rest3plOptions apiKey(String value) {
    apiKey = value;
    return this;
  }

  /** The secret it signs webhooks with. */
  public Rest3plOptions webhookSecret(String value) {
    webhookSecret = value;
    return this;
  }

  /** What happens when a fulfillment is asked for twice. */
  public Rest3plOptions whenCreatedTwice(Repeat value) {
    create = value;
    return this;
  }

  /** What happens when a cancel is asked for twice. */
  public Rest3plOptions whenCancelledTwice(Repeat value) {
    cancel = value;
    return this;
  }

  /** How long an idempotency key is remembered. */
  public Rest3plOptions keyLife(Duration value) {
    keyLife = value;
    return this;
  }

  /** When picking begins; from then on a cancel is refused. */
  public Rest3plOptions pickAfter(Duration value) {
    pickAfter = value;
    return this;
  }

  /** When what was accepted leaves the building. */
  public Rest3plOptions shipAfter(Duration value) {
    shipAfter = value;
    return this;
  }

  /** Over how long the eight retries of a webhook are spread. */
  public Rest3plOptions retrySpan(Duration value) {
    retrySpan = value;
    return this;
  }

  /** How often a stock snapshot is posted; zero for never. */
  public Rest3plOptions stockEvery(Duration value) {
    stockEvery = value;
    return this;
  }

  /** Whether some fulfillments leave in several parcels or shipments. */
  public Rest3plOptions splits(boolean value) {
    splits = value;
    return this;
  }

  /** Answers 202 first and tells by webhook what became of it. */
  public Rest3plOptions answersLater(boolean value) {
    answersLater = value;
    return this;
  }

  /** Posts {@code fulfillment.accepted} also when it has answered 201. */
  public Rest3plOptions announcesAcceptance(boolean value) {
    announcesAcceptance = value;
    return this;
  }

  /** Refuses a request whose address names no country. */
  public Rest3plOptions checksAddress(boolean value) {
    checksAddress = value;
    return this;
  }

  /** Takes any SKU, also one it has never seen. */
  public Rest3plOptions acceptsAnySku(boolean value) {
    acceptsAnySku = value;
    return this;
  }

  /** How many articles it knows; the named ones come first. */
  public Rest3plOptions articles(int value) {
    articles = value;
    return this;
  }

  /** How many of each article it has at first. */
  public Rest3plOptions initialStock(int value) {
    initialStock = value;
    return this;
  }

  /** Of which articles it has another number at first. */
  public Rest3plOptions few(Map<String, Integer> value) {
    few = Map.copyOf(value);
    return this;
  }

  /** Where its chance begins. */
  public Rest3plOptions seed(long value) {
    seed = value;
    return this;
  }

  /** The clock it lives by. */
  public Rest3plOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
