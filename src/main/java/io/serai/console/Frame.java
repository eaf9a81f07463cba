package io.serai.console;

import io.serai.access.Caller;
import io.serai.access.Role;
import java.time.Instant;
import java.util.List;

/**
 * What surrounds every page.
 *
 * @param title of the page
 * @param section the entry of the navigation that it belongs to
 * @param caller who looks at it, or null before the login
 * @param csrf proves that a form is ours
 * @param theme dark, light or auto
 * @param notice what came of the last thing done, or null
 * @param path this page's own address
 * @param now when it was made
 */
record Frame(
    String title,
    String section,
    Caller caller,
    String csrf,
    String theme,
    Notice notice,
    String path,
    Instant now) {
  /** One entry of the navigation. */
  record Entry(String section, String address, String words, String key) {}

  static final List<Entry> NAVIGATION =
      List.of(
          new Entry("home", "/console", "Home", "h"),
          new Entry("dead-letters", "/console/dead-letters", "Dead letters", "d"),
          new Entry("orders", "/console/orders", "Orders", "o"),
          new Entry("parcels", "/console/parcels", "Parcels", "k"),
          new Entry("returns", "/console/returns", "Returns", "b"),
          new Entry("messages", "/console/messages", "Messages", "m"),
          new Entry("jobs", "/console/jobs", "Replays", "j"),
          new Entry("reconciliation", "/console/reconciliation", "Reconciliation", "f"),
          new Entry("stock", "/console/stock", "Stock", "s"),
          new Entry("channels", "/console/channels", "Channels", "c"),
          new Entry("partners", "/console/partners", "Partners", "p"),
          new Entry("interchanges", "/console/interchanges", "EDI", "i"),
          new Entry("routes", "/console/routes", "Routes", "r"),
          new Entry("rules", "/console/rules", "Rules", "u"),
          new Entry("kpis", "/console/kpis", "Figures", "k"),
          new Entry("audit", "/console/audit", "Audit", "a"));

  /** Whether the caller may do what operators may. */
  boolean operates() {
    return caller != null && caller.role().covers(Role.OPERATOR);
  }

  /** Why a button cannot be pressed. */
  String lacks() {
    return "You are %s; this needs operator.".formatted(caller.role().word());
  }

  /** Where a file of ours is; changes with its content. */
  String asset(String name) {
    return StaticFiles.address(name);
  }
}
