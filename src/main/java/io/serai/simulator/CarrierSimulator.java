package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A carrier, or a house of many carriers: rates, sells labels and takes them back, and tells of
 * scans by webhook.
 *
 * <p>An effect is in its ledger before the answer leaves. A parcel that was under way when the
 * process died goes on after the next start on the same folder.
 */
public final class CarrierSimulator implements Simulator {

  private static final List<String[]> JOURNEY =
      List.of(
          new String[] {"in_transit", "picked_up", "Picked up", "Newark"},
          new String[] {"in_transit", "departed_facility", "Left the sorting center", "Secaucus"},
          new String[] {"out_for_delivery", "out_for_delivery", "Out for delivery", "Hoboken"},
          new String[] {"delivered", "delivered", "Delivered", "Hoboken"});

  private final CarrierOptions options;
  private final String name;
  private final Moods moods;
  private final CarrierBook book;
  private final CarrierApi api;
  private final Timetable timetable;
  private final WebhookSender sender;
  private final ControlApi control;
  private final HttpFace face;
  private final Map<String, Object> parameters;

  private CarrierSimulator(
      CarrierOptions options,
      String name,
      List<CarrierBook.Service> services,
      Function<CarrierSimulator, CarrierApi> api,
      Function<CarrierSimulator, Map<String, Object>> parameters) {
    this.options = options;
    this.name = options.name == null ? name : options.name;
    moods = new Moods(options.seed);
    book =
        new CarrierBook(
            options.folder.resolve(this.name + ".ledger.jsonl"),
            services,
            options.priceFactor,
            options.clock);
    timetable = new Timetable(options.clock, this.name);
    this.api = api.apply(this);
    sender =
        new WebhookSender(
            options.webhooksTo,
            this.api::headers,
            RetrySchedule.over(options.retrySpan),
            Duration.ofSeconds(7),
            moods,
            timetable,
            new Heard());
    control = new ControlApi(this, Map.of("POST scan", this::scanned));
    face =
        new HttpFace(
            options.port,
            request -> control.owns(request) ? control.answer(request) : this.api.answer(request));
    this.parameters = parameters.apply(this);
    book.all().stream().filter(CarrierParcel::bought).forEach(this::goOn);
  }

  /** Opens a house of carriers as EasyPost is one. */
  public static CarrierSimulator easypost(CarrierOptions options) {
    return new CarrierSimulator(
        options,
        "easypost",
        List.of(
            new CarrierBook.Service("GroundAdvantage", "USPS", "5.10", 3),
            new CarrierBook.Service("Priority", "USPS", "8.40", 2),
            new CarrierBook.Service("Express", "USPS", "29.90", 1)),
        EasypostApi::new,
        simulator ->
            Map.of(
                "base-url",
                simulator.url() + "/v2",
                "credentials",
                Base64.getEncoder()
                    .encodeToString((options.key + ":").getBytes(StandardCharsets.UTF_8)),
                "webhook-secret",
                options.secret));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI url() {
    return face.url();
  }

  @Override
  public Moods moods() {
    return moods;
  }

  @Override
  public Ledger ledger() {
    return book.ledger();
  }

  /** The parameters of an account that talks to it. */
  public Map<String, Object> parameters() {
    return parameters;
  }

  /** Scans a parcel, as of some instant, and tells of it. */
  public void scan(String trackingNumber, String status, Instant at) {
    scan(book.byTracking(trackingNumber), status, status, status, "Newark", at);
  }

  /** Tells again of a parcel what it told last. */
  public void tellAgain(String trackingNumber) {
    sender.send(api.told(book.byTracking(trackingNumber)));
  }

  CarrierOptions options() {
    return options;
  }

  CarrierBook book() {
    return book;
  }

  ControlApi control() {
    return control;
  }

  /** Hears that a label was sold. */
  void sold(CarrierParcel parcel) {
    goOn(parcel);
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  private void goOn(CarrierParcel parcel) {
    var done = parcel.scans.size();
    if (options.scanEvery.isPositive() && done < JOURNEY.size()) {
      timetable.in(
          options.scanEvery,
          () -> {
            if (parcel.voidedAt == null && parcel.scans.size() == done) {
              var next = JOURNEY.get(done);
              scan(parcel, next[0], next[1], next[2], next[3], book.now());
              goOn(parcel);
            }
          });
    }
  }

  private void scan(
      CarrierParcel parcel, String status, String code, String text, String city, Instant at) {
    book.scan(parcel, at, status, code, text, city);
    sender.send(api.told(parcel));
  }

  private Answer scanned(Request request) throws Exception {
    var body = request.json();
    var parcel = book.byTracking(body.path("tracking").asText());
    if (parcel == null) {
      return Answer.json(404, Jsons.object().put("scanned", false));
    }
    var status = body.path("status").asText("in_transit");
    scan(parcel, status, status, status, "Newark", book.now());
    return Answer.json(200, Jsons.object().put("scanned", true));
  }

  @Override
  public ObjectNode summary(boolean detail) {
    book.lock().lock();
    try {
      return book.summary(detail);
    } finally {
      book.lock().unlock();
    }
  }

  @Override
  public void close() {
    timetable.close();
    sender.close();
    face.close();
    book.close();
  }

  private final class Heard implements WebhookSender.Listener {
    @Override
    public void acknowledged(Webhook webhook, int status, int attempts) {
      book.note("webhook.acknowledged", webhook.subject());
    }

    @Override
    public void givenUp(Webhook webhook, int lastStatus, int attempts) {
      book.note("webhook.given-up", webhook.subject());
    }

    @Override
    public void dropped(Webhook webhook) {
      book.note("webhook.dropped", webhook.subject());
    }
  }
}
