package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every endpoint × every role × nobody; an endpoint without a line here fails. */
@ResourceLock(ApiHub.SHARED)
class AccessMatrixIT {
  /** What a role that may call it gets for a request that names nothing that exists. */
  private record Line(int allowed, Role... any) {
    boolean lets(Role role) {
      return INCLUDES.get(role).stream().anyMatch(Set.of(any)::contains);
    }
  }

  // Said once more than in the code, so that a slip there is seen.
  private static final Map<Role, Set<Role>> INCLUDES =
      Map.of(
          Role.VIEWER, Set.of(Role.VIEWER),
          Role.SUPPORT, Set.of(Role.VIEWER, Role.SUPPORT),
          Role.OPERATOR, Set.of(Role.VIEWER, Role.SUPPORT, Role.OPERATOR),
          Role.INTEGRATOR, Set.of(Role.VIEWER, Role.INTEGRATOR),
          Role.APPROVER, Set.of(Role.VIEWER, Role.SUPPORT, Role.OPERATOR, Role.APPROVER),
          Role.ADMIN, Set.of(Role.values()));

  private static final Map<String, Line> MATRIX =
      Map.ofEntries(
          Map.entry("GET /api/v1/search", new Line(400, Role.VIEWER)),
          Map.entry("GET /api/v1/orders", new Line(200, Role.VIEWER)),
          Map.entry("POST /api/v1/orders", new Line(422, Role.OPERATOR)),
          Map.entry("GET /api/v1/orders/{id}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/orders/{id}/timeline", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/orders/{id}/next", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/orders/{id}/decision", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/orders/{id}/hold", new Line(400, Role.SUPPORT)),
          Map.entry("POST /api/v1/orders/{id}/release", new Line(400, Role.SUPPORT)),
          Map.entry("POST /api/v1/orders/{id}/reassign", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/orders/{id}/cancel", new Line(400, Role.SUPPORT)),
          Map.entry("POST /api/v1/orders/{id}/change", new Line(400, Role.SUPPORT)),
          Map.entry("POST /api/v1/orders/{id}/refunds", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/orders/{id}/personal-data", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/orders/{id}/erase", new Line(400, Role.ADMIN)),
          Map.entry("POST /api/v1/orders/{id}/legal-hold", new Line(400, Role.ADMIN)),
          Map.entry("POST /api/v1/orders/{id}/legal-hold/end", new Line(400, Role.ADMIN)),
          Map.entry("GET /api/v1/orders/{id}/parcels", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/orders/{id}/pack", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/orders/{id}/returns", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/orders/{id}/returns", new Line(400, Role.SUPPORT)),
          Map.entry("GET /api/v1/orders/{id}/replacements", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/orders/{id}/replacements", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/returns", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/returns/{id}", new Line(400, Role.VIEWER)),
          Map.entry("POST /api/v1/returns/{id}/receipts", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/returns/{id}/approve", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/returns/{id}/decline", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/returns/{id}/cancel", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/returns/{id}/close", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/parcels", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/parcels/{id}", new Line(400, Role.VIEWER)),
          Map.entry("POST /api/v1/shipments/{id}/accept", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/parcels/{id}/label", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/parcels/{id}/void", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/parcels/{id}/hand-over", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/parcels/{id}/ask-again", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/holds", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/messages", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/messages/{id}", new Line(404, Role.VIEWER)),
          Map.entry(
              "GET /api/v1/messages/{id}/payload", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/deliveries/{id}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters/counts", new Line(400, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters/groups/over", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters/groups/over/counts", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters/groups/{id}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters/groups", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/dead-letters/{id}", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/dead-letters/{id}/discard", new Line(422, Role.OPERATOR)),
          Map.entry(
              "POST /api/v1/dead-letters/{id}/edit", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("POST /api/v1/dead-letters/{id}/resolve", new Line(400, Role.OPERATOR)),
          Map.entry(
              "POST /api/v1/dead-letters/{id}/replay",
              new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "GET /api/v1/dead-letters/{id}/plan", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("POST /api/v1/dead-letters/{id}/probe", new Line(404, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/{sku}/publish", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/dead-letters/{id}/reopen", new Line(422, Role.OPERATOR)),
          Map.entry("POST /api/v1/replays", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/replays", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/replays/{id}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/replays/{id}/items", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/replays/{id}/report", new Line(404, Role.VIEWER)),
          Map.entry(
              "POST /api/v1/replays/{id}/repeat", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/replays/{id}/pause", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/replays/{id}/resume", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/replays/{id}/abort", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("POST /api/v1/reconciliations", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/reconciliations", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/reconciliations/{id}", new Line(400, Role.VIEWER)),
          Map.entry("GET /api/v1/findings", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/findings/{id}", new Line(400, Role.VIEWER)),
          Map.entry("POST /api/v1/findings/{id}/fix", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/findings/{id}/accept", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/kpis", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/kpis/{id}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/kpis/{id}/orders", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/stock", new Line(200, Role.VIEWER)),
          Map.entry("PUT /api/v1/stock", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/stock/{sku}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/items", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/items/{sku}", new Line(404, Role.VIEWER)),
          Map.entry("PUT /api/v1/items", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("DELETE /api/v1/items/{sku}", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/cross-references", new Line(200, Role.VIEWER)),
          Map.entry("PUT /api/v1/cross-references", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "DELETE /api/v1/cross-references", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/stock/{sku}/movements", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/stock/{sku}/levels", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/stock/adjust", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/receive", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/move", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/freeze", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/unfreeze", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/count", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock/expect", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/stock-buffers", new Line(200, Role.VIEWER)),
          Map.entry("PUT /api/v1/stock-buffers", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/incoming-stock", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/stock-cases", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/stock-cases/{id}", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/stock-cases/{id}/accept", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock-cases/{id}/refuse", new Line(400, Role.OPERATOR)),
          Map.entry("POST /api/v1/stock-cases/{id}/relieve", new Line(404, Role.OPERATOR)),
          Map.entry("GET /api/v1/stock-counts", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/stock-classes", new Line(200, Role.VIEWER)),
          Map.entry("PUT /api/v1/stock-classes/{id}", new Line(404, Role.OPERATOR)),
          Map.entry("GET /api/v1/rules", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/rules/versions", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/rules/versions/{id}", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/rules/check", new Line(400, Role.VIEWER)),
          Map.entry("POST /api/v1/rules/simulate", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("POST /api/v1/allocations/quote", new Line(422, Role.VIEWER)),
          Map.entry("GET /api/v1/channels", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/channels/{account}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/partners", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/partners/{account}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/routes", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/audit", new Line(200, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/audit/verify", new Line(200, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/drift", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/interchanges", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/interchanges/{id}", new Line(400, Role.VIEWER)),
          Map.entry(
              "GET /api/v1/interchanges/{id}/content",
              new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/control-numbers", new Line(400, Role.VIEWER)),
          Map.entry("GET /api/v1/conversations", new Line(400, Role.VIEWER)),
          Map.entry("GET /api/v1/conversations/overdue", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/me", new Line(200, Role.VIEWER)),
          Map.entry("POST /api/v1/channels/{account}/hold", new Line(404, Role.OPERATOR)),
          Map.entry("POST /api/v1/channels/{account}/release", new Line(404, Role.OPERATOR)),
          Map.entry("POST /api/v1/orders/addresses", new Line(400, Role.SUPPORT)),
          Map.entry("GET /api/v1/routes/running", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/routes/{id}", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/routes/{id}/stop", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/routes/{id}/start", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/channels/{account}/pause",
              new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/channels/{account}/resume",
              new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/messages/{id}/comparison", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/orders/{id}/pull", new Line(404, Role.SUPPORT)),
          Map.entry("POST /api/v1/orders/{id}/send-now", new Line(404, Role.OPERATOR)),
          Map.entry("GET /api/v1/views", new Line(200, Role.VIEWER)),
          Map.entry("POST /api/v1/views", new Line(400, Role.VIEWER)),
          Map.entry("DELETE /api/v1/views/{id}", new Line(404, Role.VIEWER)),
          Map.entry("GET /api/v1/maintenance", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/maintenance/{id}", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/maintenance", new Line(422, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry(
              "POST /api/v1/maintenance/{id}/end", new Line(404, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("GET /api/v1/approvals", new Line(200, Role.VIEWER)),
          Map.entry("GET /api/v1/approvals/{id}", new Line(404, Role.VIEWER)),
          Map.entry("POST /api/v1/approvals/{id}/approve", new Line(404, Role.APPROVER)),
          Map.entry("POST /api/v1/approvals/{id}/decline", new Line(404, Role.APPROVER)),
          Map.entry(
              "POST /api/v1/dead-letters/patch", new Line(400, Role.OPERATOR, Role.INTEGRATOR)),
          Map.entry("POST /api/v1/dead-letters/discard", new Line(400, Role.OPERATOR)),
          Map.entry("GET /api/v1/users", new Line(200, Role.ADMIN)),
          Map.entry("GET /api/v1/tokens", new Line(200, Role.ADMIN)),
          Map.entry("POST /api/v1/tokens", new Line(400, Role.ADMIN)),
          Map.entry("POST /api/v1/tokens/{id}/revoke", new Line(400, Role.ADMIN)),
          Map.entry("GET /api/v1/openapi.json", new Line(200, Role.VIEWER)));

  private final ApiHub hub = ApiHub.running();

  private Map<String, HandlerMethod> mapped() {
    var mapped = new TreeMap<String, HandlerMethod>();
    hub.context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, method) ->
                mapping
                    .getPatternValues()
                    .forEach(
                        path -> {
                          if (path.startsWith("/api/")) {
                            assertThat(mapping.getMethodsCondition().getMethods())
                                .as(path)
                                .hasSize(1);
                            mapping
                                .getMethodsCondition()
                                .getMethods()
                                .forEach(verb -> mapped.put(verb + " " + path, method));
                          }
                        }));
    return mapped;
  }

  @Test
  void everyEndpointHasALineAndEveryLineAnEndpoint() {
    assertThat(new TreeSet<>(MATRIX.keySet())).isEqualTo(new TreeSet<>(mapped().keySet()));
  }

  @TestFactory
  List<DynamicTest> everybodyGetsWhatTheirRoleAllows() {
    return mapped().keySet().stream()
        .filter(MATRIX::containsKey)
        .map(endpoint -> DynamicTest.dynamicTest(endpoint, () -> probe(endpoint)))
        .toList();
  }

  private void probe(String endpoint) {
    var line = MATRIX.get(endpoint);
    assertThat(status(endpoint, null)).as("nobody").isEqualTo(401);
    assertThat(status(endpoint, ApiHub.bearer("nobody-knows-this-token")))
        .as("a stranger")
        .isEqualTo(401);
    for (var role : Role.values()) {
      assertThat(status(endpoint, ApiHub.bearer(ApiHub.token(role))))
          .as(role.word())
          .isEqualTo(line.lets(role) ? line.allowed() : 403);
    }
  }

  private int status(String endpoint, String authorization) {
    var method = endpoint.substring(0, endpoint.indexOf(' '));
    var path = endpoint.substring(endpoint.indexOf("/api/v1") + "/api/v1".length());
    var id =
        path.contains("replays")
            ? "rpl_999999999"
            : path.contains("orders")
                ? "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3"
                : path.contains("stock-cases")
                    ? "stc_999999999"
                    : path.contains("deliveries") ? "dlv_999999999" : "msg_999999999";
    return hub.send(
            authorization,
            method,
            path.replace("{id}", id).replace("{sku}", "NO-SUCH-SKU").replace("{account}", "nobody"),
            method.equals("GET") ? null : "{}")
        .status();
  }
}
