package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.ApiHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** Who comes in, who may press what, and what a stranger gets. */
@ResourceLock(ApiHub.SHARED)
class ConsoleAccessIT {
  private static final List<Class<?>> PAGES =
      List.of(
          SessionPages.class,
          LivePages.class,
          HomePages.class,
          SearchPages.class,
          ViewPages.class,
          DeadLetterPages.class,
          DeadLetterListPages.class,
          MessagePages.class,
          DeliveryPages.class,
          ReplayPlanPages.class,
          OrderPages.class,
          AddressFixPages.class,
          OrderErrandPages.class,
          JobPages.class,
          ReconcilePages.class,
          KpiPages.class,
          StockPages.class,
          StockActionPages.class,
          StockLedgerPages.class,
          StockCasePages.class,
          EndingPages.class,
          LegalHoldPages.class,
          MaintenancePages.class,
          InterchangePages.class,
          SystemPages.class,
          RoutePages.class,
          AuditPages.class,
          AccessPages.class,
          ApprovalPages.class,
          ParcelPages.class,
          ReturnPages.class);

  private static final Map<String, Role> PEOPLE =
      Map.of(
          "vera", Role.VIEWER,
          "sue", Role.SUPPORT,
          "otto", Role.OPERATOR,
          "ines", Role.INTEGRATOR,
          "abe", Role.APPROVER,
          "admin", Role.ADMIN);

  private static final Map<String, Browser> PERSONS = new HashMap<>();

  private final ApiHub hub = ApiHub.running();

  @Test
  void aDeepLinkOpensAfterTheLogin() {
    var browser = new Browser(hub);

    var asked = browser.get("/console/orders?state=ON_HOLD");
    var seen = browser.login("otto", ApiHub.PASSWORD, asked.address());

    assertThat(asked.page().title()).isEqualTo("Log in · Serai");
    assertThat(seen.address()).isEqualTo("/console/orders?state=ON_HOLD");
    assertThat(seen.page().title()).isEqualTo("Orders · Serai");
  }

  @Test
  void aLoginGetsASessionOfANewNumber() {
    var browser = new Browser(hub);
    browser.get("/console/login");
    var before = browser.cookies().get("serai-console");

    browser.login("otto", ApiHub.PASSWORD, "/console/login");

    assertThat(before).isNotBlank();
    assertThat(browser.cookies().get("serai-console")).isNotBlank().isNotEqualTo(before);
  }

  @Test
  void theCookieIsOutOfReachOfScriptsAndOtherSites() {
    var cookie = new Browser(hub).get("/console/login").header("Set-Cookie");

    assertThat(cookie)
        .startsWith("serai-console=")
        .contains("HttpOnly")
        .contains("SameSite=Lax")
        .contains("Path=/console");
  }

  @Test
  void aWrongPasswordIsSaidInOneSentenceAndLetsNobodyIn() {
    var browser = new Browser(hub);

    var seen = browser.login("otto", "not-the-password", "/console/login");

    assertThat(seen.status()).isEqualTo(401);
    assertThat(seen.text())
        .contains("The name and the password do not belong together; try again.");
    assertThat(browser.get("/console/orders").page().title()).isEqualTo("Log in · Serai");
  }

  @Test
  void guessingIsSlowedDown() {
    var browser = new Browser(hub);
    for (int i = 0; i < 10; i++) {
      browser.login("guessed", "wrong-" + i, "/console/login");
    }

    var seen = browser.login("guessed", "wrong-again", "/console/login");

    assertThat(seen.status()).isEqualTo(429);
    assertThat(seen.text()).contains("Your address sent 10 wrong passwords for this user");
  }

  @Test
  void nobodyIsSentToAnotherSiteByALogin() {
    for (var next :
        List.of("https://example.com/", "//example.com/", "/console\\..\\x", "/consolex", "/api")) {
      assertThat(ConsoleGuard.next(next)).as(next).isEqualTo("/console");
    }
    assertThat(ConsoleGuard.next("/console/orders?q=1")).isEqualTo("/console/orders?q=1");
  }

  @Test
  void afterTheLogoutTheSessionIsWorthNothing() {
    var browser = Browser.of(hub, "otto");
    var page = browser.get("/console").page();

    browser.press(page, "/console/logout", Map.of());

    assertThat(browser.get("/console/orders").page().title()).isEqualTo("Log in · Serai");
  }

