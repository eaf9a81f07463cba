package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.catalog.ConnectorProfile.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;

class ConfigurationTest {
  private static final String SHOP =
      """
      connector: shop
      title: Shop
      kind: channel
      description: A shop.
      parameters:
        base-url: { description: The shop's address., required: true, type: url }
        webhook-secret: { description: What signs its webhooks., required: true, secret: true, list: true }
        token: { description: The key of its API., required: true, secret: true }
        publish-stock: { description: Whether stock goes there., type: boolean, default: true }
        page: { description: Orders per page., type: integer, default: 50 }
        wait: { description: How long to wait., type: duration, default: 2s }
        level: { description: Which level., choices: [low, high], default: low }
        mails: { description: Who is told., type: mail }
        locations: { description: Which node feeds which location., type: place, list: true }
      operations:
        stock: { repeat: queryable }
        shipment: { repeat: blind }
      """;
  private static final String WAREHOUSE =
      "{ connector: warehouse, title: Warehouse, kind: partner, description: A warehouse. }";
  private static final String GOOD =
      """
      serai:
        channels:
          shop-main:
            connector: shop
            base-url: "https://acme.example"
            webhook-secret: [newest, older]
            token: shhh-shhh
            publish-stock: false
            wait: 3s
        partners:
          northwind: { connector: warehouse }
        nodes:
          nj-1: { type: 3pl, partner: northwind, country: US, postal-code: "07001" }
      """;

