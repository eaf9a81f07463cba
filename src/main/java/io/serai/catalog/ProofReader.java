package io.serai.catalog;

import io.serai.catalog.ConnectorProfile.Challenge;
import io.serai.catalog.ConnectorProfile.Text;
import io.serai.catalog.ConnectorProfile.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads how a connector's webhooks prove themselves, and how it asks us for proof. */
final class ProofReader {
  private static final Set<String> IN_AUTHORIZATION = Set.of("bearer", "basic");
  private static final List<String> ENCODINGS = List.of("base64", "hex");

  /** What an account may choose between: the other schemes need more than a header and a secret. */
  private static final List<String> WITH_SECRET_ONLY =
      List.of("hmac-sha256", "hmac-sha1", "hmac-sha512", "standard-webhooks", "bearer");

  private static final Set<String> WITHOUT_SECRET = Set.of("none", "ecdsa");

  private final ParameterNames names;
  private final Faults faults;

  ProofReader(ParameterNames names, Faults faults) {
    this.names = names;
    this.faults = faults;
  }

  /**
   * The proof, or null.
   *
   * @param tokens the section of the access tokens, or null
   */
  Verification verification(Section section, Section tokens) {
    if (section == null) {
      return null;
    }
    if (!section.has("scheme")) {
      section.required("scheme");
    }
    var scheme =
        names.text(section, "verification", "scheme", Verification.SCHEMES, WITH_SECRET_ONLY);
    if (scheme == null) {
      return null; // what else there may be depends on it
    }
    var one = scheme.literal() == null ? "" : scheme.literal();
    var encoding = names.text(section, "verification", "encoding", ENCODINGS, ENCODINGS);
    var header = names.text(section, "verification", "header", List.of(), List.of());
    if (!section.has("header")
        && (one.isEmpty() || one.startsWith("hmac") || one.equals("ecdsa"))) {
      section.required("header");
    }
    var secret =
        WITHOUT_SECRET.contains(one) ? null : names.secret(section, "verification", "secret");
    var user = one.equals("basic") ? names.any(section, "verification", "user") : null;
    var keyUrl = one.equals("ecdsa") ? names.url(section, "verification", "key-url") : null;
    var token = one.equals("ecdsa") ? token(section, tokens) : null;
    var hashed = one.startsWith("hmac") || one.isEmpty();
    var prefix = hashed ? section.text("prefix") : null;
    var url = hashed ? url(section) : null;
    var refuseWith = section.number("refuse-with", 400, 401);
    if (refuseWith > 499) {
      faults.at(
          section.lineOf("refuse-with"),
          "'verification.refuse-with' is '" + refuseWith + "', which blames us and not the sender",
          "Write a status from 400 to 499");
    }
    section.close();
    return new Verification(
        scheme,
        encoding == null ? Text.of("base64") : encoding,
        header == null && IN_AUTHORIZATION.contains(one) ? Text.of("Authorization") : header,
        prefix,
        secret,
        user,
        url,
        keyUrl,
        token,
        refuseWith);
  }

  private String url(Section section) {
    var covers = section.choice("covers", List.of("body", "url-and-body"), "body");
    if (covers.equals("url-and-body")) {
      return names.url(section, "verification", "url");
    }
    return null;
  }

  private String token(Section section, Section tokens) {
    var name = section.text("token");
    var known = tokens == null ? Set.<String>of() : tokens.mapping().entries().keySet();
    if (name != null && !known.contains(name)) {
      faults.at(
          section.lineOf("token"),
          "'verification.token' is '" + name + "', which is not under 'tokens'",
          Nearest.advice(name, known));
    }
    return name;
  }

  /** How it asks whether an address is ours, or null. */
  Challenge challenge(Section section) {
    if (section == null) {
      return null;
    }
    var query = section.required("query");
    section.choice("answer", List.of("sha-256"), "sha-256");
    var over = new ArrayList<String>();
    for (var item : section.items("over")) {
      var name = item instanceof Yaml.Scalar scalar ? scalar.text() : "";
      over.add(name);
      if (!name.equals(Challenge.ITSELF)) {
        names.declared(section, "challenge", "over", name);
      }
    }
    if (!over.contains(Challenge.ITSELF)) {
      faults.at(
          section.lineOf("over"),
          "'challenge.over' leaves the challenge itself out",
          "Write 'over: [challenge, …]'");
    }
    var field = section.required("field");
    section.close();
    return new Challenge(query, List.copyOf(over), field);
  }
}
