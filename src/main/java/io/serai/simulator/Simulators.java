package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Stand-ins for channels, carriers and a 3PL in one process, with one set of knobs over them.
 *
 * <p>Prints one JSON line with the addresses when everything answers, and stops when its standard
 * input closes or its parent process dies, so that a killed demo leaves nothing behind.
 */
@Command(
    name = "simulators",
    mixinStandardHelpOptions = true,
    description = "Runs stand-ins for channels, carriers and a 3PL on this machine.")
public final class Simulators implements Callable<Integer> {

  @Option(names = "--folder", required = true, description = "Where the ledgers are kept.")
  private Path folder;

  @Option(names = "--hub", description = "Root of the hub; without it no webhooks are sent.")
  private URI hub;

  @Option(
      names = "--as2",
      description = "Where the hub takes AS2 messages; without it the retailer is reached by SFTP.")
  private URI as2;

  @Option(
      names = "--channel",
      paramLabel = "KIND=ACCOUNT",
      description =
          "A channel and its name in the hub, may be repeated; 'all=main' is one of every kind, named as 'shopify-main'.")
  private Map<String, String> channels = new LinkedHashMap<>();

  @Option(
      names = "--carrier",
      paramLabel = "KIND=ACCOUNT",
      description = "A carrier, easypost or ups, and its name in the hub, may be repeated.")
  private Map<String, String> carriers = new LinkedHashMap<>();

  @Option(
      names = "--scan-every",
      defaultValue = "PT1S",
      description = "From one scan of a parcel to the next.")
  private Duration scanEvery;

  @Option(
      names = "--port",
      paramLabel = "NAME=PORT",
      description =
          "Where one listens: a channel, a carrier, rest3pl, x12-3pl, control, or one of these with '-mailbox' behind; else a free port.")
  private Map<String, Integer> ports = new LinkedHashMap<>();

  @Option(names = "--3pl-account", defaultValue = "northwind")
  private String partnerAccount;

  @Option(names = "--edi", description = "The 3PL is reached by X12 files over SFTP.")
  private boolean edi;

  @Option(names = "--shop-domain", defaultValue = "acme.myshopify.com")
  private String shopDomain;

  @Option(names = "--shopify-secret", defaultValue = "shopify-secret")
  private String shopifySecret;

  @Option(names = "--shopify-token", defaultValue = "shpat_simulated")
  private String shopifyToken;

  @Option(names = "--3pl-key", defaultValue = "3pl-key")
  private String partnerKey;

  @Option(names = "--3pl-secret", defaultValue = "3pl-secret")
  private String partnerSecret;

  @Option(names = "--seed", defaultValue = "1", description = "Where chance begins.")
  private long seed;

  @Option(names = "--skus", defaultValue = "60", description = "How many articles there are.")
  private int skus;

  @Option(names = "--locations", defaultValue = "2", description = "Of the shop, 1 to 3.")
  private int locations;

  @Option(names = "--channel-stock", defaultValue = "1000", description = "Of each, in a channel.")
  private int channelStock;

  @Option(names = "--3pl-stock", defaultValue = "1000", description = "Of each, at the 3PL.")
  private int partnerStock;

  @Option(names = "--3pl-few", paramLabel = "SKU=UNITS", description = "Of one, at the 3PL.")
  private Map<String, Integer> few = Map.of();

  @Option(names = "--ship-after", defaultValue = "PT1S", description = "From accepted to shipped.")
  private Duration shipAfter;

  @Option(names = "--stock-every", defaultValue = "PT0S", description = "3PL's stock snapshots.")
  private Duration stockEvery;

  @Option(names = "--index-lag", defaultValue = "PT0S", description = "Lag of the order search.")
  private Duration indexLag;

  @Option(
      names = "--store",
      defaultValue = "hoboken",
      description = "The hub's node that tills sell from.")
  private String store;

  @Option(
      names = "--retry-span",
      defaultValue = "PT4H",
      description = "Over how long a webhook's eight retries are spread.")
  private Duration retrySpan;