  @TempDir Path folder;
  private Edition edition;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("connectors"));
    Files.writeString(folder.resolve("connectors/shop.connector.yaml"), SHOP);
    Files.writeString(folder.resolve("connectors/warehouse.connector.yaml"), WAREHOUSE);
    edition = Catalog.of(Sources.of(List.of(folder))).edition();
  }

  @Test
  void anAccountHasTypedValuesAndDefaults() {
    var account = read(GOOD).account("shop-main");

    assertThat(account.kind()).isEqualTo(Kind.CHANNEL);
    assertThat(account.url("base-url")).isEqualTo(URI.create("https://acme.example"));
    assertThat(account.secrets("webhook-secret"))
        .extracting(Secret::reveal)
        .containsExactly("newest", "older");
    assertThat(account.secret("token").reveal()).isEqualTo("shhh-shhh");
    assertThat(account.flag("publish-stock")).isFalse();
    assertThat(account.number("page")).isEqualTo(50);
    assertThat(account.duration("wait")).isEqualTo(Duration.ofSeconds(3));
    assertThat(account.text("level")).isEqualTo("low");
    assertThat(account.repeat("stock")).isEqualTo(Repeat.QUERYABLE);
    assertThat(account.repeat("invoice")).isEqualTo(Repeat.BLIND);
  }

  @Test
  void locationsAreFedByTheNodesThatTheAccountSays() {
    var text =
        GOOD.replace("wait: 3s", "locations: [nj-1=64001, ca-1=64001, store-5=64002]")
            + "    ca-1: { type: store }\n    store-5: { type: store }\n";

    assertThat(read(text).account("shop-main").places())
        .isEqualTo(Map.of("64001", List.of("nj-1", "ca-1"), "64002", List.of("store-5")));
    assertThat(read(GOOD).account("shop-main").places()).isEmpty();
  }

  @Test
  void aNodeFeedsOneLocationOfAChannelAndExists() {
    says(
        GOOD.replace("wait: 3s", "locations: [nj-1=64001, nj-1=64002]"),
        "serai.yaml:9: 'serai.channels.shop-main.locations' says that node 'nj-1' feeds '64001' and '64002'. Keep one of them; what lies there would be sold twice.");
    says(
        GOOD.replace("wait: 3s", "locations: [nj-2=64001]"),
        "serai.yaml:9: 'serai.channels.shop-main.locations' names node 'nj-2', which is not under 'serai.nodes'. Nearest name: 'nj-1'.");
    says(
        GOOD.replace("wait: 3s", "locations: [nj-1]"),
        "serai.yaml:9: 'serai.channels.shop-main.locations' is 'nj-1', which is not a node and a place such as 'nj-1=64012345'. Set it to which node feeds which location.");
  }

  @Test
  void nodesAreReadInTheirOrder() {
    var node = read(GOOD).nodes().get("nj-1");

    assertThat(node).isEqualTo(new Node("nj-1", "3pl", "northwind", null, "US", null, "07001"));
  }

  @Test
  void aNodeThatPacksByItselfNamesCarriersAndWhoSends() throws IOException {
    Files.writeString(
        folder.resolve("connectors/post.connector.yaml"),
        "{ connector: post, title: Post, kind: carrier, description: A carrier. }");
    edition = Catalog.of(Sources.of(List.of(folder))).edition();
    var good =
        GOOD.replace("partners:", "partners:\n    post-main: { connector: post }")
            + "    store-1: { type: store, country: US, carriers: post-main, carrier-by: speed, no-movement: 3d,\n"
            + "      ship-from: { name: Acme, street: 1 Main St, city: Hoboken } }\n";

    var packing = read(good).nodes().get("store-1").packing();

    assertThat(packing.carriers()).containsExactly("post-main");
    assertThat(packing.by()).isEqualTo("speed");
    assertThat(packing.shippedWhen()).isEqualTo("scan");
    assertThat(packing.noMovement()).isEqualTo(java.time.Duration.ofDays(3));
    fault(
        good.replace("carriers: post-main", "carriers: shop-main"),
        "'shop-main' among its carriers, which is no carrier's account");
    fault(good.replace("carriers: post-main, ", ""), "names no carriers and says how");
    fault(good.replace("city: Hoboken", "town: Hoboken"), "has 'town' in 'ship-from'");
    fault(good.replace("by: speed", "by: mood"), "is 'mood', which is none of 'cost', 'speed'");
    fault(
        good.replace("type: store", "type: store, partner: northwind"),
        "'northwind' works there and buys its own labels");
  }

  private void fault(String text, String part) {
    assertThat(faults(environment(text, Map.of())))
        .anySatisfy(fault -> assertThat(fault).contains(part));
  }

  @Test
  void aSecretIsNeverPrinted() {
    var configuration = read(GOOD);

    assertThat(configuration.account("shop-main").toString())
        .doesNotContain("shhh", "newest", "older")
        .contains("********");
    assertThat(configuration.mask("key shhh-shhh is wrong")).isEqualTo("key ******** is wrong");
    assertThatThrownBy(() -> configuration.account("shop-main").text("token"))
        .hasMessage("Parameter 'token' of account 'shop-main' is secret; use secret()");
  }

  @Test
  void aParameterNobodyDeclaredIsAFaultOfTheCode() {
    assertThatThrownBy(() -> read(GOOD).account("shop-main").text("region"))
        .hasMessage("Connector 'shop' declares no parameter 'region'");
  }

  @Test
  void aSingleValueIsAListOfOne() {
    var account = read(GOOD.replace("[newest, older]", "only")).account("shop-main");

    assertThat(account.secrets("webhook-secret")).hasSize(1);
  }

  @Test
  void theEnvironmentAddsSecretsInEitherSpelling() {
    var text = GOOD.replace("token: shhh-shhh", "# token: from the environment");

    for (var variable :
        List.of("SERAI_CHANNELS_SHOPMAIN_TOKEN", "SERAI_CHANNELS_SHOP_MAIN_TOKEN")) {
      var account = read(environment(text, Map.of(variable, "from-env"))).account("shop-main");
      assertThat(account.secret("token").reveal()).isEqualTo("from-env");
    }
  }

  @Test
  void theEnvironmentWinsOverTheFile() {
    var account =
        read(environment(GOOD, Map.of("SERAI_CHANNELS_SHOPMAIN_BASEURL", "https://env.example")))
            .account("shop-main");

    assertThat(account.text("base-url")).isEqualTo("https://env.example");
  }

  @Test
  void aVariableThatSetsNothingIsNamed() {
    assertThat(faults(environment(GOOD, Map.of("SERAI_CHANNELS_SHOPMAIN_TOKN", "x"))))
        .containsExactly(
            "environment: Variable 'SERAI_CHANNELS_SHOPMAIN_TOKN' sets nothing that is configured."
                + " Nearest name: 'SERAI_CHANNELS_SHOPMAIN_TOKEN'.");
    assertThat(faults(environment(GOOD, Map.of("SERAI_PARTNERS_NOBODYKNOWSTHIS_X", "x"))))
        .containsExactly(
            "environment: Variable 'SERAI_PARTNERS_NOBODYKNOWSTHIS_X' sets nothing that is"
                + " configured. Name the account in the configuration file first, or remove the"
                + " variable.");
  }

  @Test
  void aSecretsFolderGivesOneValuePerFileAndOnePerLineOfAList() throws IOException {
    var secrets = Files.createDirectories(folder.resolve("secrets"));
    Files.writeString(secrets.resolve("serai.channels.shop-main.token"), "from-folder\n");
    Files.writeString(secrets.resolve("serai.channels.shop-main.webhook-secret"), "new\nold\n");
    var text =
        GOOD.replace("      token: shhh-shhh\n", "")
            .replace("      webhook-secret: [newest, older]\n", "");
    var environment = environment(text, Map.of("SERAI_SECRETS_DIR", secrets.toString()));
    SecretsFolder.addTo(environment);

    var account = read(environment).account("shop-main");

    assertThat(account.secret("token").reveal()).isEqualTo("from-folder");
    assertThat(account.secrets("webhook-secret"))
        .extracting(Secret::reveal)
        .containsExactly("new", "old");
  }

  @Test
  void aSecretsFolderThatIsNotThereIsNamed() {
    var environment = environment(GOOD, Map.of("SERAI_SECRETS_DIR", "/nowhere/at/all"));

    assertThatThrownBy(() -> SecretsFolder.addTo(environment))
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            "environment: 'SERAI_SECRETS_DIR' is '/nowhere/at/all', which is no folder."
                + " Name the folder the secrets are mounted at, or remove the setting.");
  }

  @Test
  void everyFaultNamesFileLineKeyAndRemedy() {
    says(
        GOOD.replace("connector: shop\n", "connector: shp\n"),
        "serai.yaml:4: 'serai.channels.shop-main.connector' is 'shp', which is no connector. Nearest name: 'shop'.");
    says(
        GOOD.replace("      connector: shop\n", ""),
        "serai.yaml:4: Account 'shop-main' names no connector. Set 'serai.channels.shop-main.connector'. Known: 'shop', 'warehouse'.");
    says(
        GOOD.replace("https://acme.example", "acme.example"),
        "serai.yaml:5: 'serai.channels.shop-main.base-url' is 'acme.example', which is not an http or https address without a trailing slash. Set it to the shop's address.");
    says(
        GOOD.replace("https://acme.example", "https://acme.example/"),
        "serai.yaml:5: 'serai.channels.shop-main.base-url' is 'https://acme.example/', which is not an http or https address without a trailing slash. Set it to the shop's address.");
    says(
        GOOD.replace("      token: shhh-shhh\n", ""),
        "serai.yaml:4: 'serai.channels.shop-main.token' is missing. Set it to the key of its API, best from a secrets folder.");
    says(
        GOOD.replace("shhh-shhh", "\"\""),
        "serai.yaml:7: 'serai.channels.shop-main.token' is empty. Set it to the key of its API, best from a secrets folder.");
    says(
        GOOD.replace("shhh-shhh", "${NOT_SET_ANYWHERE}"),
        "serai.yaml:7: 'serai.channels.shop-main.token' refers to something that is not set: '********'. Set what it refers to, or write the value.");
    says(
        GOOD.replace("shhh-shhh", "[a, b]"),
        "serai.yaml:7: 'serai.channels.shop-main.token' holds a list and takes one value. Keep one of them.");
    says(
        GOOD.replace("publish-stock: false", "publish-stock: nope"),
        "serai.yaml:8: 'serai.channels.shop-main.publish-stock' is 'nope', which is not true or false. Set it to whether stock goes there.");
    says(
        GOOD.replace("wait: 3s", "wait: 3"),
        "serai.yaml:9: 'serai.channels.shop-main.wait' is '3', which is not a duration such as '30s', '15m' or '2h'. Set it to how long to wait.");
    says(
        GOOD.replace("wait: 3s", "page: many"),
        "serai.yaml:9: 'serai.channels.shop-main.page' is 'many', which is not a whole number. Set it to orders per page.");
    says(
        GOOD.replace("wait: 3s", "level: middle"),
        "serai.yaml:9: 'serai.channels.shop-main.level' is 'middle', which is not one of 'low', 'high'. Set it to which level.");
    says(
        GOOD.replace("wait: 3s", "wiat: 3s"),
        "serai.yaml:9: 'serai.channels.shop-main.wiat' is no parameter of connector 'shop'. Nearest name: 'wait'.");
    says(
        GOOD.replace("shop-main:", "Shop_Main:"),
        "serai.yaml:4: Account name 'Shop_Main' under 'serai.channels' is not in kebab case. Use lower-case letters, digits and single dashes.");
    says(
        GOOD.replace("connector: warehouse", "connector: shop"),
        "serai.yaml:11: Account 'northwind' is under 'serai.partners' and its connector 'shop' is for 'serai.channels'. Move the account there.");
    says(
        GOOD.replace(
            "    northwind: {", "    shop-main: { connector: warehouse }\n    northwind: {"),
        "serai.yaml:11: Account 'shop-main' is under 'serai.channels' and under 'serai.partners'. Rename one; both would answer at /webhooks/shop-main.");
  }

  @Test
  void aMailAddressIsOneAndBearsNothingElse() {
    for (var good : List.of("ops@example.com", "a.b+c@mail.example.co.uk", "root@localhost")) {
      assertThat(
              read(GOOD.replace("wait: 3s", "mails: " + good)).account("shop-main").text("mails"))
          .isEqualTo(good);
    }
    for (var bad :
        List.of(
            "ops",
            "ops@",
            "@example.com",
            "a b@example.com",
            "Ops <ops@example.com>",
            "a@example.com,b@example.com",
            "a@-example.com",
            "a@example..com")) {
      says(
          GOOD.replace("wait: 3s", "mails: \"" + bad + "\""),
          "serai.yaml:9: 'serai.channels.shop-main.mails' is '%s', which is not a mail address such as 'ops@example.com'. Set it to who is told."
              .formatted(bad));
    }
    assertThat(
            faults(
                environment(
                    GOOD.replace("wait: 3s", "mails: \"a@example.com\\r\\nBcc: b@example.com\""),
                    Map.of())))
        .hasSize(1);
  }

  @Test
  void everyFaultOfANodeNamesKeyAndRemedy() {
    says(
        GOOD.replace("type: 3pl, ", ""),
        "serai.yaml:13: 'serai.nodes.nj-1.type' is missing. Set it to one of '3pl', 'warehouse', 'store', 'supplier', 'channel'.");
    says(
        GOOD.replace("type: 3pl", "type: warehose"),
        "serai.yaml:13: 'serai.nodes.nj-1.type' is 'warehose', which is no type of node. Nearest name: 'warehouse'.");
    says(
        GOOD.replace("partner: northwind", "partner: nortwind"),
        "serai.yaml:13: 'serai.nodes.nj-1.partner' is 'nortwind', which is no account under 'serai.partners'. Nearest name: 'northwind'.");
    says(
        GOOD.replace("partner: northwind, ", ""),
        "serai.yaml:13: Node 'nj-1' is run by a 3PL and names no partner. Set 'serai.nodes.nj-1.partner'. Known: 'northwind'.");
    says(
        GOOD.replace("country: US", "country: usa"),
        "serai.yaml:13: 'serai.nodes.nj-1.country' is 'usa', which is no country code. Write two capital letters, as in 'US'.");
    says(
        GOOD.replace("country: US", "country: NO"),
        "serai.yaml:13: 'serai.nodes.nj-1.country' is 'false', which is no country code. Write it in quotes: \"NO\".");
    says(
        GOOD.replace("country: US", "contry: US"),
        "serai.yaml:13: 'serai.nodes.nj-1.contry' is nothing a node has. Nearest name: 'country'.");
    says(
        GOOD.replace("nj-1:", "NJ_1:"),
        "serai.yaml:13: Node name 'NJ_1' is not in kebab case. Use lower-case letters, digits and single dashes.");
  }

  @Test
  void everyFaultOfWhatTheChoiceBetweenNodesLooksAtNamesKeyAndRemedy() {
    trait(
        "capabilities: [Fragile]",
        "'serai.nodes.nj-1.capabilities' is 'Fragile', which is no name in kebab case. Write it as in 'fragile'.");
    trait(
        "serves: [US, NO]",
        "'serai.nodes.nj-1.serves' is 'false', which is no country code. Write it in quotes: \"NO\".");
    trait(
        "capacity-per-day: 0",
        "'serai.nodes.nj-1.capacity-per-day' is '0', which is no whole number from 1. Write it as in 10.");
    trait(
        "cut-off: 14:00",
        "'serai.nodes.nj-1.cut-off' is '840', which is no time of day. Write hours and minutes in quotes, as in \"14:30\".");
    trait(
        "time-zone: Mars/Olympus",
        "'serai.nodes.nj-1.time-zone' is 'Mars/Olympus', which is no time zone. Write a name such as 'America/New_York'.");
    trait(
        "closed: [sunday, caturday]",
        "'serai.nodes.nj-1.closed' is 'caturday', which is no day of the week and no date. Write it as in 'sunday' or '2026-12-25'.");
    trait(
        "closed: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]",
        "Node 'nj-1' is closed on every day of the week. Leave out the days on which it works, or remove the node.");
    trait(
        "cost: -1",
        "'serai.nodes.nj-1.cost' is '-1', which is no amount from 0. Write it as in 4.50.");
    trait(
        "cost-to: { USA: 3 }",
        "'serai.nodes.nj-1.cost-to' names 'USA', which is no country code. Write two capital letters, as in 'US'.");
    trait(
        "transit-days-to: { US: soon }",
        "'serai.nodes.nj-1.transit-days-to.US' is 'soon', which is no whole number from 0 to 365. Write it as in 2.");
    trait(
        "floor: many",
        "'serai.nodes.nj-1.floor' is 'many', which is no whole number from 0. Write it as in 10.");
  }

  private void trait(String text, String fault) {
    says(GOOD.replace("type: 3pl, ", "type: 3pl, " + text + ", "), "serai.yaml:13: " + fault);
  }

  @Test
  void anAccountMayWeakenWhatItsConnectorPromisesAndNeverStrengthenIt() {
    var weaker = read(GOOD.replace("wait: 3s", "outcome: { stock: blind }")).account("shop-main");
    assertThat(weaker.repeat("stock")).isEqualTo(Repeat.BLIND);
    var all = read(GOOD.replace("wait: 3s", "outcome: blind")).account("shop-main");
    assertThat(all.repeat("stock")).isEqualTo(Repeat.BLIND);
    assertThat(all.repeat("shipment")).isEqualTo(Repeat.BLIND);

    says(
        GOOD.replace("wait: 3s", "outcome: { stock: idempotent }"),
        "serai.yaml:9: 'serai.channels.shop-main.outcome.stock' promises 'idempotent' where connector 'shop' only promises 'queryable'. An account may only weaken the promise; remove the key.");
    says(
        GOOD.replace("wait: 3s", "outcome: { stock: never }"),
        "serai.yaml:9: 'serai.channels.shop-main.outcome' says 'never' for 'stock', which is no way to repeat. Write idempotent, queryable or blind.");
    says(
        GOOD.replace("wait: 3s", "outcome: { stok: blind }"),
        "serai.yaml:9: 'serai.channels.shop-main.outcome' names 'stok', which connector 'shop' is not asked for. Nearest name: 'stock'.");
  }

  @Test
  void anAccountMaySayWhatItsEndpointBears() throws IOException {
    assertThat(read(GOOD).account("shop-main").limits()).isNull();
    Files.writeString(
        folder.resolve("connectors/shop.connector.yaml"),
        SHOP + "limits: { rate: 20, per: 2s, burst: 40, in-flight: 16 }\n");
    edition = Catalog.of(Sources.of(List.of(folder))).edition();

    assertThat(read(GOOD).account("shop-main").limits())
        .isEqualTo(new ConnectorProfile.Limits(20, Duration.ofSeconds(2), 40, 16));
    assertThat(
            read(GOOD.replace("wait: 3s", "limits: { rate: 4, per: 1m }"))
                .account("shop-main")
                .limits())
        .isEqualTo(new ConnectorProfile.Limits(4, Duration.ofMinutes(1), 4, 16));
    assertThat(
            read(GOOD.replace("wait: 3s", "limits: { in-flight: 2 }"))
                .account("shop-main")
                .limits())
        .isEqualTo(new ConnectorProfile.Limits(20, Duration.ofSeconds(2), 40, 2));

    says(
        GOOD.replace("wait: 3s", "limits: { rat: 4 }"),
        "serai.yaml:9: 'serai.channels.shop-main.limits.rat' is no limit. Nearest name: 'rate'.");
    says(
        GOOD.replace("wait: 3s", "limits: { rate: 0 }"),
        "serai.yaml:9: 'serai.channels.shop-main.limits.rate' is '0', which is no whole number from 1. Write a number such as 20.");
    says(
        GOOD.replace("wait: 3s", "limits: { per: 0s }"),
        "serai.yaml:9: 'serai.channels.shop-main.limits.per' is '0s', which is no duration. Write a number and a unit, as in '1s'.");
  }

  @Test
  void anAccountWithALargerPlanSaysWhatSingleCallsOfItBear() throws IOException {
    Files.writeString(
        folder.resolve("connectors/shop.connector.yaml"),
        SHOP + "quotas: { search-orders: { rate: 0.0056, per: 1s, burst: 20, header: x-rate } }\n");
    edition = Catalog.of(Sources.of(List.of(folder))).edition();
    var declared =
        new ConnectorProfile.Quota(new BigDecimal("0.0056"), Duration.ofSeconds(1), 20, "x-rate");

    assertThat(read(GOOD).account("shop-main").quotas())
        .containsOnly(Map.entry("search-orders", declared));
    assertThat(
            read(GOOD.replace("wait: 3s", "quotas: { search-orders: { rate: 0.1, burst: 40 } }"))
                .account("shop-main")
                .quotas()
                .get("search-orders"))
        .isEqualTo(
            new ConnectorProfile.Quota(new BigDecimal("0.1"), Duration.ofSeconds(1), 40, "x-rate"));

    says(
        GOOD.replace("wait: 3s", "quotas: { search-order: { rate: 1 } }"),
        "serai.yaml:9: 'serai.channels.shop-main.quotas.search-order' is no quota of the connector. Nearest name: 'search-orders'.");
    says(
        GOOD.replace("wait: 3s", "quotas: { search-orders: { rat: 1 } }"),
        "serai.yaml:9: 'serai.channels.shop-main.quotas.search-orders.rat' says nothing of a quota. Nearest name: 'rate'.");
    says(
        GOOD.replace("wait: 3s", "quotas: { search-orders: { rate: 0 } }"),
        "serai.yaml:9: 'serai.channels.shop-main.quotas.search-orders.rate' is '0', which is no number above zero. Write a number such as 0.0056.");
    says(
        GOOD.replace("wait: 3s", "quotas: { search-orders: { per: soon } }"),
        "serai.yaml:9: 'serai.channels.shop-main.quotas.search-orders.per' is 'soon', which is no duration. Write a number and a unit, as in '1s'.");
    says(
        GOOD.replace("wait: 3s", "quotas: { search-orders: { burst: 1.5 } }"),
        "serai.yaml:9: 'serai.channels.shop-main.quotas.search-orders.burst' is '1.5', which is no whole number from 1. Write a number such as 20.");
  }

  @Test
  void limitsThatNameNoRateNeedAConnectorThatDoes() {
    says(
        GOOD.replace("wait: 3s", "limits: { burst: 4 }"),
        "serai.yaml:9: 'serai.channels.shop-main.limits' names no rate, and the connector has none. Set 'serai.channels.shop-main.limits.rate'.");
  }

  @Test
  void allFaultsAreSaidAtOnce() {
    var text = GOOD.replace("shhh-shhh", "\"\"").replace("type: 3pl", "type: x");

    assertThatThrownBy(() -> read(text))
        .isInstanceOf(BadConfiguration.class)
        .satisfies(e -> assertThat(((BadConfiguration) e).faults()).hasSize(2))
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(2));
  }

  @Test
  void anAccountWhoseConnectorCannotBeReadWaitsAndStopsNothing() throws IOException {
    Files.writeString(folder.resolve("connectors/shop.connector.yaml"), "connector: [");
    edition = Catalog.of(Sources.of(List.of(folder))).edition();

    var configuration = read(GOOD);

    assertThat(configuration.account("shop-main")).isNull();
    assertThat(configuration.account("northwind")).isNotNull();
    assertThat(configuration.suspended("shop-main").what())
        .isEqualTo("Account 'shop-main' waits, because its connector cannot be read");
    assertThat(configuration.suspended("northwind")).isNull();
  }

  @Test
  void aValueThatChangesAfterTheStartHasNoEffect() {
    var environment = environment(GOOD, Map.of());
    var configuration = read(environment);

    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource("late", Map.of("serai.channels.shop-main.token", "changed")));
    configuration.follow(edition);

    assertThat(configuration.account("shop-main").secret("token").reveal()).isEqualTo("shhh-shhh");
  }

  @Test
  void aChangedProfileIsFollowedWithTheValuesOfTheStart() throws IOException {
    var configuration = read(GOOD);
    Files.writeString(
        folder.resolve("connectors/shop.connector.yaml"),
        SHOP.replace("default: 50", "default: 9"));

    var faults = configuration.follow(Catalog.of(Sources.of(List.of(folder))).edition());

    assertThat(faults).isEmpty();
    assertThat(configuration.account("shop-main").number("page")).isEqualTo(9);
  }

  private void says(String text, String... sentences) {
    assertThat(text).isNotEqualTo(GOOD);
    assertThat(faults(environment(text, Map.of()))).containsExactly(sentences);
  }

  private List<String> faults(ConfigurableEnvironment environment) {
    var faults = new ArrayList<Fault>();
    Configuration.read(environment, edition, faults);
    return faults.stream().distinct().sorted().map(Fault::toString).toList();
  }

  private Configuration read(String text) {
    return read(environment(text, Map.of()));
  }

  private Configuration read(ConfigurableEnvironment environment) {
    return Configuration.read(environment, edition);
  }

  private ConfigurableEnvironment environment(String text, Map<String, String> variables) {
    try {
      var file = Files.writeString(folder.resolve("serai.yaml"), text);
      var environment = new StandardEnvironment();
      var sources = environment.getPropertySources();
      sources.replace(
          StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
          new SystemEnvironmentPropertySource(
              StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(variables)));
      new YamlPropertySourceLoader()
          .load("serai.yaml", new FileSystemResource(file))
          .forEach(sources::addLast);
      return environment;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
