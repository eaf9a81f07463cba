package io.serai.camel;

import io.serai.catalog.Account;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One route template run for one account.
 *
 * @param template its id
 * @param account the account's name
 * @param parameters what the template is given, only what it declares
 * @param unset what it declares and the account's connector knows, but the account does not set
 */
record Instance(
    String template, String account, Map<String, String> parameters, Set<String> unset) {
  static Instance of(String template, Account account, Set<String> declared) {
    var parameters = new LinkedHashMap<String, String>(account.templateParameters());
    parameters.keySet().retainAll(declared);
    var unset = new TreeSet<String>();
    for (var parameter : account.profile().parameters().values()) {
      if (!parameter.secret()
          && declared.contains(parameter.templateName())
          && !parameters.containsKey(parameter.templateName())) {
        unset.add(parameter.templateName());
      }
    }
    return new Instance(template, account.name(), Map.copyOf(parameters), Set.copyOf(unset));
  }

  /** {@code <template>@<account>}. */
  String routeId() {
    return template + "@" + account;
  }

  /** What step ids begin with. */
  String prefix() {
    return account + "-";
  }
}
