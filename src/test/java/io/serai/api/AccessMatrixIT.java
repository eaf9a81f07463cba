package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Role;
import java.util.List;
import java.util.Map;
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
  private record Line(Role least, int allowed) {}

  private static final Map<String, Line> MATRIX =
      Map.ofEntries(
          Map.entry("GET /api/v1/orders", new Line(Role.VIEWER, 200)),
          Map.entry("POST /api/v1/orders", new Line(Role.OPERATOR, 422)),
          Map.entry("GET /api/v1/orders/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/orders/{id}/timeline", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/orders/{id}/decision", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/orders/{id}/hold", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/orders/{id}/release", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/orders/{id}/reassign", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/orders/{id}/cancel", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/orders/{id}/change", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/orders/{id}/refunds", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/orders/{id}/parcels", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/orders/{id}/pack", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/orders/{id}/returns", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/orders/{id}/returns", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/orders/{id}/replacements", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/orders/{id}/replacements", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/returns", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/returns/{id}", new Line(Role.VIEWER, 400)),
          Map.entry("POST /api/v1/returns/{id}/receipts", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/returns/{id}/approve", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/returns/{id}/decline", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/returns/{id}/cancel", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/returns/{id}/close", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/parcels", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/parcels/{id}", new Line(Role.VIEWER, 400)),
          Map.entry("POST /api/v1/shipments/{id}/accept", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/parcels/{id}/label", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/parcels/{id}/void", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/parcels/{id}/hand-over", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/parcels/{id}/ask-again", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/holds", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/messages", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/messages/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/messages/{id}/payload", new Line(Role.OPERATOR, 404)),
          Map.entry("GET /api/v1/deliveries/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/dead-letters", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/dead-letters/groups", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/dead-letters/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/dead-letters/{id}/discard", new Line(Role.OPERATOR, 422)),
          Map.entry("POST /api/v1/dead-letters/{id}/edit", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/dead-letters/patch", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/dead-letters/{id}/resolve", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/dead-letters/{id}/replay", new Line(Role.OPERATOR, 404)),
          Map.entry("POST /api/v1/replays", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/replays", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/replays/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/replays/{id}/items", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/replays/{id}/pause", new Line(Role.OPERATOR, 404)),
          Map.entry("POST /api/v1/replays/{id}/resume", new Line(Role.OPERATOR, 404)),
          Map.entry("POST /api/v1/replays/{id}/abort", new Line(Role.OPERATOR, 404)),
          Map.entry("POST /api/v1/reconciliations", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/reconciliations", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/reconciliations/{id}", new Line(Role.VIEWER, 400)),
          Map.entry("GET /api/v1/findings", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/findings/{id}", new Line(Role.VIEWER, 400)),
          Map.entry("POST /api/v1/findings/{id}/fix", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/findings/{id}/accept", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/kpis", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/kpis/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/kpis/{id}/orders", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/stock", new Line(Role.VIEWER, 200)),
          Map.entry("PUT /api/v1/stock", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/stock/{sku}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/items", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/items/{sku}", new Line(Role.VIEWER, 404)),
          Map.entry("PUT /api/v1/items", new Line(Role.OPERATOR, 400)),
          Map.entry("DELETE /api/v1/items/{sku}", new Line(Role.OPERATOR, 404)),
          Map.entry("GET /api/v1/cross-references", new Line(Role.VIEWER, 200)),
          Map.entry("PUT /api/v1/cross-references", new Line(Role.OPERATOR, 400)),
          Map.entry("DELETE /api/v1/cross-references", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/stock/{sku}/movements", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/stock/{sku}/levels", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/stock/adjust", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/stock/receive", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/stock/move", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/stock/freeze", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/stock/unfreeze", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/stock/count", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/stock/expect", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/stock-buffers", new Line(Role.VIEWER, 200)),
          Map.entry("PUT /api/v1/stock-buffers", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/incoming-stock", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/stock-cases", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/stock-cases/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/stock-cases/{id}/relieve", new Line(Role.OPERATOR, 404)),
          Map.entry("GET /api/v1/stock-counts", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/stock-classes", new Line(Role.VIEWER, 200)),
          Map.entry("PUT /api/v1/stock-classes/{id}", new Line(Role.OPERATOR, 404)),
          Map.entry("GET /api/v1/rules", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/rules/versions", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/rules/versions/{id}", new Line(Role.VIEWER, 404)),
          Map.entry("POST /api/v1/rules/check", new Line(Role.VIEWER, 400)),
          Map.entry("POST /api/v1/rules/simulate", new Line(Role.OPERATOR, 400)),
          Map.entry("POST /api/v1/allocations/quote", new Line(Role.VIEWER, 422)),
          Map.entry("GET /api/v1/channels", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/channels/{account}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/partners", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/partners/{account}", new Line(Role.VIEWER, 404)),
          Map.entry("GET /api/v1/routes", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/audit", new Line(Role.OPERATOR, 200)),
          Map.entry("GET /api/v1/audit/verify", new Line(Role.OPERATOR, 200)),
          Map.entry("GET /api/v1/drift", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/interchanges", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/interchanges/{id}", new Line(Role.VIEWER, 400)),
          Map.entry("GET /api/v1/interchanges/{id}/content", new Line(Role.OPERATOR, 400)),
          Map.entry("GET /api/v1/control-numbers", new Line(Role.VIEWER, 400)),
          Map.entry("GET /api/v1/conversations", new Line(Role.VIEWER, 400)),
          Map.entry("GET /api/v1/conversations/overdue", new Line(Role.VIEWER, 200)),
          Map.entry("GET /api/v1/openapi.json", new Line(Role.VIEWER, 200)));

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
      var token =
          switch (role) {
            case VIEWER -> ApiHub.VIEWER;
            case OPERATOR -> ApiHub.OPERATOR;
            case ADMIN -> ApiHub.TOKEN;
          };
      assertThat(status(endpoint, ApiHub.bearer(token)))
          .as(role.word())
          .isEqualTo(role.covers(line.least()) ? line.allowed() : 403);
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
