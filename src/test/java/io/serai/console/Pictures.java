package io.serai.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Takes pictures of pages of a hub that runs, such as {@code ./serai demo}: each in light, dark and
 * as on a telephone. Needs Debian's chromium and chromium-driver.
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
 * java -cp target/test-classes:target/classes:$(cat target/test.classpath) io.serai.console.Pictures \
 *   http://127.0.0.1:8080 admin PASSWORD target/pictures home=/console dead-letters=/console/dead-letters
 * </pre>
 */
public final class Pictures {
  private static final int HEIGHT = 860;

  private record View(String name, int width, String scheme) {}

  private static final List<View> VIEWS =
      List.of(
          new View("light", 1280, "light"),
          new View("dark", 1280, "dark"),
          new View("narrow", 360, "light"));

  private Pictures() {}

  /** The hub's address, a name and a password, a folder, and pages as {@code name=path}. */
  public static void main(String[] arguments) throws IOException {
    var folder = Files.createDirectories(Path.of(arguments[3]));
    var options = new ChromeOptions();
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--hide-scrollbars",
        "--user-data-dir=" + Files.createTempDirectory("pictures"));
    var browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build(),
            options);
    try {
      browser.get(arguments[0] + "/console/login");
      browser.findElement(By.name("name")).sendKeys(arguments[1]);
      browser.findElement(By.name("password")).sendKeys(arguments[2], Keys.ENTER);
      for (var page : List.of(arguments).subList(4, arguments.length)) {
        var name = page.substring(0, page.indexOf('='));
        for (var view : VIEWS) {
          show(browser, view);
          browser.get(arguments[0] + page.substring(page.indexOf('=') + 1));
          Files.write(
              folder.resolve(name + "-" + view.name() + ".png"),
              browser.getScreenshotAs(OutputType.BYTES));
        }
      }
    } finally {
      browser.quit();
    }
  }

  private static void show(ChromeDriver browser, View view) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", view.width(), "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features", List.of(Map.of("name", "prefers-color-scheme", "value", view.scheme()))));
  }
}
