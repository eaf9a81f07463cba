package io.serai.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Both stand-ins in one process, with one set of knobs over them.
 *
 * <p>Prints one JSON line with the addresses when everything answers, and stops when its standard
 * input closes or its parent process dies, so that a killed demo leaves nothing behind.
 */
@Command(
    name = "simulators",
    mixinStandardHelpOptions = true,
    description = "Runs a Shopify shop and a REST 3PL on this machine.")
public final class Simulators implements Callable<Integer> {

  @Option(names = "--folder", required = true, description = "Where the ledgers are kept.")
  private Path folder;

  @Option(names = "--hub", description = "Root of the hub; without it no webhooks are sent.")
  private URI hub;

  @Option(names = "--shopify-port", defaultValue = "0", description = "0 takes a free port.")
  private int shopifyPort;

  @Option(names = "--3pl-port", defaultValue = "0", description = "0 takes a free port.")
  private int partnerPort;

  @Option(names = "--control-port", defaultValue = "0", description = "0 takes a free port.")
  private int controlPort;

  @Option(names = "--shopify-account", defaultValue = "shopify-main")
  private String shopifyAccount;

  @Option(names = "--3pl-account", defaultValue = "northwind")
  private String partnerAccount;

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

  @Option(names = "--channel-stock", defaultValue = "1000", description = "Of each, in the shop.")
  private int channelStock;

  @Option(names = "--3pl-stock", defaultValue = "1000", description = "Of each, at the 3PL.")
  private int partnerStock;

  @Option(names = "--ship-after", defaultValue = "PT1S", description = "From accepted to shipped.")
  private Duration shipAfter;

  @Option(names = "--stock-every", defaultValue = "PT0S", description = "3PL's stock snapshots.")
  private Duration stockEvery;

  @Option(names = "--index-lag", defaultValue = "PT0S", description = "Lag of the order search.")
  private Duration indexLag;

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

  @Option(names = "--shopify-mood", description = "Such as flaky=0.1; may be repeated.")
  private List<String> shopifyMoods = new ArrayList<>();

  @Option(names = "--3pl-mood", description = "Such as answer-lost=0.05; may be repeated.")
  private List<String> partnerMoods = new ArrayList<>();

  @Option(names = "--parent", description = "Stops when this process dies; default the parent.")
  private Long parent;

  @Option(names = "--detached", description = "Goes on without standard input and parent.")
  private boolean detached;

  private final CountDownLatch stop = new CountDownLatch(1);

  /** Runs until told to stop. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Simulators())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (var shopify = ShopifySimulator.start(shopify());
        var partner = Rest3plSimulator.start(partner());
        var control =
            new JointControl(controlPort, List.of(shopify.control(), partner.control()))) {
      shopify.moods().set(shopifyMoods.stream().map(Mood::parse).toList());
      partner.moods().set(partnerMoods.stream().map(Mood::parse).toList());
      var line = Jsons.object();
      line.set("shopify", address(shopify.url()));
      line.set("rest3pl", address(partner.url()));
      line.set("control", address(control.url()));
      line.put("pid", ProcessHandle.current().pid());
      System.out.println(Jsons.text(line));
      System.out.flush();
      Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown));
      if (!detached) {
        Lifeline.watch(System.in, parent, stop::countDown);
      }
      stop.await();
    }
    return 0;
  }

  private ShopifyOptions shopify() {
    return ShopifyOptions.in(folder)
        .port(shopifyPort)
        .webhooksTo(webhooks(shopifyAccount))
        .domain(shopDomain)
        .webhookSecret(shopifySecret)
        .accessToken(shopifyToken)
        .articles(skus)
        .locations(locations)
        .initialStock(channelStock)
        .seed(seed)
        .costBucket(costBucket, restoreRate)
        .indexLag(indexLag)
        .retrySpan(retrySpan);
  }

  private Rest3plOptions partner() {
    return Rest3plOptions.in(folder)
        .port(partnerPort)
        .webhooksTo(webhooks(partnerAccount))
        .apiKey(partnerKey)
        .webhookSecret(partnerSecret)
        .whenCreatedTwice(repeat)
        .whenCancelledTwice(repeat)
        .articles(skus)
        .initialStock(partnerStock)
        .pickAfter(shipAfter.dividedBy(2))
        .shipAfter(shipAfter)
        .stockEvery(stockEvery)
        .retrySpan(retrySpan)
        .seed(seed);
  }

  private URI webhooks(String account) {
    return hub == null
        ? null
        : URI.create(hub.toString().replaceAll("/+$", "") + "/webhooks/" + account);
  }

  private static com.fasterxml.jackson.databind.JsonNode address(URI url) {
    return Jsons.tree(Map.of("url", url.toString(), "port", url.getPort()));
  }
}
