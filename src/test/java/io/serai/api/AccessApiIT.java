package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Role;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Who one is, what one may, and tokens that are made for programs. */
@ResourceLock(ApiHub.SHARED)
class AccessApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String name = "t-" + UUID.randomUUID();

  private ApiHub.Answer make(Map<String, ?> more) {
    var body = new java.util.HashMap<String, Object>();
    body.put("name", name);
    body.put("role", "operator");
    body.put("reason", "for a test");
    body.putAll(more);
    return hub.post("/tokens", Json.text(body));
  }

  private String secret(Map<String, ?> more) {
    var made = make(more);
    assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    return made.json().path("secret").asText();
  }

  private ApiHub.Answer as(String secret, String method, String path, String body) {
    return hub.send(ApiHub.bearer(secret), method, path, body);
  }

  @Test
  void eachRoleIsToldWhatItMay() {
    for (var role : Role.values()) {
      var me = as(ApiHub.token(role), "GET", "/me", null).json();
      var may = new ArrayList<String>();
      me.path("may").forEach(verb -> may.add(verb.asText()));

      assertThat(me.path("role").asText()).isEqualTo(role.word());
      assertThat(may).contains("orders:read", "me:read").isSorted();
      assertThat(may.contains("orders:hold")).as(role.word()).isEqualTo(role.covers(Role.SUPPORT));
      assertThat(may.contains("orders:refunds"))
          .as(role.word())
          .isEqualTo(role.covers(Role.OPERATOR));
      assertThat(may.contains("tokens:create")).as(role.word()).isEqualTo(role == Role.ADMIN);
    }
  }

  @Test
  void aTokenIsShownOnceUsedListedAndRevoked() {
    var made = make(Map.of("days", 3));
    var secret = made.json().path("secret").asText();
    var id = made.json().at("/token/id").asText();

    assertThat(as(secret, "GET", "/me", null).json().path("name").asText())
        .isEqualTo("token:" + name);
    var listed = hub.get("/tokens?limit=500");
    assertThat(listed.response().body()).doesNotContain(secret);
    var row = row(listed, id);
    assertThat(row.path("state").asText()).isEqualTo("ACTIVE");
    assertThat(row.path("lastUsedAt").asText()).isNotBlank();
    assertThat(row.path("madeBy").asText()).isEqualTo("token:api");

    assertThat(hub.post("/tokens/" + id + "/revoke", "{\"reason\":\"over\"}").status())
        .isEqualTo(200);
    var after = as(secret, "GET", "/me", null);
    assertThat(after.status()).isEqualTo(401);
    assertThat(after.detail()).isEqualTo("Token '" + name + "' was revoked; ask for another.");
    assertThat(row(hub.get("/tokens?limit=500"), id).path("state").asText()).isEqualTo("REVOKED");
    var again = hub.post("/tokens/" + id + "/revoke", "{\"reason\":\"over\"}");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.detail())
        .isEqualTo(
            "Token '" + id + "' is not known, or revoked already; list the tokens to find its id.");
  }

  private static com.fasterxml.jackson.databind.JsonNode row(ApiHub.Answer list, String id) {
    for (var row : list.json().path("items")) {
      if (row.path("id").asText().equals(id)) {
        return row;
      }
    }
    throw new AssertionError("'" + id + "' is not listed.");
  }

  @Test
  void aTokenThatIsBoundToVerbsDoesThoseAndNoOthers() {
    var secret = secret(Map.of("verbs", List.of("orders:read", "stock")));

    assertThat(as(secret, "GET", "/orders", null).status()).isEqualTo(200);
    assertThat(as(secret, "PUT", "/stock", "{}").status()).isEqualTo(400);
    assertThat(as(secret, "GET", "/me", null).json().path("may"))
        .noneMatch(verb -> !verb.asText().matches("orders:read|stock:.*"));
    var refused = as(secret, "POST", "/orders/ord_1/hold", "{}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail())
        .isEqualTo(
            "'token:%s' is bound to 'orders:read', 'stock' and may not do 'orders:hold'; use another token."
                .formatted(name));
    assertThat(as(secret, "GET", "/dead-letters", null).status()).isEqualTo(403);
    assertThat(as(secret, "GET", "/orders.csv", null).status()).isEqualTo(200);
    assertThat(as(secret, "GET", "/parcels.csv", null).status()).isEqualTo(403);
  }

  @Test
  void aTokenThatIsBoundToChannelsReachesOnlyWhatIsAboutThem() {
    var mine = "m-" + UUID.randomUUID();
    var other = "o-" + UUID.randomUUID();
    hub.order("shopify-main", mine, "#M", "m@example.com");
    hub.order("walmart-main", other, "#O", "o@example.com");
    var secret = secret(Map.of("channels", List.of("shopify-main")));
    var bound = "'token:" + name + "' is bound to 'shopify-main'";

    var list = as(secret, "GET", "/orders?channel=shopify-main&limit=500", null);
    assertThat(list.status()).isEqualTo(200);
    assertThat(list.json().path("items"))
        .isNotEmpty()
        .allMatch(order -> order.path("channel").asText().equals("shopify-main"));
    assertThat(
            as(secret, "GET", "/orders?channel=shopify-main&q=" + other, null).json().path("items"))
        .isEmpty();
    assertThat(as(secret, "GET", "/orders/shopify-main:" + mine, null).status()).isEqualTo(200);
    assertThat(as(secret, "GET", "/channels/shopify-main", null).status()).isEqualTo(200);

    for (var out :
        List.of(
            "/orders",
            "/orders?channel=walmart-main",
            "/orders?channel=shopify-main&channel=walmart-main",
            "/orders?channel=",
            "/orders?channel=shopify-main:x",
            "/channels/walmart-main",
            "/dead-letters")) {
      var refused = as(secret, "GET", out, null);
      assertThat(refused.status()).as(out).isEqualTo(403);
      assertThat(refused.detail()).as(out).startsWith(bound + "; name it");
    }
    var order = as(secret, "GET", "/orders/walmart-main:" + other, null);
    assertThat(order.status()).isEqualTo(403);
    assertThat(order.detail()).isEqualTo(bound + "; name it, as an order as '<channel>:<id>'.");
    for (var out : List.of("/stock", "/audit", "/messages/msg_1", "/parcels")) {
      var refused = as(secret, "GET", out, null);
      assertThat(refused.status()).as(out).isEqualTo(403);
      assertThat(refused.detail())
          .as(out)
          .startsWith(bound + ", and '")
          .endsWith("' is not about one channel; use another token.");
    }
    var sent =
        as(
            secret,
            "POST",
            "/orders",
            "{\"channel\":{\"account\":\"erp\",\"orderId\":\"" + other + "\"}}");
    assertThat(sent.status()).isEqualTo(403);
    assertThat(sent.detail())
        .isEqualTo("'token:" + name + "' may send no order of channel 'erp'; use another token.");
  }

  @Test
  void whoeverIsBoundMakesNoOtherToken() {
    var secret = secret(Map.of("role", "admin", "verbs", List.of("tokens")));

    var refused =
        as(
            secret,
            "POST",
            "/tokens",
            "{\"name\":\"more\",\"role\":\"admin\",\"reason\":\"to have more\"}");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail())
        .isEqualTo(
            "'token:%s' is bound to a part and may not make or revoke tokens; log in, or use one that is not."
                .formatted(name));
  }

  @Test
  void aTokenThatWasMadeHereMakesNoOther() {
    var secret = secret(Map.of("role", "admin"));

    var refused =
        as(
            secret,
            "POST",
            "/tokens",
            "{\"name\":\"heir\",\"role\":\"admin\",\"reason\":\"to outlive it\"}");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail())
        .isEqualTo(
            "'token:%s' was made here and may not make or revoke tokens; log in, or use one of the configuration."
                .formatted(name));
  }

  @Test
  void whatCannotBeMadeIsSaid() {
    make(Map.of());
    Map.of(
            Map.of("name", "a b"),
            "'a b' is no name of a token; give letters, digits and hyphens, 60 at most.",
            Map.of("role", "boss"),
            "'boss' is no role; give viewer, support, operator, integrator, approver or admin.",
            Map.of("days", 367),
            "A token of 367 days cannot be made; give 1 to 366.",
            Map.of("reason", " "),
            "A token needs a reason; say what it is for.",
            Map.of("verbs", List.of("order:read")),
            "'order:read' is nothing a token can be bound to, 'orders:read' is; GET /api/v1/me lists the words.",
            Map.of("channels", List.of("nowhere")),
            "Channel 'nowhere' is not configured; list the channels to find its name.",
            Map.of("name", name),
            "Token '%s' exists and is not revoked; give another name or revoke it first."
                .formatted(name),
            Map.of("name", "viewer"),
            "Token 'viewer' exists in the configuration; give another name or revoke it first.")
        .forEach((more, sentence) -> assertThat(make(more).detail()).isEqualTo(sentence));
    var many =
        make(Map.of("channels", java.util.Collections.nCopies(101, "shopify-main"))).detail();
    assertThat(many).isEqualTo("'channels' has 101 entries; give at most 100.");
    assertThat(hub.post("/tokens/tok_1/revoke", "{}").detail())
        .isEqualTo("Revoking a token needs a reason; say why.");
  }

  @Test
  void theTerminalDoesTheSame() {
    assertThat(
            terminal.serai(
                "tokens",
                "create",
                name,
                "--role",
                "support",
                "--only",
                "orders:read",
                "--days",
                "2",
                "--reason",
                "for a test"))
        .as(terminal.err())
        .isZero();
    var secret = terminal.out().strip();
    assertThat(as(secret, "GET", "/orders", null).status()).isEqualTo(200);
    assertThat(terminal.err()).contains("nobody can show it again").doesNotContain(secret);
    var id = terminal.err().substring(0, terminal.err().indexOf(' '));

    assertThat(terminal.serai("tokens", "list", "--limit", "500")).isZero();
    assertThat(terminal.out()).containsPattern(id + " +" + name + " +support +ACTIVE +orders:read");
    assertThat(terminal.serai("tokens", "revoke", id, "--reason", "over")).isZero();
    assertThat(terminal.out()).contains("'" + name + "' opens nothing any more.");
    assertThat(as(secret, "GET", "/orders", null).status()).isEqualTo(401);

    assertThat(terminal.serai("users", "me")).isZero();
    assertThat(terminal.out()).contains("token:api").contains("tokens:create");
    assertThat(terminal.serai("users", "list")).isZero();
    assertThat(terminal.out()).containsPattern("abe +approver").containsPattern("admin +admin");
  }
}
