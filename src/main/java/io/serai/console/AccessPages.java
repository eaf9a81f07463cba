package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.api.AccessApi;
import io.serai.api.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** What one may, who else there is, and the tokens of programs. */
@Controller
final class AccessPages {
  private static final int MOST = 500;
  private static final String HERE = "/console/access";

  private final AccessApi access;

  AccessPages(AccessApi access) {
    this.access = access;
  }

  @GetMapping("/access")
  @Allows(Role.VIEWER)
  View access(Visit visit, Caller caller) {
    return page(visit, caller, null);
  }

  /** What one may and may not about one thing. */
  record Noun(String name, List<String> may, List<AccessApi.Denied> mayNot) {}

  /** The same by what it is about: {@code orders:hold} is "hold" about "orders". */
  static List<Noun> nouns(AccessApi.Me me) {
    var nouns = new TreeMap<String, Noun>();
    me.may().forEach(verb -> noun(nouns, verb).may().add(after(verb)));
    me.mayNot()
        .forEach(
            one ->
                noun(nouns, one.verb())
                    .mayNot()
                    .add(new AccessApi.Denied(after(one.verb()), one.sentence())));
    return List.copyOf(nouns.values());
  }

  private static Noun noun(TreeMap<String, Noun> nouns, String verb) {
    return nouns.computeIfAbsent(
        verb.split(":", 2)[0], name -> new Noun(name, new ArrayList<>(), new ArrayList<>()));
  }

  private static String after(String verb) {
    return verb.substring(verb.indexOf(':') + 1);
  }

  private View page(Visit visit, Caller caller, AccessApi.Made made) {
    boolean admin = caller.role().covers(Role.ADMIN);
    var parts = new HashMap<String, Object>();
    parts.put("me", access.me(caller));
    parts.put("users", admin ? access.users().items() : List.of());
    parts.put("tokens", admin ? access.tokens(MOST).items() : List.of());
    parts.put("made", made);
    return visit.page(visit.frame("Access", "access"), "access", parts);
  }

  /** Makes a token and shows its secret in this one answer: it is kept in no session. */
  @PostMapping("/access/tokens")
  @Allows(Role.ADMIN)
  View create(
      Visit visit,
      Caller caller,
      @RequestParam(required = false) String name,
      @RequestParam(required = false) String role,
      @RequestParam(required = false) String verbs,
      @RequestParam(required = false) String channels,
      @RequestParam(required = false) String days,
      @RequestParam(required = false) String reason,
      HttpServletResponse response) {
    try {
      var made =
          access.create(
              new AccessApi.TokenRequest(
                  Form.given(name),
                  Form.given(role),
                  words(verbs),
                  words(channels),
                  days(days),
                  Form.given(reason)),
              caller);
      response.setHeader("Cache-Control", "no-store");
      return page(visit, caller, made);
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return visit.to(HERE, Notice.refused(refused.getMessage()));
    }
  }

  private static List<String> words(String given) {
    var text = Form.given(given);
    return text == null ? null : Arrays.asList(text.split("[\\s,]+"));
  }

  private static Integer days(String given) {
    var text = Form.given(given);
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,4}")) {
      throw Problem.badRequest(
          "'%s' is no number of days; give 1 to %d."
              .formatted(Show.cut(text, 20), AccessApi.MOST_DAYS));
    }
    return Integer.valueOf(text);
  }

  @PostMapping("/access/tokens/{id}/revoke")
  @Allows(Role.ADMIN)
  View revoke(
      Visit visit,
      Caller caller,
      @PathVariable String id,
      @RequestParam(required = false) String reason) {
    return visit.act(
        HERE,
        () -> {
          var token =
              access.revoke(
                  id, new io.serai.api.DeadLetterViews.Reason(Form.given(reason)), caller);
          return "Token '%s' opens nothing any more.".formatted(token.name());
        });
  }
}
