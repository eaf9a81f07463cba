package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

/** Four eyes are two people, whatever credentials one of them comes with. */
class FourEyesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final Audit audit = new Audit(DATABASE.dataSource(), clock);
  private final ApiTokens tokens = new ApiTokens(DATABASE.dataSource(), audit, clock);
  private final MockEnvironment environment = new MockEnvironment();
  private final Callers callers;
  private final OidcSettings oidc;
  private final Approvals approvals;

  FourEyesIT() {
    set("SERAI_ADMIN_PASSWORD", "a-password");
    for (var user : List.of("ada", "bob", "cleo")) {
      set("serai.access.users." + user + ".password", "password-of-" + user);
      set("serai.access.users." + user + ".role", "approver");
    }
    set("serai.access.users.ada.subject", "u-1");
    set("serai.access.tokens.ci.token", "a-token-of-the-pipeline");
    set("serai.access.tokens.ci.role", "approver");
    set("serai.access.tokens.ci.owner", "ada");
    set("serai.access.tokens.erp.token", "a-token-of-the-erp-here");
    set("serai.access.tokens.erp.role", "approver");
    set("serai.access.oidc.issuer", "https://sso.example");
    set("serai.access.oidc.client-id", "serai");
    set("serai.access.oidc.client-secret", "secret");
    set("serai.access.oidc.console-url", "https://serai.example");
    set("serai.access.oidc.roles.approver[0]", "leads");
    callers = new Callers(AccessSettings.from(environment), said -> {});
    oidc = OidcSettings.from(environment).orElseThrow();
    approvals = new Approvals(DATABASE.dataSource(), audit, callers::person, clock);
  }

  private void set(String key, String value) {
    environment.setProperty(key, value);
  }

  private Caller user(String name) {
    return callers.byLogin(name, "password-of-" + name).orElseThrow();
  }

  private Caller sso(String name, String subject) {
    return oidc.caller(
            Map.of("preferred_username", name, "sub", subject, "groups", List.of("leads")))
        .orElseThrow();
  }

  private Caller madeBy(Caller maker) {
    var made =
        tokens
            .make(
                "t-" + UUID.randomUUID(),
                Role.APPROVER,
                Scope.ALL,
                Duration.ofDays(1),
                maker,
                "for a test")
            .orElseThrow();
    return tokens.find(made.secret()).caller();
  }

  private Caller configured(String secret) {
    return callers.byToken(secret).orElseThrow();
  }

  private Approvals.Decided decided(Caller asks, Caller approves) {
    var id =
        approvals
            .ask("replay.start", "rpl_" + UUID.randomUUID(), "Replay 5.", null, "why", asks)
            .id();
    assertThat(approvals.isBy(approvals.find(id).orElseThrow(), approves))
        .isEqualTo(Person.same(asks.person(), approves.person()));
    return approvals.approve(id, approves, "fine", one -> "done");
  }

  private record Pair(Caller first, Caller second) {}

  @TestFactory
  List<DynamicTest> onePersonDoesNotApproveWhatTheyAskedForByWhateverCredential() {
    var one = new LinkedHashMap<String, Pair>();
    one.put("password, provider by name", new Pair(user("bob"), sso("Bob", "u-2")));
    one.put("password, provider by subject", new Pair(user("ada"), sso("ada.smith", "u-1")));
    one.put("password, a token they made", new Pair(user("bob"), madeBy(user("bob"))));
    one.put(
        "password, a token they own", new Pair(user("ada"), configured("a-token-of-the-pipeline")));
    one.put("provider, renamed there", new Pair(sso("eve", "u-5"), sso("eve.jones", "u-5")));
    one.put("provider, a token they made", new Pair(sso("eve", "u-5"), madeBy(sso("eve", "u-5"))));
    one.put(
        "provider, a token they made by password",
        new Pair(sso("ada.smith", "u-1"), madeBy(user("ada"))));
    one.put(
        "provider, a token they own",
        new Pair(sso("ada.smith", "u-1"), configured("a-token-of-the-pipeline")));
    one.put("two tokens they made", new Pair(madeBy(user("ada")), madeBy(sso("x", "u-1"))));
    var tests = new ArrayList<DynamicTest>();
    one.forEach(
        (name, pair) -> {
          tests.add(DynamicTest.dynamicTest(name, () -> refuses(pair.first(), pair.second())));
          tests.add(
              DynamicTest.dynamicTest(
                  name + ", the other way round", () -> refuses(pair.second(), pair.first())));
        });
    return tests;
  }

  private void refuses(Caller asks, Caller approves) {
    var decided = decided(asks, approves);

    assertThat(decided.forbidden()).isTrue();
    assertThat(decided.refusal())
        .startsWith(
            "'%s' asked for this and is the same person as '%s', and four eyes need two people; have another approver look at 'apr_"
                .formatted(asks.name(), approves.name()));
  }

  @TestFactory
  List<DynamicTest> twoPeopleAreTwoHoweverTheyCome() {
    var two = new LinkedHashMap<String, Pair>();
    two.put("passwords", new Pair(user("ada"), user("bob")));
    two.put("password, provider", new Pair(user("ada"), sso("bob", "u-2")));
    two.put("password, a token of another", new Pair(user("ada"), madeBy(user("bob"))));
    two.put("provider, provider", new Pair(sso("eve", "u-5"), sso("fay", "u-6")));
    two.put("tokens of two", new Pair(madeBy(user("ada")), madeBy(user("bob"))));
    two.put(
        "tokens of the configuration",
        new Pair(configured("a-token-of-the-pipeline"), configured("a-token-of-the-erp-here")));
    return two.entrySet().stream()
        .map(
            pair ->
                DynamicTest.dynamicTest(
                    pair.getKey(),
                    () ->
                        assertThat(
                                decided(pair.getValue().first(), pair.getValue().second())
                                    .approval()
                                    .state())
                            .isEqualTo("APPROVED")))
        .toList();
  }

  @Test
  void aTieThatWasConfiguredLaterHoldsForWhatWasAskedBefore() {
    var before = new Caller("ada", Role.APPROVER); // when she had no subject yet

    assertThat(decidedLater(before, sso("ada.smith", "u-1")).forbidden()).isTrue();
  }

  private Approvals.Decided decidedLater(Caller asks, Caller approves) {
    var id =
        approvals
            .ask("replay.start", "rpl_" + UUID.randomUUID(), "Replay 5.", null, "why", asks)
            .id();
    return approvals.approve(id, approves, "fine", one -> "done");
  }

  @Test
  void ofWhatWasAskedAndMadeBeforeMarksWereKeptTheNameCounts() {
    var id = approvals.ask("replay.start", "rpl_1", "Replay 5.", null, "why", user("bob")).id();
    var token = madeBy(user("bob"));
    var jdbc = new JdbcTemplate(DATABASE.dataSource());
    jdbc.update("UPDATE approval SET asked_as = NULL WHERE id = ?", id);
    jdbc.update("UPDATE api_token SET made_as = NULL");

    assertThat(approvals.approve(id, token, "fine", one -> "done").forbidden()).isTrue();
    assertThat(approvals.approve(id, sso("bob", "u-9"), "fine", one -> "done").forbidden())
        .isTrue();
    assertThat(approvals.approve(id, user("ada"), "fine", one -> "done").refusal()).isNull();
  }

  @Test
  void anOwnerThatIsNobodyAndASubjectOfTwoStopTheStart() {
    set("serai.access.tokens.ci.owner", "adda");
    set("serai.access.users.bob.subject", "u-1");

    assertThat(AccessSettings.from(environment).faults())
        .containsExactlyInAnyOrder(
            "'serai.access.tokens.ci.owner' is 'adda', which is no user; name one under 'serai.access.users'.",
            "'u-1' is the subject of several users under 'serai.access.users'; one person is one user.");
  }
}
