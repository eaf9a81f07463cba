package io.serai.console;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.api.SearchApi;
import java.util.HashMap;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;

/** Whatever goes by a key; what is alone is opened at once. */
@Controller
final class SearchPages {
  private final SearchApi search;

  SearchPages(SearchApi search) {
    this.search = search;
  }

  @GetMapping("/search")
  @Allows(Role.VIEWER)
  View find(Visit visit, @RequestParam(required = false) String q) {
    var asked = Form.given(q);
    List<SearchApi.Hit> hits = asked == null ? List.of() : search.find(asked).items();
    if (hits.size() == 1 && link(hits.getFirst()) != null) {
      return visit.to(link(hits.getFirst()));
    }
    var parts = new HashMap<String, Object>();
    parts.put("q", asked);
    parts.put("hits", hits);
    return visit.page(visit.frame("Search", ""), "search", parts);
  }

  /** Where a hit is shown, or null. */
  static String link(SearchApi.Hit hit) {
    return switch (hit.kind()) {
      case "article" -> "/console/stock/item?sku=" + Show.part(hit.id());
      case "file" -> "/console/interchanges?account=" + Show.part(hit.account());
      default -> Show.link(hit.id());
    };
  }
}