  @Test
  void aFormOfAnotherSiteChangesNothing() {
    var id = hub.parkedMessage("shop-csrf", "{}", "x.");
    var browser = Browser.of(hub, "otto");

    var seen =
        browser.submit(
            "/console/messages/" + id + "/discard",
            Map.of("fence", "0", "reason", "forged", "_csrf", "forged"));

    assertThat(seen.status()).isEqualTo(403);
    assertThat(seen.text()).contains("This form is older than your login, so nothing was changed.");
    assertThat(browser.get("/console/messages/" + id).text()).contains("stopped");
  }

  @Test
  void aFormAfterTheSessionEndedLeadsToTheLoginAndSaysThatNothingWasChanged() {
    var id = hub.parkedMessage("shop-ended", "{}", "x.");
    var browser = Browser.of(hub, "otto");
    var page = browser.get("/console/messages/" + id).page();
    browser.cookies().clear();

    var seen =
        browser.press(page, "/console/messages/" + id + "/discard", Map.of("reason", "too late"));

    assertThat(seen.page().title()).isEqualTo("Log in · Serai");
    assertThat(seen.text()).contains("Your session has ended and nothing was changed.");
  }

  @Test
  void everyAnswerForbidsForeignScriptsFramesAndGuessedTypes() {
    for (var seen :
        List.of(new Browser(hub).get("/console/login"), Browser.of(hub, "vera").get("/console"))) {
      assertThat(seen.header("Content-Security-Policy"))
          .contains("default-src 'none'")
          .contains("script-src 'self'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(seen.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(seen.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(seen.header("Cache-Control")).contains("no-store");
    }
  }

  @Test
  void noPageBringsScriptsOrStylesOfItsOwn() {
    var browser = Browser.of(hub, "admin");
    for (var entry : Frame.NAVIGATION) {
      var page = browser.get(entry.address()).page();

      assertThat(page.title()).as(entry.address()).isEqualTo(entry.words() + " · Serai");
      assertThat(page.select("script:not([src]), style, [style], [onclick]")).isEmpty();
      for (var file : page.select("link[href], script[src], img[src]")) {
        assertThat(file.attr("href") + file.attr("src")).startsWith("/console/static/");
      }
    }
  }

  @Test
  void filesAreKeptForGoodAndOnlyUnderTheNameOfTheirContent() {
    var browser = new Browser(hub);
    var sheet = StaticFiles.address("console.css");

    assertThat(browser.get(sheet).status()).isEqualTo(200);
    assertThat(browser.get(sheet).header("Cache-Control")).contains("immutable");
    assertThat(browser.get("/console/static/000000000000/console.css").status()).isEqualTo(404);
    assertThat(browser.get("/console/static/0/application.yaml").status()).isEqualTo(404);
  }

  @Test
  void theApiIsNotReachedThroughTheConsolesDoor() {
    var browser = Browser.of(hub, "admin");

    assertThat(browser.get("/console/api/v1/orders").status()).isEqualTo(404);
    assertThat(browser.get("/api/v1/orders").status()).isEqualTo(401);
  }

  @Test
  void whereNobodyLogsInElsewhereThatIsSaid() {
    var browser = new Browser(hub);

    assertThat(browser.get("/console/login").text()).doesNotContain("organization");
    var seen = browser.get("/console/login/sso");
    assertThat(seen.status()).isEqualTo(404);
    assertThat(seen.text()).contains("Nobody logs in elsewhere here; log in by name and password.");
  }

  @Test
  void anUnknownPageIsSaidInOneSentence() {
    var seen = Browser.of(hub, "vera").get("/console/nowhere");

    assertThat(seen.status()).isEqualTo(404);
    assertThat(seen.text())
        .contains("There is no such page; the navigation leads to all there are.");
  }

  @TestFactory
  List<DynamicTest> everyAddressIsShutToStrangersAndToWhoMayNot() {
    var tests = new ArrayList<DynamicTest>();
    for (var pages : PAGES) {
      for (var method : pages.getDeclaredMethods()) {
        var get = method.getAnnotation(GetMapping.class);
        var post = method.getAnnotation(PostMapping.class);
        if (get == null && post == null) {
          continue;
        }
        var paths = get == null ? post.value() : get.value().length == 0 ? get.path() : get.value();
        var path = "/console" + paths[0].replaceAll("\\{[^}]*}", "msg_999999999");
        tests.add(
            DynamicTest.dynamicTest(
                (get == null ? "POST " : "GET ") + path,
                () -> probe(method.getAnnotation(Allows.class), get != null, path)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests;
  }

  /**
   * A button can be pressed by those whom the server lets, and nobody else; whoever may not is told
   * why.
   */
  @TestFactory
  List<DynamicTest> whatAPersonMayNotIsShownDisabledWithTheReason() {
    var message = hub.parkedMessage("shop-rights", "{}", "Field 'rights' is missing.");
    var delivery = hub.doubtfulDelivery("partner-rights");
    var order = hub.order("shop-rights", "rights-" + message, "#R", "r@example.com");
    hub.jdbc
        .sql("UPDATE order_line SET shipped = 2, allocated = 0 WHERE order_id = :id")
        .param("id", order)
        .update();
    hub.node("nj-1");
    hub.post(
        "/stock/receive", "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"rights-sku\",\"quantity\":1}]}");
    var pages =
        List.of(
            "/console/messages/" + message,
            "/console/deliveries/" + delivery,
            "/console/orders/" + io.serai.support.Ids.text("ord", order),
            Browser.of(hub, "otto")
                .get("/console/dead-letters?account=shop-rights")
                .page()
                .select("a.open")
                .attr("href"),
            "/console/reconciliation",
            "/console/stock/item?sku=rights-sku",
            "/console/access");
    return pages.stream().map(page -> DynamicTest.dynamicTest(page, () -> offered(page))).toList();
  }

  private void offered(String address) {
    for (var person : PEOPLE.entrySet()) {
      var browser = PERSONS.computeIfAbsent(person.getKey(), name -> Browser.of(hub, name));
      var forms = browser.get(address).page().select("main form[method=post]");
      assertThat(forms).isNotEmpty();
      for (var form : forms) {
        var allows = allows(form.attr("action"));
        boolean may = person.getValue().coversAny(allows.value());
        var what = person.getKey() + " " + form.attr("action");
        assertThat(form.select("fieldset[disabled], button[disabled]").isEmpty())
            .as(what)
            .isEqualTo(may && !form.text().contains("No account's connector"));
        if (!may) {
          assertThat(form.outerHtml())
              .as(what)
              .contains(
                  "You are %s; this needs %s."
                      .formatted(person.getValue().word(), Role.words(allows.value())));
        }
      }
    }
  }

  private static Allows allows(String action) {
    for (var pages : PAGES) {
      for (var method : pages.getDeclaredMethods()) {
        var post = method.getAnnotation(PostMapping.class);
        if (post != null
            && action.matches("/console" + post.value()[0].replaceAll("\\{[^}]*}", "[^/]+"))) {
          return method.getAnnotation(Allows.class);
        }
      }
    }
    throw new AssertionError("No method takes '" + action + "'.");
  }

  private void probe(Allows allows, boolean reading, String path) {
    if (allows == null) {
      assertThat(path).isIn("/console/login", "/console/login/sso");
      return;
    }
    var stranger = new Browser(hub);
    var answer = reading ? stranger.get(path) : stranger.submit(path, Map.of());
    assertThat(answer.page().title()).isEqualTo("Log in · Serai");
    for (var person : PEOPLE.entrySet()) {
      var role = person.getValue();
      if (role.coversAny(allows.value()) || allows.value()[0] == Role.VIEWER) {
        continue;
      }
      var browser = PERSONS.computeIfAbsent(person.getKey(), name -> Browser.of(hub, name));
      var token = browser.get("/console").page().select("input[name=_csrf]").first().val();
      var refused = reading ? browser.get(path) : browser.submit(path, Map.of("_csrf", token));
      assertThat(refused.status()).as(person.getKey()).isEqualTo(403);
      assertThat(refused.text())
          .contains(
              "'%s' is %s and may not do this; it needs %s."
                  .formatted(person.getKey(), role.word(), Role.words(allows.value())));
    }
  }
}
