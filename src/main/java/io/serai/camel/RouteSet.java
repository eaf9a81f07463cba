package io.serai.camel;

import io.serai.catalog.Kamelet;
import io.serai.catalog.RouteFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.Suspendable;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;

/**
 * What one recipe put into a context: its routes, those its kamelets became, its templates,
 * configurations and rest services. Everything it added can be taken out again. Not safe for
 * concurrent use; the route loader holds its lock.
 */
final class RouteSet {
  /** How long a request for a webhook may wait for the next route. */
  private static final Duration DOOR = Duration.ofSeconds(4);

  /** A consumer may hold a message it has not yet put into its route. */
  private static final Duration QUIET = Duration.ofMillis(15);

  private final CamelContext context;
  private final Recipe recipe;
  private final Set<String> routes = new LinkedHashSet<>();
  private final List<RestDefinition> rests = new ArrayList<>();
  private final Map<String, Exception> down = new TreeMap<>();

  private RouteSet(CamelContext context, Recipe recipe) {
    this.context = context;
    this.recipe = recipe;
  }

  /**
   * Adds a recipe's routes and starts them. When anything fails, all of it is taken out again; a
   * template's route that fails for some accounts is taken out for those alone.
   *
   * @param kamelets texts of the kamelets defined in this context so far, kept up to date
   */
  static RouteSet add(CamelContext context, Recipe recipe, Map<String, String> kamelets)
      throws Exception {
    var set = new RouteSet(context, recipe);
    var model = set.model();
    var routesBefore = set.ids();
    var restsBefore = List.copyOf(model.getRestDefinitions());
    try {
      for (var kamelet : recipe.kamelets()) {
        set.define(kamelet, kamelets);
      }
      set.load(recipe.file());
      var failed = 0;
      for (var instance : recipe.instances()) {
        failed += set.starts(instance) ? 0 : 1;
      }
      if (failed > 0 && failed == recipe.instances().size()) {
        throw set.down.values().iterator().next();
      }
      set.own(routesBefore, restsBefore);
      return set;
    } catch (Exception | LinkageError e) {
      set.own(routesBefore, restsBefore);
      set.remove();
      throw e;
    }
  }

  private boolean starts(Instance instance) throws Exception {
    var before = ids();
    try {
      TemplatedRouteBuilder.builder(context, instance.template())
          .routeId(instance.routeId())
          .prefixId(instance.prefix())
          .parameters(Map.<String, Object>copyOf(instance.parameters()))
          .add();
      return true;
    } catch (Exception e) {
      down.putIfAbsent(instance.account(), e);
    } catch (LinkageError e) {
      down.putIfAbsent(instance.account(), new IllegalStateException(e.toString(), e));
    }
    var half = ids();
    half.removeAll(before);
    for (var id : half) {
      remove(model(), id);
    }
    return false;
  }

  /** Accounts that a route of it did not start for, and why. */
  Map<String, Exception> down() {
    return down;
  }

  /** Defines the route configurations of a file. */
  static void configure(CamelContext context, RouteFile file) throws Exception {
    for (var builder : builders(context, file.path(), file.source().text())) {
      if (builder instanceof RouteConfigurationsBuilder configurations) {
        context.addRoutesConfigurations(configurations);
      }
    }
  }

  Recipe recipe() {
    return recipe;
  }

  /** Ids of the routes a person wrote, without those kamelets became. */
  List<String> routeIds() {
    var ids = new ArrayList<String>();
    for (var id : routes) {
      var definition = model().getRouteDefinition(id);
      if (definition == null || definition.isKamelet() == null || !definition.isKamelet()) {
        ids.add(id);
      }
    }
    ids.sort(null);
    return ids;
  }

