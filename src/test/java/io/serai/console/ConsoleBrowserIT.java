package io.serai.console;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import io.serai.api.ApiHub;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.order.Risk;
import io.serai.support.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Every page that can be reached by a link, in a real browser: nothing that keeps anybody from
 * using it (axe), nothing wider than a telephone, nothing the browser complains of; and the whole
 * way of a replay by keyboard. Needs Debian's chromium and chromium-driver.
 */
@ResourceLock(ApiHub.SHARED)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleBrowserIT {
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final List<String> COLORS = List.of("color-contrast");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PHONE = 360;
  private static final int DESK = 1280;

  private ApiHub hub;
  private String parked;
  private List<String> ours;
  private ChromeDriver browser;
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String sentence = "Field 'b-" + unique + "' is missing.";

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    assumeTrue(
        Files.isExecutable(DRIVER), "SKIPPED: chromium-driver is not installed; no page is judged");
    hub = ApiHub.running();
    parked = hub.parkedMessage(account, "{\"id\":1}", sentence);
    var doubtful = hub.doubtfulDelivery("northwind-" + unique);
    hub.node("nj-1");
    hub.jdbc
        .sql(
            """
            INSERT INTO stock_level (sku, node, on_hand, allocated, damaged, source, as_of)
            VALUES (?, 'nj-1', 12, 3, 1, 'a count', now())
            """)
        .param("S-" + unique)
        .update();
    var held = new CompletableFuture<ApplyResult>();
    var order =
        anOrder().of(account).risky(Risk.Level.HIGH, "proxy").with("S-" + unique, 1).build();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", held::complete);
    assertThat(held.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    ours =
        List.of(
            "/console/orders/" + account + ":" + Show.part(order.channel().orderId()),
            "/console/stock/item?sku=S-" + unique,
            "/console/search?q=nothing-" + unique,
            "/console/dead-letters/group?fingerprint=" + Integer.toHexString(sentence.hashCode()),
            Show.link(parked),
            Show.link(doubtful));
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    var options = new ChromeOptions();
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--user-data-dir=" + folder.resolve("profile"));
    options.setCapability("goog:loggingPrefs", logs);
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build(),
            options);
    open("/console/login");
    browser.findElement(By.name("name")).sendKeys("otto");
    browser.findElement(By.name("password")).sendKeys(ApiHub.PASSWORD, Keys.ENTER);
    await().atMost(PATIENCE).until(() -> browser.getCurrentUrl().endsWith("/console"));
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.quit();
    }
  }

  private void open(String path) {
    browser.get("http://127.0.0.1:" + hub.port() + path);
  }

  private String path() {
    return browser.getCurrentUrl().replaceFirst("^http://[^/]+", "");
  }

  private static String kind(String address) {
    return address
        .replaceFirst("\\?.*", "")
        .replaceAll("/[^/]*[0-9:%][^/]*", "/*")
        .replaceAll("(/console/(stock|routes|channels|partners|kpis)/).+", "$1*");
  }

  private void screen(int width, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** One page of each kind, ours first: addresses that differ in an id or a value are one kind. */
  @Test
  void everybodyCanUseEveryPage() {
    var faults = new ArrayList<String>();
    var kinds = new LinkedHashSet<String>();
    var pages = new ArrayDeque<>(List.of("/console", "/console/login"));
    pages.addAll(ours);
    while (!pages.isEmpty()) {
      var page = pages.remove();
      if (kinds.add(kind(page))) {
        screen(DESK, "light");
        open(page);
        links().forEach(link -> pages.add(link.replaceFirst("#.*", "")));
        faults.addAll(judged(page));
      }
    }

    assertThat(faults).isEmpty();
    assertThat(kinds)
        .contains("/console", "/console/dead-letters", "/console/dead-letters/group")
        .contains("/console/orders/*", "/console/messages/*", "/console/audit")
        .hasSizeGreaterThan(15);
  }

  // In one step: a page that renews itself takes its elements away between two.
  private List<String> links() {
    var found =
        (List<?>)
            browser.executeScript(
                "return [...document.querySelectorAll(\"a[href^='/console']:not([download])\")].map(a => a.getAttribute('href'))");
    return found.stream().map(Object::toString).toList();
  }

  private List<String> judged(String page) {
    var faults = new ArrayList<String>();
    faults.addAll(judged(page, new AxeBuilder()));
    screen(DESK, "dark");
    faults.addAll(judged(page + " in the dark", new AxeBuilder().withOnlyRules(COLORS)));
    screen(PHONE, "light");
    var wide =
        ((Number) browser.executeScript("return document.documentElement.scrollWidth")).intValue();
    if (wide > PHONE) {
      faults.add("%s is %d pixels wide on a screen of %d".formatted(page, wide, PHONE));
    }
    for (var entry : browser.manage().logs().get(LogType.BROWSER)) {
      faults.add(page + ": the browser says " + entry.getMessage());
    }
    return faults;
  }

  private List<String> judged(String page, AxeBuilder axe) {
    var faults = new ArrayList<String>();
    for (Rule rule : axe.analyze(browser).getViolations()) {
      for (var node : rule.getNodes()) {
        faults.add(
            "%s: %s (%s) at %s".formatted(page, rule.getHelp(), rule.getId(), node.getTarget()));
      }
    }
    return faults;
  }

  @Test
  void whatStoppedIsFoundAndReplayedByKeyboardAlone() {
    screen(DESK, "light");
    open("/console");

    keys("g", "d");
    await().atMost(PATIENCE).until(() -> path().equals("/console/dead-letters"));
    tabTo("a.open[href*='" + Integer.toHexString(sentence.hashCode()) + "']");
    keys(Keys.ENTER);
    await().atMost(PATIENCE).until(() -> path().startsWith("/console/dead-letters/group"));
    keys("j", "x", "r");
    tabTo("details[open] [name=reason]");
    keys("the mapping knows the field now");
    tabTo("details[open] button[value=selected]");
    keys(Keys.ENTER);

    await().atMost(PATIENCE).until(() -> path().startsWith("/console/jobs/"));
    assertThat(browser.findElement(By.id("main")).getText())
        .contains("Replay rpl_")
        .contains("0 of 1")
        .contains(parked);
  }

  @Test
  void whatWasTypedSurvivesASessionThatEndedInMidEdit() {
    var id = hub.parkedMessage(account, "{\"id\":2}", "Field 'e-" + unique + "' is missing.");
    screen(DESK, "light");
    open(Show.link(id));
    reveal();
    open(Show.link(id) + "/edit");
    browser.findElement(By.name("text")).sendKeys(" typed-by-hand");
    browser.findElement(By.name("reason")).sendKeys("a field was missing");
    browser.manage().deleteAllCookies();

    browser.findElement(By.cssSelector("button[value=save]")).click();

    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(browser.findElement(By.id("main")).getText())
                    .contains("Your session has ended and nothing was changed.")
                    .contains("what you typed is kept"));
    browser.findElement(By.name("name")).sendKeys("otto");
    browser.findElement(By.name("password")).sendKeys(ApiHub.PASSWORD, Keys.ENTER);
    await().atMost(PATIENCE).until(() -> !path().startsWith("/console/login"));
    open(Show.link(id));
    reveal();
    open(Show.link(id) + "/edit");
    assertThat(browser.findElement(By.name("text")).getDomProperty("value"))
        .endsWith(" typed-by-hand");
    assertThat(browser.findElement(By.name("reason")).getDomProperty("value"))
        .isEqualTo("a field was missing");
    assertThat(browser.findElement(By.id("main")).getText())
        .contains("What you typed before is here again.");
  }

  private void reveal() {
    browser.executeScript(
        """
        const form = document.querySelector("form[action='/console/reveal']");
        form.elements.reason.value = "a test";
        form.submit();""");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () ->
                (boolean)
                    browser.executeScript(
                        "return !!document.body && document.body.textContent.includes('Personal data is shown until')"));
  }

  private void keys(CharSequence... keys) {
    for (var key : keys) {
      browser.switchTo().activeElement().sendKeys(key);
    }
  }

  private void tabTo(String selector) {
    for (int presses = 0; presses < 100; presses++) {
      if ((boolean)
          browser.executeScript("return document.activeElement.matches(arguments[0])", selector)) {
        return;
      }
      keys(Keys.TAB);
    }
    throw new AssertionError("no press of Tab leads to " + selector + " on " + path());
  }
}
