package io.serai.camel;

import io.serai.catalog.Account;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * One route template run for one account.
 *
 * @param routeId {@code <template>@<account>}
 * @param template its id
 * @param prefix what step ids begin with: {@code <account>-}
 * @param parameters what the template is given, only what it declares
 */
record Instance(String routeId, String template, String prefix, Map<String, String> parameters) {
  static Instance of(String template, Account account, Set<String> declared) {
    var parameters = new LinkedHashMap<String, String>(account.templateParameters());
    parameters.keySet().retainAll(declared);
    return new Instance(
        template + "@" + account.name(), template, account.name() + "-", Map.copyOf(parameters));
  }
}