  /**
   * Lets nothing new in and waits until what is inside has come out.
   *
   * @return false when time ran out; the routes then run on as if nothing had been asked
   */
  boolean drain(Duration patience) {
    var consumers = new ArrayList<Consumer>();
    for (var id : routes) {
      var route = context.getRoute(id);
      if (route != null && !isInner(route.getEndpoint().getEndpointUri())) {
        consumers.add(route.getConsumer());
      }
    }
    consumers.forEach(RouteSet::close);
    // webhooks wait at the door meanwhile, and not for ever
    var most = takesWebhooks() && patience.compareTo(DOOR) > 0 ? DOOR : patience;
    var begin = System.nanoTime();
    var quietSince = 0L;
    var quiet = false;
    while (true) {
      var now = System.nanoTime();
      if (inflight() > 0) {
        quiet = false;
      } else if (!quiet) {
        quiet = true;
        quietSince = now;
      } else if (now - quietSince >= QUIET.toNanos()) {
        return true;
      }
      if (!quiet && now - begin > most.toNanos()) {
        consumers.forEach(RouteSet::open);
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private static void close(Consumer consumer) {
    if (consumer instanceof Suspendable) {
      ServiceHelper.suspendService(consumer);
    } else {
      ServiceHelper.stopService(consumer);
    }
  }

  private static void open(Consumer consumer) {
    if (consumer instanceof Suspendable) {
      ServiceHelper.resumeService(consumer);
    } else {
      ServiceHelper.startService(consumer);
    }
  }

  /** Where things come into a route that a person wrote, past the kamelet it begins with. */
  List<Consumer> doors(String id) {
    var doors = new ArrayList<Consumer>();
    // not only our own: what a kamelet becomes may be there later than the route that calls it
    for (var route : context.getRoutes()) {
      if (isPartOf(id, route.getId()) && !isInner(route.getEndpoint().getEndpointUri())) {
        doors.add(route.getConsumer());
      }
    }
    return doors;
  }

  /**
   * Whether a route is the one a person wrote, or what a kamelet it calls became: those are named
   * after their owner, which for routes of a template is account and template.
   */
  static boolean isPartOf(String id, String one) {
    int at = id.lastIndexOf('@');
    return one.equals(id)
        || one.startsWith(id + ".")
        || at > 0 && one.startsWith(id.substring(at + 1) + "." + id.substring(0, at) + ".");
  }

  static boolean isShut(Consumer consumer) {
    return consumer instanceof Door door ? door.isShut() : !ServiceHelper.isStarted(consumer);
  }

  static void shut(Consumer consumer) {
    if (consumer instanceof Door door) {
      door.shut(true);
    } else {
      close(consumer);
    }
  }

  static void unshut(Consumer consumer) {
    if (consumer instanceof Door door) {
      door.shut(false);
    } else {
      open(consumer);
    }
  }

  /** Exchanges inside one route and the kamelets it calls. */
  int inflight(String id) {
    return context.getRoutes().stream()
        .map(Route::getId)
        .filter(one -> isPartOf(id, one))
        .mapToInt(one -> context.getInflightRepository().size(one))
        .sum();
  }

  private boolean takesWebhooks() {
    return routes.stream()
        .map(context::getRoute)
        .anyMatch(r -> r != null && r.getEndpoint().getEndpointUri().startsWith("serai://webhook"));
  }

  /** Exchanges inside its routes now. */
  int inflight() {
    return routes.stream().mapToInt(id -> context.getInflightRepository().size(id)).sum();
  }

  /** Takes everything out. What is in flight after a {@link #drain} is nothing. */
  void remove() throws Exception {
    var model = model();
    for (var inner : List.of(false, true)) {
      for (var id : routes) {
        var route = context.getRoute(id);
        if (route == null || isInner(route.getEndpoint().getEndpointUri()) == inner) {
          remove(model, id);
        }
      }
    }
    for (var id : recipe.file().templates().keySet()) {
      removeTemplate(id);
    }
    for (var id : recipe.file().configurations()) {
      var definition = model.getRouteConfigurationDefinition(id);
      if (definition != null) {
        model.removeRouteConfiguration(definition);
      }
    }
    model.getRestDefinitions().removeIf(rest -> rests.stream().anyMatch(r -> r == rest));
    routes.clear();
  }

  private void remove(Model model, String id) throws Exception {
    if (context.getRoute(id) != null || context.getRouteController().getRouteStatus(id) != null) {
      context.getRouteController().stopRoute(id, 1, TimeUnit.SECONDS);
      context.removeRoute(id);
    }
    var definition = model.getRouteDefinition(id);
    if (definition != null) {
      model.removeRouteDefinition(definition);
    }
  }

  private void own(Set<String> routesBefore, List<RestDefinition> restsBefore) {
    var now = ids();
    now.removeAll(routesBefore);
    routes.addAll(now);
    for (var rest : model().getRestDefinitions()) {
      if (restsBefore.stream().noneMatch(before -> before == rest)) {
        rests.add(rest);
      }
    }
  }

  private Set<String> ids() {
    var ids = new LinkedHashSet<String>();
    model().getRouteDefinitions().forEach(definition -> ids.add(definition.getId()));
    context.getRoutes().forEach(route -> ids.add(route.getId()));
    return ids;
  }

  private void define(Kamelet kamelet, Map<String, String> kamelets) throws Exception {
    var name = kamelet.name();
    if (kamelet.text().equals(kamelets.get(name))
        && model().getRouteTemplateDefinition(name) != null) {
      return;
    }
    removeTemplate(name);
    for (var builder : builders(context, kamelet.file(), kamelet.text())) {
      name(builder, "{{routeId}}");
      context.addRoutes(builder);
    }
    kamelets.put(name, kamelet.text());
  }

  private void load(RouteFile file) throws Exception {
    for (var builder : builders(context, file.path(), file.source().text())) {
      name(builder, null);
      if (builder instanceof RouteConfigurationsBuilder configurations) {
        context.addRoutesConfigurations(configurations);
      }
      context.addRoutes(builder);
    }
  }

  private static List<RouteBuilder> builders(CamelContext context, String path, String text)
      throws Exception {
    // Camel takes everything after the first dot of the name for its kind
    var name = path.substring(path.lastIndexOf('/') + 1);
    for (var suffix : List.of(".camel.yaml", ".kamelet.yaml")) {
      if (name.endsWith(suffix)) {
        name = name.substring(0, name.length() - suffix.length()).replace('.', '-') + suffix;
      }
    }
    var resource = ResourceHelper.fromString(name, text);
    var builders = new ArrayList<RouteBuilder>();
    for (var builder :
        PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource))) {
      builders.add((RouteBuilder) builder);
    }
    return builders;
  }

  /**
   * Gives every call of a kamelet a route of its own with a name of its own. Two routes that called
   * a kamelet with equal options would otherwise share one endpoint, and swapping one of them would
   * take the kamelet away from the other.
   */
  private static void name(RouteBuilder builder, String owner) {
    builder.addLifecycleInterceptor(
        new RouteBuilderLifecycleStrategy() {
          @Override
          public void afterConfigure(RouteBuilder configured) {
            for (var route : configured.getRouteCollection().getRoutes()) {
              name(route, owner == null ? route.getId() : owner);
            }
            for (var template : configured.getRouteTemplateCollection().getRouteTemplates()) {
              name(template.getRoute(), owner == null ? "{{account}}." + template.getId() : owner);
            }
          }
        });
  }

  private static void name(RouteDefinition route, String owner) {
    var count = 0;
    if (route.getInput() != null) {
      var uri = route.getInput().getUri();
      if (callsKamelet(uri)) {
        route.getInput().setUri(named(uri, owner, ++count));
      }
    }
    for (ProcessorDefinition<?> step :
        ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ProcessorDefinition.class)) {
      if (step instanceof ToDefinition to && callsKamelet(to.getUri())) {
        to.setUri(named(to.getUri(), owner, ++count));
      }
    }
  }

  private static boolean callsKamelet(String uri) {
    return uri != null
        && uri.startsWith("kamelet:")
        && !uri.startsWith("kamelet:source")
        && !uri.startsWith("kamelet:sink")
        && RouteFile.kamelet(uri).equals(path(uri));
  }

  private static String path(String uri) {
    var end = uri.indexOf('?');
    return uri.substring("kamelet:".length(), end < 0 ? uri.length() : end);
  }

  private static String named(String uri, String owner, int count) {
    var kamelet = RouteFile.kamelet(uri);
    return "kamelet:"
        + kamelet
        + "/"
        + owner
        + "."
        + kamelet
        + "."
        + count
        + uri.substring("kamelet:".length() + kamelet.length());
  }

  private void removeTemplate(String id) throws Exception {
    RouteTemplateDefinition definition = model().getRouteTemplateDefinition(id);
    if (definition != null) {
      model().removeRouteTemplateDefinition(definition);
    }
  }

  private Model model() {
    return context.getCamelContextExtension().getContextPlugin(Model.class);
  }

  /** Whether only other routes can send there. */
  private static boolean isInner(String uri) {
    return uri.startsWith("kamelet:") || uri.startsWith("direct:");
  }
}
