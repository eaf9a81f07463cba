package io.serai.console;

import io.serai.api.Problem;
import io.serai.support.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The few files that pages are shown with; their address names their content, so they are kept. */
@Controller
final class StaticFiles {
  private record Known(String resource, String type) {}

  private record Loaded(byte[] bytes, String version) {}

  private static final Map<String, Known> KNOWN =
      Map.of(
          "console.css", new Known("/static/console/console.css", "text/css;charset=utf-8"),
          "console.js", new Known("/static/console/console.js", "text/javascript;charset=utf-8"),
          "twins.js", new Known("/static/console/twins.js", "text/javascript;charset=utf-8"),
          "twins.json", new Known("/static/console/twins.json", "application/json;charset=utf-8"),
          "mark.svg", new Known("/static/console/mark.svg", "image/svg+xml"),
          "htmx.js",
              new Known(
                  "/META-INF/resources/webjars/htmx.org/2.0.4/dist/htmx.min.js",
                  "text/javascript;charset=utf-8"));
  private static final Map<String, Loaded> LOADED = new ConcurrentHashMap<>();

  static String address(String name) {
    return "/console/static/" + load(name).version() + "/" + name;
  }

  private static Loaded load(String name) {
    return LOADED.computeIfAbsent(
        name,
        wanted -> {
          try (var in = StaticFiles.class.getResourceAsStream(KNOWN.get(wanted).resource())) {
            var bytes = in.readAllBytes();
            var hash = Sha256.of(bytes);
            return new Loaded(bytes, HexFormat.of().formatHex(hash, 0, 6));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @GetMapping("/static/{version}/{name}")
  @Open
  ResponseEntity<byte[]> file(@PathVariable String version, @PathVariable String name) {
    var known = KNOWN.get(name);
    if (known == null || !load(name).version().equals(version)) {
      throw Problem.notFound("There is no such file; load the page again.");
    }
    return ResponseEntity.ok()
        .header("Content-Type", known.type())
        .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
        .body(load(name).bytes());
  }
}