  @Option(names = "--cost-bucket", defaultValue = "20000", description = "Cost points at most.")
  private double costBucket;

  @Option(names = "--restore-rate", defaultValue = "1000", description = "Cost points a second.")
  private double restoreRate;

  @Option(
      names = "--3pl-repeat",
      defaultValue = "IDEMPOTENT",
      description = "What the 3PL does when asked twice: ${COMPLETION-CANDIDATES}.")
  private Repeat repeat;

  @Option(
      names = "--mood",
      paramLabel = "NAME:MOOD",
      description = "Such as shopify:flaky=0.1 or rest3pl:answer-lost=0.05; may be repeated.")
  private List<String> moods = new ArrayList<>();

  @Option(names = "--parent", description = "Stops when this process dies; default the parent.")
  private Long parent;

  @Option(names = "--detached", description = "Goes on without standard input and parent.")
  private boolean detached;

  private static final String MAILBOX = "-mailbox";

  private final CountDownLatch stop = new CountDownLatch(1);

  /** Runs until told to stop. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Simulators())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  /** Every kind of channel there is a stand-in for, by the name of its connector. */
  private Map<String, Function<ChannelSetup, ChannelSimulator>> kinds() {
    var kinds = new LinkedHashMap<String, Function<ChannelSetup, ChannelSimulator>>();
    kinds.put("shopify", setup -> ShopifySimulator.start(shopify(setup)));
    kinds.put("etsy", EtsySimulator::join);
    kinds.put("ebay", setup -> EbaySimulator.start(EbayOptions.of(setup)));
    kinds.put("amazon", setup -> AmazonSimulator.start(AmazonOptions.of(setup)));
    kinds.put("square", setup -> SquareSimulator.start(SquareOptions.of(setup)));
    kinds.put("pos-rest", setup -> PosRestSimulator.start(PosRestOptions.of(setup)));
    kinds.put("walmart", setup -> WalmartMailbox.start(WalmartOptions.of(setup)));
    return kinds;
  }

  @Override
  public Integer call() throws Exception {
    var told = System.out;
    System.setOut(System.err); // libraries that talk are no answer
    var open = new ArrayList<AutoCloseable>();
    try {
      var controls = new ArrayList<ControlApi>();
      var line = Jsons.object();
      var list = line.putArray("channels");
      for (var wanted : wanted().entrySet()) {
        var channel = open(wanted.getKey(), wanted.getValue());
        open.addFirst(channel);
        controls.add(channel.control());
        line.set(channel.name(), address(channel.url()));
        if (channel.parameters().containsKey("port")) {
          line.set(channel.name() + MAILBOX, mailbox(channel.parameters()));
        }
        list.addObject()
            .put("name", channel.name())
            .put("account", wanted.getValue())
            .put("connector", channel.connector())
            .set("parameters", Jsons.tree(channel.parameters()));
      }
      var sellers = line.putArray("carriers");
      for (var wanted : carriers.entrySet()) {
        var carrier = carrier(wanted.getKey(), wanted.getValue());
        open.addFirst(carrier);
        controls.add(carrier.control());
        line.set(carrier.name(), address(carrier.url()));
        sellers
            .addObject()
            .put("name", carrier.name())
            .put("account", wanted.getValue())
            .put("connector", wanted.getKey())
            .set("parameters", Jsons.tree(carrier.parameters()));
      }
      if (edi) {
        var partner = X12Warehouse.start(ediPartner());
        open.addFirst(partner);
        controls.add(partner.control());
        line.set(partner.name(), address(partner.url()));
        line.set(partner.name() + MAILBOX, mailbox(partner.parameters()));
        line.set("partner", Jsons.tree(partner.parameters()));
      } else {
        var partner = Rest3plSimulator.start(partner());
        open.addFirst(partner);
        controls.add(partner.control());
        line.set(partner.name(), address(partner.url()));
      }
      var control = new JointControl(port("control"), controls);
      open.addFirst(control);
      line.set("control", address(control.url()));
      line.put("pid", ProcessHandle.current().pid());
      feel(controls);
      told.println(Jsons.text(line));
      told.flush();
      Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
      if (!detached) {
        Lifeline.watch(System.in, parent, stop::countDown);
      }
      stop.await();
    } finally {
      for (var one : open) {
        one.close();
      }
    }
    return 0;
  }

