package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads where a connector's access tokens come from: {@code token} and {@code tokens}. */
final class TokenReader {

  private final ParameterNames names;
  private final Faults faults;

  TokenReader(ParameterNames names, Faults faults) {
    this.names = names;
    this.faults = faults;
  }

  /** The further tokens, by name. */
  Map<String, Token> tokens(Section section) {
    var tokens = new LinkedHashMap<String, Token>();
    if (section == null) {
      return tokens;
    }
    for (var name : section.mapping().entries().keySet()) {
      if (!KebabCase.is(name)) {
        faults.at(
            section.lineOf(name),
            "Token '" + name + "' is not in kebab case",
            "Use lower-case letters, digits and single dashes");
      }
      var token = token(section.section(name), "tokens." + name);
      if (token != null) {
        tokens.put(name, token);
      }
    }
    return tokens;
  }

  /** The token without a name, or null. */
  Token token(Section section) {
    return token(section, "token");
  }

  private Token token(Section section, String called) {
    if (section == null) {
      return null;
    }
    var scheme = section.has("scheme") ? section.choice("scheme", Token.SCHEMES, null) : "static";
    if (scheme == null) {
      return null; // what else there may be depends on it
    }
    var token =
        scheme.equals("static")
            ? new Token(
                scheme,
                names.secret(section, called, "parameter"),
                null,
                null,
                null,
                null,
                false,
                null)
            : fetched(section, called, scheme);
    section.close();
    return token;
  }

  private Token fetched(Section section, String called, String scheme) {
    var refreshes = scheme.equals("refresh-token");
    var url = names.url(section, called, "url");
    var clientId = names.any(section, called, "client-id");
    var clientSecret =
        refreshes && !section.has("client-secret")
            ? null
            : names.secret(section, called, "client-secret");
    var refreshToken = refreshes ? names.secret(section, called, "refresh-token") : null;
    var basic = section.choice("authenticate", List.of("body", "basic"), "body").equals("basic");
    if (basic && clientSecret == null) {
      faults.at(
          section.lineOf("authenticate"),
          "'" + called + "' authenticates by 'basic' and names no client secret",
          "Add 'client-secret: …', or write 'authenticate: body'");
    }
    return new Token(
        scheme, null, url, clientId, clientSecret, refreshToken, basic, section.text("scope"));
  }
}
