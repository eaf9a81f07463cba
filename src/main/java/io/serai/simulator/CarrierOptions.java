package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** How a carrier is set up. Unset things have quiet defaults: free port, honest, moves nothing. */
public final class CarrierOptions {

  final Path folder;
  String name;
  int port;
  URI webhooksTo;
  String key = "carrier-key";
  String secret = "carrier-secret";
  Duration voidWindow = Duration.ofDays(28);
  Duration scanEvery = Duration.ZERO;
  Duration retrySpan = Duration.ofHours(4);
  String priceFactor = "1.00";
  long seed = 1;
  Clock clock = Clock.systemUTC();

  private CarrierOptions(Path folder) {
    this.folder = folder;
  }

  /** Keeps the ledger in this folder; opening the same folder again resumes. */
  public static CarrierOptions in(Path folder) {
    return new CarrierOptions(folder);
  }

  /** Names the ledger's file, so that several may share a folder. */
  public CarrierOptions named(String value) {
    name = value;
    return this;
  }

  /** Listens here; 0 takes a free port. */
  public CarrierOptions port(int value) {
    port = value;
    return this;
  }

  /** Tells of parcels there; {@code null} tells nobody. */
  public CarrierOptions webhooksTo(URI value) {
    webhooksTo = value;
    return this;
  }

  /** How long after its purchase a label may be taken back. */
  public CarrierOptions voidWindow(Duration value) {
    voidWindow = value;
    return this;
  }

  /** Scans each parcel that often, from its pick-up to its delivery; zero scans only when told. */
  public CarrierOptions scanEvery(Duration value) {
    scanEvery = value;
    return this;
  }

  /** What its prices are multiplied by. */
  public CarrierOptions prices(String factor) {
    priceFactor = factor;
    return this;
  }

  /** How long it goes on telling what nobody takes. */
  public CarrierOptions retrySpan(Duration value) {
    retrySpan = value;
    return this;
  }

  /** Its clock. */
  public CarrierOptions clock(Clock value) {
    clock = value;
    return this;
  }
}
