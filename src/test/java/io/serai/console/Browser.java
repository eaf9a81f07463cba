package io.serai.console;

import io.serai.api.ApiHub;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** A browser without script: it keeps cookies, sends the forms it is shown, and follows answers. */
final class Browser {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final String origin;

  Browser(ApiHub hub) {
    origin = "http://127.0.0.1:" + hub.port();
  }

  /** A browser in which this person is logged in. */
  static Browser of(ApiHub hub, String name) {
    var browser = new Browser(hub);
    browser.login(name, ApiHub.PASSWORD, "/console/login");
    return browser;
  }

  /** What came back. */
  record Seen(int status, String address, HttpResponse<String> response) {
    Document page() {
      return Jsoup.parse(response.body(), "");
    }

    String text() {
      return page().select("main").text();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Map<String, String> cookies() {
    return cookies;
  }

  Seen login(String name, String password, String address) {
    var form = get(address).page();
    return submit(
        "/console/login",
        Map.of(
            "_csrf",
            form.select("input[name=_csrf]").attr("value"),
            "next",
            form.select("input[name=next]").attr("value"),
            "name",
            name,
            "password",
            password));
  }

  Seen get(String path) {
    return send(HttpRequest.newBuilder(URI.create(origin + path)).GET(), path, true);
  }

  Seen get(String path, String header, String value) {
    return send(
        HttpRequest.newBuilder(URI.create(origin + path)).header(header, value).GET(), path, false);
  }

  /** Sends the form of this page that goes to this address, with these fields changed. */
  Seen press(Document page, String action, Map<String, String> fields) {
    var form = page.selectFirst("form[action=\"" + action + "\"]");
    if (form == null) {
      throw new AssertionError("The page has no form to '" + action + "'.");
    }
    var all = new LinkedHashMap<String, String>();
    for (var field : form.select("input[type=hidden], textarea")) {
      all.put(field.attr("name"), field.val());
    }
    all.putAll(fields);
    return submit(action, all);
  }

  Seen submit(String path, Map<String, String> fields) {
    var pairs = new ArrayList<String>();
    fields.forEach((name, value) -> pairs.add(encoded(name) + "=" + encoded(value)));
    return send(
        HttpRequest.newBuilder(URI.create(origin + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Referer", origin + path)
            .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs))),
        path,
        true);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Seen send(HttpRequest.Builder request, String path, boolean follow) {
    if (!cookies.isEmpty()) {
      var pairs = new ArrayList<String>();
      cookies.forEach((name, value) -> pairs.add(name + "=" + value));
      request.header("Cookie", String.join("; ", pairs));
    }
    try {
      var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      for (var cookie : response.headers().allValues("Set-Cookie")) {
        var pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
        cookies.put(pair[0], pair[1]);
      }
      var location = response.headers().firstValue("Location");
      if (follow && response.statusCode() / 100 == 3 && location.isPresent()) {
        return get(location.get().replace(origin, ""));
      }
      return new Seen(response.statusCode(), path, response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
