package io.serai.console;

import io.serai.access.Caller;
import io.serai.access.HubMode;
import io.serai.access.Role;
import io.serai.api.ViewsApi;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What surrounds every page.
 *
 * @param title of the page
 * @param section the entry of the navigation that it belongs to
 * @param caller who looks at it, or null before the login
 * @param csrf proves that a form is ours
 * @param theme dark, light or auto
 * @param dense whether rows stand close together
 * @param notice what came of the last thing done, or null
 * @param path this page's own address
 * @param now when it was made
 * @param mode which hub this is
 * @param saved the views that the caller sees, asked for by pages that show them
 */
record Frame(
    String title,
    String section,
    Caller caller,
    String csrf,
    String theme,
    boolean dense,
    Notice notice,
    String path,
    Instant now,
    HubMode mode,
    Supplier<List<ViewsApi.View>> saved) {
  /** One entry of the navigation. */
  record Entry(String section, String address, String words, String key) {}

  static final List<Entry> NAVIGATION =
      List.of(
          new Entry("home", "/console", "Home", "h"),
          new Entry("dead-letters", "/console/dead-letters", "Dead letters", "d"),
          new Entry("orders", "/console/orders", "Orders", "o"),
          new Entry("parcels", "/console/parcels", "Parcels", "l"),
          new Entry("returns", "/console/returns", "Returns", "b"),
          new Entry("messages", "/console/messages", "Messages", "m"),
          new Entry("jobs", "/console/jobs", "Replays", "j"),
          new Entry("approvals", "/console/approvals", "Approvals", "v"),
          new Entry("reconciliation", "/console/reconciliation", "Reconciliation", "f"),
          new Entry("stock", "/console/stock", "Stock", "s"),
          new Entry("channels", "/console/channels", "Channels", "c"),
          new Entry("partners", "/console/partners", "Partners", "p"),
          new Entry("maintenance", "/console/maintenance", "Maintenance", "w"),
          new Entry("interchanges", "/console/interchanges", "EDI", "i"),
          new Entry("routes", "/console/routes", "Routes", "r"),
          new Entry("rules", "/console/rules", "Rules", "u"),
          new Entry("kpis", "/console/kpis", "Figures", "k"),
          new Entry("audit", "/console/audit", "Audit", "a"),
          new Entry("access", "/console/access", "Access", "t"));

  /** Whether the caller may do what operators may. */
  boolean operates() {
    return may(Role.OPERATOR);
  }

  /** Why a button of operators cannot be pressed. */
  String lacks() {
    return lacks(Role.OPERATOR);
  }

  /** Whether the caller may do what a buyer may ask for. */
  boolean supports() {
    return may(Role.SUPPORT);
  }

  /** Why a button of support cannot be pressed. */
  String lacksSupport() {
    return lacks(Role.SUPPORT);
  }

  /** Whether the caller may see what is masked and put it right. */
  boolean repairs() {
    return may(Role.OPERATOR, Role.INTEGRATOR);
  }

  /** Why a button of those who repair cannot be pressed. */
  String lacksRepair() {
    return lacks(Role.OPERATOR, Role.INTEGRATOR);
  }

  /** Whether the caller may be the second person. */
  boolean approves() {
    return may(Role.APPROVER);
  }

  /** Why a button of approvers cannot be pressed. */
  String lacksApproval() {
    return lacks(Role.APPROVER);
  }

  /** Whether the caller may do what admins may. */
  boolean administers() {
    return may(Role.ADMIN);
  }

  /** Why a button of admins cannot be pressed. */
  String lacksAdmin() {
    return lacks(Role.ADMIN);
  }

  private boolean may(Role... any) {
    return caller != null && !mode.readOnly() && caller.role().coversAny(any);
  }

  private String lacks(Role... any) {
    return mode.readOnly()
        ? mode.sentence()
        : "You are %s; this needs %s.".formatted(caller.role().word(), Role.words(any));
  }

  /** Saved views of this part of the console, by name. */
  List<ViewsApi.View> views() {
    return saved.get().stream().filter(view -> part(view.address()).equals(part(path))).toList();
  }

  /** This page's address as a view of it would hold it. */
  String bare() {
    return ViewsApi.bare(path);
  }

  // What follows /console/: the pages of one subject share it.
  private static String part(String address) {
    var path = address.replaceFirst("[?].*", "").split("/", 4);
    return path.length > 2 ? path[2] : "";
  }

  /** Where a file of ours is; changes with its content. */
  String asset(String name) {
    return StaticFiles.address(name);
  }
}
