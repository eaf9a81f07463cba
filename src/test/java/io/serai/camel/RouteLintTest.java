package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Kamelet;
import io.serai.catalog.Sources;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.UriParam;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteLintTest {
  private static final String FILE = "routes/process/acme-one.camel.yaml";

  @TempDir Path folder;
  private final DefaultCamelContext context = new DefaultCamelContext();
  private Home home;

  @BeforeEach
  void write() {
    home = Home.with(folder);
  }

  @Test
  void aLawfulRouteHasNoFault() {
    assertThat(inbox("- to: { id: acme-one-apply, uri: \"serai:apply/order\" }")).isEmpty();
  }

  static Stream<String> refusedSteps() {
    return Law.refusedSteps().stream();
  }

  @ParameterizedTest
  @MethodSource("refusedSteps")
  void aStepAgainstTheLawIsNamedWithItsReason(String step) {
    var refusal = Law.step(step);

    assertThat(inbox("- " + step + ": {}\n" + APPLY))
        .contains(
            FILE
                + ":7: Step '"
                + step
                + "' of route 'acme-one' "
                + refusal.why()
                + ". "
                + refusal.remedy()
                + ".");
  }

  static Stream<String> refusedComponents() {
    return Law.refusedComponents().stream();
  }

  @ParameterizedTest
  @MethodSource("refusedComponents")
  void aComponentAgainstTheLawIsNamedWithItsReason(String component) {
    var refusal = Law.component(component);

    assertThat(inbox("- to: { id: acme-one-x, uri: \"" + component + ":x\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: Component '"
                + component
                + "' of route 'acme-one' "
                + refusal.why()
                + ". "
                + refusal.remedy()
                + ".");
  }

  static Stream<String> redelivery() {
    return Law.REDELIVERY.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("redelivery")
  void camelsRetriesAreRefusedWhereverTheyStand(String key) {
    assertThat(inbox("- setBody: { constant: x, " + key + ": 3 }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: '"
                + key
                + "' asks Camel to retry, which is the engine's work."
                + " Remove it; the connector's 'retry' and error table say how.");
  }

  static Stream<String> code() {
    return Law.CODE_LANGUAGES.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("code")
  void aLanguageThatIsCodeIsRefused(String language) {
    assertThat(inbox("- setBody: { " + language + ": x }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: Language '"
                + language
                + "' in route 'acme-one' runs code. Use simple, constant, variable or jslt.");
    assertThat(inbox("- setBody: { expression: { " + language + ": x } }\n" + APPLY)).hasSize(1);
  }

  @Test
  void anUnknownStepIsNamedWithTheNearest() {
    assertThat(inbox("- setBoddy: { constant: x }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: 'setBoddy' is not a step route 'acme-one' may have."
                + " Nearest name: 'setBody'.");
  }

  @Test
  void aStepThatIsNoStepIsNamed() {
    assertThat(inbox("- { setBody: { constant: x }, log: y }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: A step of route 'acme-one' is not written as one step."
                + " Write '- name: …' with one name per dash.");
  }

  @Test
  void anUnknownComponentIsNamedWithTheNearest() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"seria:apply/order\" }\n" + APPLY))
        .containsExactly(FILE + ":7: There is no component 'seria'. Nearest name: 'serai'.");
  }

  @Test
  void aComponentNobodyAllowedIsRefusedUntilTheSiteAllowsIt() {
    var step = "- to: { id: acme-one-x, uri: \"xpath:x\" }\n" + APPLY;
    var text = step.replace("xpath:x", "spring-ws:x");
    assertThat(inbox(text)).first().asString().contains("There is no component 'spring-ws'");

    var allowed = step.replace("xpath:x", "file:/tmp/x");
    assertThat(inbox(allowed)).hasSize(1);
    assertThat(lint(inboxRoute(allowed), Set.of("file"))).isEmpty();
  }

  @Test
  void aComponentThatIsThereButNotOnTheListIsNamed() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"micrometer:counter:x\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: Component 'micrometer' is not one routes may use."
                + " Use another, or add it to serai.routes.components if you trust it.");
  }

  @Test
  void aComponentOnTheListThatThisHubLacksIsNamed() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"smooks:x\" }\n" + APPLY))
        .singleElement()
        .asString()
        .startsWith(FILE + ":7: Component 'smooks' is not part of this hub.");
  }

  @Test
  void anAddressWithoutAComponentIsNamed() {
    assertThat(
            inbox("- to: { id: acme-one-x, uri: \"{{serai.partners.x.base-url}}/a\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: Address '{{serai.partners.x.base-url}}/a' does not say which component it"
                + " uses. Begin it with the component's name, as in 'kamelet:…'.");
  }

  @Test
  void anOptionAComponentDoesNotHaveIsNamed() {
    assertThat(
            inbox(
                """
                - to:
                    id: acme-one-x
                    uri: log:x
                    parameters: { showBoddy: true }
                """
                    + APPLY))
        .containsExactly(
            FILE + ":10: Component 'log' has no option 'showBoddy'. Nearest name: 'showBody'.");
  }

  @Test
  void aStepThatMattersNeedsAnId() {
    assertThat(inbox("- to: \"serai:apply/order\""))
        .containsExactly(
            FILE
                + ":7: Step 'to' of route 'acme-one' has no id."
                + " Add 'id: acme-one-…', so that people and tests can point at it.");
  }

  @Test
  void aStepIdBeginsWithItsRoute() {
    assertThat(inbox("- to: { id: apply, uri: \"serai:apply/order\" }"))
        .containsExactly(
            FILE
                + ":7: Step id 'apply' does not begin with 'acme-one-'."
                + " Name it 'acme-one-apply'; step ids are unique over all routes.");
  }

  @Test
  void aStepIdIsThereOnce() {
    assertThat(inbox("- setBody: { id: acme-one-apply, constant: x }\n" + APPLY))
        .containsExactly(
            FILE + ":8: Step id 'acme-one-apply' is there twice. Give each step an id of its own.");
  }

  @Test
  void applyIsTheLastStep() {
    assertThat(inbox(APPLY + "\n- log: done"))
        .containsExactly(
            FILE + ":7: 'serai:apply/order' is not the last step. Move what follows it before it.");
    assertThat(
            inbox(
                """
                - filter:
                    constant: x
                    steps:
                      - to: { id: acme-one-apply, uri: "serai:apply/order" }
                - log: done
                """))
        .containsExactly(
            FILE
                + ":10: 'serai:apply/order' is not the last step."
                + " Move what follows it before it.");
  }

  @Test
  void applyMayEndEachBranchOfAChoice() {
    assertThat(
            inbox(
                """
                - choice:
                    when:
                      - simple: "${variable.eventType} == 'a'"
                        steps:
                          - to: { id: acme-one-apply, uri: "serai:apply/order" }
                    otherwise:
                      steps:
                        - to:
                            id: acme-one-ignore
                            uri: serai:ignore
                            parameters: { reason: of no interest }
                """))
        .isEmpty();
  }

  @Test
  void applyRunsOncePerMessage() {
    assertThat(
            inbox(
                """
                - split:
                    id: acme-one-split
                    jslt: .
                    steps:
                      - to: { id: acme-one-apply, uri: "serai:apply/order" }
                """))
        .containsExactly(
            FILE
                + ":11: 'serai:apply/order' may run more than once for one message."
                + " Take it out of the split or loop; several documents go through 'serai:accept'.");
  }

  @Test
  void applyBelongsToTheInbox() {
    assertThat(route("serai:outbox/stock", "destination: north", APPLY))
        .containsExactly(
            FILE
                + ":7: 'serai:apply/order' stands in route 'acme-one', which does not begin at the"
                + " inbox. Store the message with 'serai:accept' and apply it in a route from"
                + " 'serai:inbox'.");
  }

  @Test
  void anInboxRouteGivesItsMessagesAnEnd() {
    assertThat(inbox("- log: seen"))
        .containsExactly(
            FILE
                + ":4: Route 'acme-one' leaves its messages without an end. Make 'serai:apply/…'"
                + " its last step, or end with 'serai:ignore' or 'serai:accept'.");
  }

  @Test
  void whatTakesMessagesInStoresThem() {
    assertThat(route("serai:webhook", "account: north", "- log: seen"))
        .containsExactly(
            FILE
                + ":4: Route 'acme-one' takes messages in and never stores them."
                + " Add 'to: serai:accept' with the account.");
  }

  @Test
  void whatSendsAcceptsNothing() {
    assertThat(
            route(
                "serai:outbox/stock",
                "destination: north",
                "- to: { id: acme-one-x, uri: \"serai:accept/order\", parameters: { account: north } }"))
        .containsExactly(
            FILE
                + ":7: 'serai:accept/order' stands in route 'acme-one', which sends."
                + " Leave it out; the answer of the partner is the route's result.");
  }

  @Test
  void aWordThatDoesNotExistIsNamedWithTheNearest() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"serai:aply/order\" }\n" + APPLY))
        .containsExactly(FILE + ":7: 'serai' has no word 'aply'. Nearest name: 'apply'.");
  }

  @Test
  void aWordStandsWhereItBelongs() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"serai:inbox/order\" }\n" + APPLY))
        .containsExactly(FILE + ":7: 'serai:inbox' begins a route. Write it under 'from'.");
    assertThat(route("serai:apply/order", "x: y", APPLY))
        .contains(FILE + ":4: 'serai:apply' is a step. Write it under 'to'.");
  }

  @Test
  void anOptionAWordDoesNotHaveIsNamed() {
    assertThat(route("serai:inbox/order", "acount: north", APPLY))
        .containsExactly(
            FILE + ":4: 'serai:inbox' misses option 'account'. Add 'account: …' under parameters.",
            FILE + ":5: 'serai:inbox' has no option 'acount'. Nearest name: 'account'.");
  }

  @Test
  void everyOptionOfAWordIsAnOptionOfTheComponent() {
    var options =
        Arrays.stream(SeraiEndpoint.class.getDeclaredFields())
            .filter(field -> field.isAnnotationPresent(UriParam.class))
            .map(Field::getName)
            .toList();
    var used = new ArrayList<String>();
    for (var from : List.of(true, false)) {
      Words.names(from).forEach(word -> used.addAll(Words.word(word).options()));
    }

    assertThat(used).isSubsetOf(options);
    assertThat(options).isSubsetOf(used);
  }

  @Test
  void aDocumentThatDoesNotExistIsNamed() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"serai:apply/ordr\" }"))
        .containsExactly(FILE + ":7: There is no document 'ordr'. Nearest name: 'order'.");
    assertThat(inbox("- to: { id: acme-one-x, uri: \"serai:apply\" }"))
        .containsExactly(
            FILE
                + ":7: 'serai:apply' names no document."
                + " Write 'serai:apply/order' or another document.");
    assertThat(
            route(
                "serai:webhook/order",
                "account: north",
                "- to: { id: acme-one-x, uri: \"serai:accept\", parameters: { account: north } }"))
        .containsExactly(
            FILE
                + ":4: 'serai:webhook' takes nothing after it, and 'order' is there."
                + " Write 'serai:webhook'.");
  }

  @Test
  void aMappingThatDoesNotExistIsNamed() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"serai:map/acme/oder.in.jslt\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: There is no mapping 'acme/oder.in.jslt'."
                + " Nearest name: 'acme/order.in.jslt'.");
    assertThat(inbox("- to: { id: acme-one-x, uri: \"serai:map\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: 'serai:map' names no mapping."
                + " Write 'serai:map/<partner>/<document>.in.jslt'.");
  }

  @Test
  void aTokenOrAQuotaThatNoConnectorHasIsNamed() {
    home.write(
        "connectors/acme.connector.yaml",
        Home.CONNECTOR
            + "tokens: { acme-app: { parameter: token } }\nquotas: { acme-calls: { rate: 2 } }\n");

    assertThat(
            inbox(
                """
                - to: { id: acme-one-x, uri: "serai:token/acme-ap", parameters: { account: north } }
                - to: { id: acme-one-y, uri: "serai:quota/acme-call", parameters: { account: north } }
                - to: { id: acme-one-z, uri: "serai:quota", parameters: { account: north } }
                """
                    + APPLY))
        .containsExactly(
            FILE + ":7: No connector has a token 'acme-ap'. Nearest name: 'acme-app'.",
            FILE + ":8: No connector has a quota 'acme-call'. Nearest name: 'acme-calls'.",
            FILE
                + ":9: 'serai:quota' names no quota."
                + " Write 'serai:quota/<name>', with a name under 'quotas' of the connector.");
    assertThat(
            inbox(
                """
                - to: { id: acme-one-x, uri: "serai:token/acme-app", parameters: { account: north } }
                - to: { id: acme-one-y, uri: "serai:quota/acme-calls", parameters: { account: north } }
                """
                    + APPLY))
        .isEmpty();
  }

  @Test
  void anAccountThatDoesNotExistIsNamed() {
    assertThat(route("serai:inbox/order", "account: noth", APPLY))
        .containsExactly(FILE + ":5: There is no account 'noth'. Nearest name: 'north'.");
  }

  @Test
  void aKameletThatDoesNotExistIsNamed() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"kamelet:acme-stok-sink\" }\n" + APPLY))
        .containsExactly(
            FILE + ":7: There is no kamelet 'acme-stok-sink'. Nearest name: 'acme-stock-sink'.");
  }

  @Test
  void aKameletThatCannotBeReadIsNamed() {
    home.write("connectors/acme-stock-sink.kamelet.yaml", "kind: Kamelet");

    assertThat(inbox("- to: { id: acme-one-x, uri: \"kamelet:acme-stock-sink\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: Kamelet 'acme-stock-sink' cannot be read."
                + " Correct 'connectors/acme-stock-sink.kamelet.yaml'.");
  }

  @Test
  void aParameterAKameletDoesNotHaveIsNamed() {
    assertThat(
            inbox(
                "- to: { id: acme-one-x, uri: \"kamelet:acme-stock-sink\", parameters: { bseUrl: x } }\n"
                    + APPLY))
        .containsExactly(
            FILE
                + ":7: Kamelet 'acme-stock-sink' has no parameter 'bseUrl'."
                + " Nearest name: 'baseUrl'.",
            FILE
                + ":7: Kamelet 'acme-stock-sink' misses parameter 'baseUrl'."
                + " Add 'baseUrl: …' under parameters.");
  }

  @Test
  void aSinkDoesNotBeginARoute() {
    assertThat(route("kamelet:acme-stock-sink", "baseUrl: x", ACCEPT))
        .containsExactly(
            FILE
                + ":4: Kamelet 'acme-stock-sink' is a sink and cannot stand under 'from'."
                + " Name a source.");
  }

  @Test
  void aDirectAddressLeadsToARoute() {
    assertThat(inbox("- to: { id: acme-one-x, uri: \"direct:nobody\" }\n" + APPLY))
        .containsExactly(FILE + ":7: No route begins at 'direct:nobody'. There are none.");
  }

  @Test
  void aHeaderIsNotRead() {
    var sentence =
        "Header 'X-Topic' is read by route 'acme-one', and a sender may have written it."
            + " Use a variable.";
    for (var step :
        List.of(
            "- setBody: { simple: \"${header.X-Topic}\" }",
            "- setBody: { simple: \"${headers['X-Topic']}\" }",
            "- setBody: { simple: \"${in.header.X-Topic}\" }",
            "- setBody: { header: X-Topic }",
            "- setBody: { expression: { header: X-Topic } }",
            "- log: \"${header.X-Topic}\"")) {
      assertThat(inbox(step + "\n" + APPLY)).containsExactly(FILE + ":7: " + sentence);
    }
  }

  @Test
  void aHeaderInABranchIsNotReadEither() {
    assertThat(
            inbox(
                """
                - choice:
                    when:
                      - simple: "${header.X-Topic} == 'a'"
                        steps:
                          - to: { id: acme-one-apply, uri: "serai:apply/order" }
                """))
        .hasSize(1);
  }

  @Test
  void simpleReachesNothingOutsideTheMessage() {
    for (var function : List.of("bean", "ref", "type", "sys", "sysenv", "env", "camelContext")) {
      assertThat(inbox("- setBody: { simple: \"${" + function + ":x}\" }\n" + APPLY))
          .containsExactly(
              FILE
                  + ":7: '${"
                  + function
                  + "…}' in route 'acme-one' reaches outside the message."
                  + " Use variables; settings come as {{…}}.");
    }
  }

  @Test
  void theMachinesEnvironmentIsNotRead() {
    assertThat(inbox("- setBody: { constant: \"{{env:HOME}}\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: route 'acme-one' reads the machine's environment."
                + " Use {{serai.…}} settings, which are judged at start.");
  }

  @Test
  void classesAndBeansAreNotNamed() {
    assertThat(
            inbox(
                "- to: { id: acme-one-x, uri: log:x, parameters: { exchangeFormatter: \"#class:a.B\" } }\n"
                    + APPLY))
        .contains(
            FILE
                + ":7: '#class:a.B' in route 'acme-one' names a class or bean."
                + " Use what components and words offer.");
  }

  @Test
  void aPayloadIsNotPrinted() {
    assertThat(inbox("- log: \"got ${body}\"\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: A log step of route 'acme-one' prints the payload."
                + " Print an id, or write 'loggingLevel: DEBUG'.");
    assertThat(inbox("- log: { message: \"${body}\", loggingLevel: DEBUG }\n" + APPLY)).isEmpty();
  }

  @Test
  void anAddressIsNotMadeFromWhatASenderWrote() {
    for (var part : List.of("${header.target}", "${body}")) {
      assertThat(inbox("- toD: { id: acme-one-x, uri: \"vertx-http:" + part + "\" }\n" + APPLY))
          .containsExactly(
              FILE
                  + ":7: 'toD' of route 'acme-one' sends to an address made from what a sender"
                  + " wrote. Write the address down, with values from variables and parameters"
                  + " only.");
    }
    assertThat(inbox("- toD: { id: acme-one-x, uri: \"${variable.x}:y\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: 'toD' of route 'acme-one' does not say which component it uses."
                + " Begin its address with the component's name.");
    assertThat(
            inbox(
                "- toD: { id: acme-one-x, uri: \"vertx-http:a.example/${variable.x}\" }\n" + APPLY))
        .isEmpty();
  }

  @Test
  void enrichAsksAnAddressThatIsWrittenDown() {
    assertThat(inbox("- enrich: { id: acme-one-x, simple: \"http:${body}\" }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: 'enrich' of route 'acme-one' sends to an address made at run time."
                + " Write 'constant: …' with the address.");
  }

  @Test
  void nothingRunsInParallelBesideTheEngine() {
    assertThat(
            inbox("- multicast: { id: acme-one-x, parallelProcessing: true, steps: [] }\n" + APPLY))
        .containsExactly(
            FILE
                + ":7: 'parallelProcessing' of step 'multicast' in route 'acme-one' needs code or"
                + " threads. Remove it.");
  }

  @Test
  void aToLeadsSomewhere() {
    assertThat(inbox("- to: { id: acme-one-x }\n" + APPLY))
        .containsExactly(FILE + ":7: A 'to' of route 'acme-one' leads nowhere. Add 'uri: …'.");
  }

  @Test
  void aSecretIsWrapped() {
    home.write(
        "connectors/acme-stock-sink.kamelet.yaml",
        Home.SINK
            .replace(
                "baseUrl: { title",
                "apiKey: { title: Key, description: Key., type: string, format: password,"
                    + " x-descriptors: [\"urn:camel:group:credentials\"] }\n"
                    + "      baseUrl: { title")
            .replace("v1 {{baseUrl}}", "v1 {{baseUrl}} {{apiKey}}"));
    var step =
        "- to: { id: acme-one-x, uri: \"kamelet:acme-stock-sink\", parameters: { baseUrl: x, apiKey: \"%s\" } }\n"
            + APPLY;

    assertThat(inbox(step.formatted("{{serai.channels.north.token}}")))
        .containsExactly(
            FILE
                + ":7: Secret 'apiKey' is not wrapped, and a '%' or '&' in it would break the"
                + " address. Write RAW({{serai.channels.north.token}}).");
    assertThat(inbox(step.formatted("abc123")))
        .containsExactly(
            FILE
                + ":7: Secret 'apiKey' stands in the file in plain sight."
                + " Write it into the configuration and refer to it as RAW({{…}}).");
    assertThat(inbox(step.formatted("RAW({{serai.channels.north.token}})"))).isEmpty();
  }

  @Test
  void aSecretSettingIsWrappedWhereverItGoes() {
    assertThat(
            inbox(
                "- to: { id: acme-one-x, uri: \"kamelet:acme-stock-sink\", parameters: { baseUrl: \"{{serai.channels.north.token}}\" } }\n"
                    + APPLY))
        .containsExactly(
            FILE
                + ":7: Secret 'baseUrl' is not wrapped, and a '%' or '&' in it would break the"
                + " address. Write RAW({{serai.channels.north.token}}).");
  }

  @Test
  void aMisspeltRouteConfigurationIsNamed() {
    home.write(
        "routes/process/deliver.camel.yaml",
        "- routeConfiguration:\n    id: deliver\n    intercept: []\n");
    assertThat(
            lint(
                inboxRoute(APPLY)
                    .replace(
                        "    id: acme-one\n",
                        "    id: acme-one\n    routeConfigurationId: delivr\n"),
                Set.of()))
        .containsExactly(
            FILE
                + ":3: Route 'acme-one' asks for route configuration 'delivr', which no file in"
                + " routes/ defines. Nearest name: 'deliver'.");
  }

  @Test
  void aRouteIdDoesNotLookLikeATemplates() {
    assertThat(lint(inboxRoute(APPLY).replace("id: acme-one\n", "id: acme-one@north\n"), Set.of()))
        .contains(
            FILE
                + ":2: Route id 'acme-one@north' looks like a template's. Remove the '@' from it.");
  }

  @Test
  void aFileIsNamedAfterItsRoute() {
    assertThat(lint(inboxRoute(APPLY).replace("acme-one", "acme-two"), Set.of()))
        .containsExactly(
            FILE
                + ": File 'acme-one.camel.yaml' defines no route 'acme-one'."
                + " Name the file 'acme-two.camel.yaml'.");
  }

  @Test
  void aTemplateHasTheAccount() {
    assertThat(
            lint(
                """
                - routeTemplate:
                    id: acme-one
                    from:
                      uri: serai:inbox/order
                      parameters: { account: north }
                      steps:
                        - to: { id: acme-one-apply, uri: "serai:apply/order" }
                """,
                Set.of()))
        .containsExactly(
            FILE
                + ":2: Route template 'acme-one' has no parameter 'account'."
                + " Add 'parameters: [{ name: account }]' and use {{account}}.");
  }

  @Test
  void aTemplateUsesWhatItDeclares() {
    assertThat(lint(template("[{ name: account }]", "{{acount}}"), Set.of()))
        .containsExactly(
            FILE
                + ":6: Route template 'acme-one' uses parameter 'acount', which it does not"
                + " declare. Nearest name: 'account'.");
  }

  @Test
  void aTemplateDeclaresWhatItsConnectorGives() {
    home.write("connectors/acme.connector.yaml", Home.CONNECTOR + "  - acme-one\n");

    assertThat(lint(template("[{ name: account }, { name: bseUrl }]", "{{account}}"), Set.of()))
        .containsExactly(
            FILE
                + ":2: Route template 'acme-one' needs parameter 'bseUrl', which connector 'acme'"
                + " does not declare. Nearest name: 'baseUrl'.");
    assertThat(lint(template("[{ name: account }, { name: token }]", "{{account}}"), Set.of()))
        .containsExactly(
            FILE
                + ":2: Route template 'acme-one' wants the secret 'token' as a parameter."
                + " Remove it and call 'serai:token', which puts the token into variable 'token'.");
  }

  @Test
  void aTemplateNeedsWhatTheAccountSets() {
    home.write(
        "connectors/acme.connector.yaml",
        Home.CONNECTOR.replace(
                "operations:", "  region: { description: Where it is. }\noperations:")
            + "  - acme-one\n");
    home.write(FILE, template("[{ name: account }, { name: region }]", "{{account}}"));
    var edition = edition();
    var configuration = Configuration.read(Home.environment(), edition);
    var recipe = Recipe.of(edition.routes().get(FILE), edition, configuration.accounts().values());

    assertThat(new RouteLint(context, Set.of()).check(recipe, edition, configuration))
        .extracting(Fault::toString)
        .contains(
            FILE
                + ":2: Template 'acme-one' needs 'region', which account 'north' does not set."
                + " Set it in the configuration, or give the parameter a default.");
  }

  @Test
  void aRestServiceLeadsToARoute() {
    assertThat(
            lint(
                """
                - rest:
                    path: /partners
                    get:
                      - path: /status
                        to: log:x
                """,
                Set.of()))
        .containsExactly(
            FILE + ":4: A rest service does not lead to a route. Write 'to: direct:…'.",
            FILE + ":4: A rest service has no id. Add 'id: …' to it.");
  }

  @Test
  void anSftpAddressKnowsItsHost() {
    var sentence =
        "The 'sftp' address of kamelet 'acme-stock-sink' talks to any host that answers."
            + " Add 'strictHostKeyChecking: \"yes\"' and 'knownHostsFile'.";

    assertThat(kamelet("sftp:files.example/out", "{ username: acme }"))
        .anySatisfy(fault -> assertThat(fault).endsWith(sentence));
    assertThat(kamelet("sftp:files.example/out", "{ strictHostKeyChecking: \"yes\" }"))
        .noneSatisfy(fault -> assertThat(fault).endsWith(sentence));
  }

  @Test
  void camelDoesNotRememberFiles() {
    for (var option :
        List.of(
            "idempotent: true", "idempotentRepository: x", "noop: true", "readLock: idempotent")) {
      assertThat(kamelet("ftp:files.example/out", "{ " + option + " }"))
          .anySatisfy(
              fault ->
                  assertThat(fault)
                      .endsWith(
                          "'"
                              + option.substring(0, option.indexOf(':'))
                              + "' lets Camel remember files, and a crash makes it wrong."
                              + " Remove it; the inbox decides what is new."));
    }
  }

  @Test
  void aKameletNeverAcceptsOrApplies() {
    for (var word : List.of("serai:apply/order", "serai:accept", "serai:ignore")) {
      assertThat(sink("- to: \"" + word + "\""))
          .contains(
              "connectors/acme-stock-sink.kamelet.yaml:25: Kamelet 'acme-stock-sink' uses '"
                  + word.substring(0, word.contains("/") ? word.indexOf('/') : word.length())
                  + "', and kamelets never accept or apply."
                  + " Move it to the routes that call the kamelet.");
    }
    assertThat(sink("- to: { uri: \"serai:token\", parameters: { account: north } }")).isEmpty();
  }

  @Test
  void aKameletReadsHeadersOnlyOfAnswers() {
    assertThat(sink("- setBody: { header: Location }"))
        .containsExactly(
            "connectors/acme-stock-sink.kamelet.yaml:25: Header 'Location' is read by kamelet"
                + " 'acme-stock-sink', and a sender may have written it. Use a variable.");
    assertThat(
            sink("- to: { uri: \"{{baseUrl}}/stock\" }\n        - setBody: { header: Location }"))
        .isEmpty();
  }

  @Test
  void aKameletMakesNoBeans() {
    home.write(
        "connectors/acme-stock-sink.kamelet.yaml",
        Home.SINK.replace("  template:\n", "  template:\n    beans: [{ name: x, type: a.B }]\n"));

    assertThat(judgedKamelet())
        .containsExactly(
            "connectors/acme-stock-sink.kamelet.yaml:21: Kamelet 'acme-stock-sink' makes beans,"
                + " which runs code. Remove 'beans'.");
  }

  private static final String APPLY = "- to: { id: acme-one-apply, uri: \"serai:apply/order\" }";
  private static final String ACCEPT =
      "- to: { id: acme-one-accept, uri: \"serai:accept/order\", parameters: { account: north } }";

  private List<String> inbox(String steps) {
    return lint(inboxRoute(steps), Set.of());
  }

  private List<String> route(String from, String parameters, String steps) {
    return lint(routeText(from, parameters, steps), Set.of());
  }

  private static String inboxRoute(String steps) {
    return routeText("serai:inbox/order", "account: north", steps);
  }

  private static String routeText(String from, String parameters, String steps) {
    return """
    - route:
        id: acme-one
        from:
          uri: %s
          parameters: { %s }
          steps:
    """
            .formatted(from, parameters)
        + steps.indent(8);
  }

  private static String template(String parameters, String account) {
    return """
    - routeTemplate:
        id: acme-one
        parameters: %s
        from:
          uri: serai:inbox/order
          parameters: { account: "%s" }
          steps:
            - to: { id: acme-one-apply, uri: "serai:apply/order" }
    """
        .formatted(parameters, account);
  }

  private List<String> sink(String step) {
    home.write(
        "connectors/acme-stock-sink.kamelet.yaml",
        Home.SINK.replace(
            "        - setBody: { simple: \"v1 {{baseUrl}} ${body}\" }",
            "        - setBody: { constant: \"{{baseUrl}}\" }\n        " + step));
    return judgedKamelet();
  }

  private List<String> kamelet(String uri, String parameters) {
    return sink("- to: { uri: \"" + uri + "\", parameters: " + parameters + " }");
  }

  private List<String> judgedKamelet() {
    var edition = edition();
    assertThat(edition.faults("connectors/acme-stock-sink.kamelet.yaml")).isEmpty();
    Kamelet kamelet = edition.kamelets().get("acme-stock-sink");
    return new RouteLint(context, Set.of())
        .check(kamelet, edition, null).stream().map(Fault::toString).toList();
  }

  private List<String> lint(String text, Set<String> components) {
    home.write(FILE, text);
    var edition = edition();
    assertThat(edition.faults(FILE)).isEmpty();
    var configuration = Configuration.read(Home.environment(), edition);
    return new RouteLint(context, components)
        .check(edition.routes().get(FILE), edition, configuration).stream()
            .map(Fault::toString)
            .toList();
  }

  private Edition edition() {
    return Catalog.of(Sources.of(List.of(folder))).edition();
  }
}
