package io.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void anAddressHasOneWord() {
    assertThat(Scope.verb("GET", "/api/v1/orders")).isEqualTo("orders:read");
    assertThat(Scope.verb("HEAD", "/api/v1/orders/{id}")).isEqualTo("orders:read");
    assertThat(Scope.verb("POST", "/api/v1/orders")).isEqualTo("orders:create");
    assertThat(Scope.verb("POST", "/api/v1/orders/{id}/hold")).isEqualTo("orders:hold");
    assertThat(Scope.verb("POST", "/api/v1/stock/adjust")).isEqualTo("stock:adjust");
    assertThat(Scope.verb("PUT", "/api/v1/stock-classes/{id}")).isEqualTo("stock-classes:write");
    assertThat(Scope.verb("DELETE", "/api/v1/items/{sku}")).isEqualTo("items:delete");
  }

  private static String refusal(Scope scope, String verb) {
    return scope.refusal("token:x", verb, null, Map.of(), name -> null);
  }

  @Test
  void aNounStandsForAllItsVerbsAndAVerbForItself() {
    var scope = new Scope(Set.of("stock", "orders:read"), Set.of());

    assertThat(refusal(scope, "stock:adjust")).isNull();
    assertThat(refusal(scope, "orders:read")).isNull();
    assertThat(refusal(scope, "me:read")).isNull();
    assertThat(refusal(scope, "orders:hold"))
        .isEqualTo(
            "'token:x' is bound to 'orders:read', 'stock' and may not do 'orders:hold'; use another token.");
    assertThat(refusal(scope, "stock-counts:read")).isNotNull();
    assertThat(refusal(Scope.ALL, "orders:hold")).isNull();
  }
}
