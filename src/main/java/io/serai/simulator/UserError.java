package io.serai.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A business refusal as the Admin API words it: the path of the argument, a sentence, sometimes a
 * code.
 */
record UserError(List<String> field, String message, String code) {

  static UserError of(String message, String... field) {
    return new UserError(List.of(field), message, null);
  }

  UserError code(String newCode) {
    return new UserError(field, message, newCode);
  }

  static List<Map<String, Object>> json(List<UserError> errors) {
    var list = new ArrayList<Map<String, Object>>();
    for (var error : errors) {
      var map = new HashMap<String, Object>();
      map.put("field", error.field());
      map.put("message", error.message());
      map.put("code", error.code());
      list.add(map);
    }
    return list;
  }
}