  private Map<String, String> wanted() {
    var all = channels.get("all");
    if (all == null) {
      return channels;
    }
    var wanted = new LinkedHashMap<String, String>();
    kinds().keySet().forEach(kind -> wanted.put(kind, kind + '-' + all));
    channels.forEach((kind, account) -> wanted.put(kind, account));
    wanted.remove("all");
    return wanted;
  }

  private ChannelSimulator open(String kind, String account) {
    var opener = kinds().get(kind);
    if (opener == null) {
      throw new IllegalArgumentException(
          "There is no stand-in for channel '%s'; there is one for %s."
              .formatted(kind, kinds().keySet()));
    }
    return opener.apply(
        new ChannelSetup(
            folder,
            port(kind),
            port(kind + MAILBOX),
            account,
            as2,
            hub,
            seed,
            skus,
            channelStock,
            retrySpan,
            store));
  }

  private int port(String name) {
    return ports.getOrDefault(name, 0);
  }

  private void feel(List<ControlApi> controls) {
    for (var control : controls) {
      var own = control.name() + ':';
      control
          .simulator()
          .moods()
          .set(
              moods.stream()
                  .filter(m -> m.startsWith(own))
                  .map(m -> Mood.parse(m.substring(own.length())))
                  .toList());
    }
  }

  private ShopifyOptions shopify(ChannelSetup setup) {
    return ShopifyOptions.in(setup.folder())
        .port(setup.port())
        .webhooksTo(setup.webhooks())
        .domain(shopDomain)
        .webhookSecret(shopifySecret)
        .accessToken(shopifyToken)
        .articles(setup.articles())
        .locations(locations)
        .initialStock(setup.stock())
        .seed(setup.seed())
        .costBucket(costBucket, restoreRate)
        .indexLag(indexLag)
        .retrySpan(setup.retrySpan());
  }

  private Rest3plOptions partner() {
    return Rest3plOptions.in(folder)
        .port(port("rest3pl"))
        .webhooksTo(ChannelSetup.webhooks(hub, partnerAccount))
        .apiKey(partnerKey)
        .webhookSecret(partnerSecret)
        .whenCreatedTwice(repeat)
        .whenCancelledTwice(repeat)
        .articles(skus)
        .initialStock(partnerStock)
        .few(few)
        .pickAfter(shipAfter.dividedBy(2))
        .shipAfter(shipAfter)
        .stockEvery(stockEvery)
        .retrySpan(retrySpan)
        .seed(seed);
  }

  private CarrierSimulator carrier(String kind, String account) {
    var options =
        CarrierOptions.in(folder)
            .port(port(kind))
            .webhooksTo(ChannelSetup.webhooks(hub, account))
            .scanEvery(scanEvery)
            .retrySpan(retrySpan);
    return switch (kind) {
      case "easypost" -> CarrierSimulator.easypost(options);
      case "ups" -> CarrierSimulator.ups(options);
      default ->
          throw new IllegalArgumentException(
              "There is no stand-in for carrier '%s'; there is one for easypost and ups."
                  .formatted(kind));
    };
  }

  private X12WarehouseOptions ediPartner() {
    return X12WarehouseOptions.in(folder)
        .port(port("x12-3pl"))
        .sftpPort(port("x12-3pl" + MAILBOX))
        .articles(skus)
        .initialStock(partnerStock)
        .shipAfter(shipAfter)
        .stockEvery(stockEvery)
        .seed(seed);
  }

  private static com.fasterxml.jackson.databind.JsonNode mailbox(Map<String, Object> parameters) {
    return Jsons.object().put("port", (int) parameters.get("port"));
  }

  private static com.fasterxml.jackson.databind.JsonNode address(URI url) {
    return Jsons.tree(Map.of("url", url.toString(), "port", url.getPort()));
  }
}
