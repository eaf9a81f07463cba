package io.serai.camel;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.FileState;
import io.serai.catalog.FileState.Status;
import io.serai.catalog.Follower;
import io.serai.catalog.MappingException;
import io.serai.catalog.MappingFaults;
import io.serai.catalog.Mappings;
import io.serai.catalog.RouteFile;
import io.serai.catalog.SourceFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the catalogue's routes and swaps them when files change. Each file stands alone: it is
 * judged and tried in a context of its own, and only then swapped; when the swap fails, its last
 * good text runs again. During a swap nothing new enters the routes of that file and what is inside
 * comes out first, so no message is dropped; what is inside for longer than the patience given
 * keeps the old routes running, and the swap is tried again on the next {@link #refresh}. Routes of
 * a template that cannot start for one account are down for that account alone, unless they ran for
 * it before.
 */
public final class RouteLoader {
  private static final Logger LOG = LoggerFactory.getLogger(RouteLoader.class);

  private final CamelContext context;
  private final Catalog catalog;
  private final Configuration configuration;
  private final Mappings mappings;
  private final Clock clock;
  private final Duration patience;
  private final RouteLint lint;
  private final Trial trial;
  private final Map<String, RouteSet> running = new TreeMap<>();
  private final Map<String, Recipe> tried = new HashMap<>();
  private final Map<String, Map<String, Fault>> down = new HashMap<>();
  private final Map<String, String> kamelets = new HashMap<>();
  private final Map<String, String> mapped = new HashMap<>();
  private final Map<String, List<Fault>> unmapped = new HashMap<>();
  private final List<Follower> followers = new ArrayList<>();
  private volatile Map<String, FileState> states = Map.of();
  private final Set<Consumer> shut = Collections.newSetFromMap(new IdentityHashMap<>());
  private Set<String> stopped = Set.of();
  private volatile boolean waiting;

  /**
   * For one context.
   *
   * @param components components routes may use besides ours ({@code serai.routes.components})
   * @param patience how long a swap waits for what is in flight
   */
  public RouteLoader(
      CamelContext context,
      Catalog catalog,
      Configuration configuration,
      Mappings mappings,
      Set<String> components,
      Clock clock,
      Duration patience) {
    this.context = context;
    this.catalog = catalog;
    this.configuration = configuration;
    this.mappings = mappings;
    this.clock = clock;
    this.patience = patience;
    this.lint = new RouteLint(context, components);
    this.trial =
        new Trial(
            name -> context.getPropertiesComponent().resolveProperty(name).orElse(null),
            configuration::mask);
  }

  /** Names somebody who reads files that are neither connectors, mappings nor routes. */
  public synchronized void follow(Follower follower) {
    followers.add(follower);
  }

  /** How every file is doing, by path. */
  public List<FileState> states() {
    return List.copyOf(states.values());
  }

  /** How one file is doing, or null when there is no such file. */
  public FileState state(String path) {
    return states.get(path);
  }

  /** Reads the files again and brings the context in line with them. */
  public synchronized void refresh() {
    waiting = false;
    var edition = catalog.reload();
    var misfits = new HashMap<String, List<Fault>>();
    for (var fault : configuration.follow(edition)) {
      misfits.computeIfAbsent(fault.file(), f -> new ArrayList<>()).add(fault);
    }
    for (var follower : followers) {
      for (var fault : follower.follow(edition)) {
        misfits.computeIfAbsent(fault.file(), f -> new ArrayList<>()).add(fault);
      }
    }
    remap(edition);
    var next = new TreeMap<String, FileState>();
    for (var file : edition.files().values()) {
      if (!isRoute(file.path())) {
        var faults = new ArrayList<>(edition.faults(file.path()));
        faults.addAll(misfits.getOrDefault(file.path(), List.of()));
        faults.addAll(unmapped.getOrDefault(file.path(), List.of()));
        note(next, edition, file.path(), faults, inEffect(edition, file.path()), List.of());
      }
    }
    for (var kamelet : edition.kamelets().values()) {
      var state = next.get(kamelet.file());
      if (state != null && state.faults().isEmpty()) {
        var faults = lint.check(kamelet, edition, configuration);
        var before = kamelets.containsKey(kamelet.name());
        note(next, edition, kamelet.file(), faults, before, List.of());
      }
    }
    for (var path : List.copyOf(running.keySet())) {
      if (!edition.files().containsKey(path)) {
        retire(path);
      }
    }
    tried.keySet().retainAll(edition.files().keySet());
    // files that define route configurations first, since others name them
    var order = new ArrayList<>(edition.files().keySet());
    order.removeIf(path -> !isRoute(path));
    order.sort(
        Comparator.<String>comparingInt(path -> definesConfigurations(edition, path) ? 0 : 1)
            .thenComparing(Comparator.naturalOrder()));
    for (var path : order) {
      note(next, edition, path, consider(edition, path), running.containsKey(path), routes(path));
    }
    states = next;
    heed(); // what was drained in vain runs again
  }

  /**
   * Tries something that runs already. The first trial of a process loads what trials need, which
   * takes longer than the trial; after this, a changed file does not wait for it.
   */
  public synchronized void rehearse() {
    running.values().stream().findFirst().ifPresent(set -> trial.run(set.recipe()));
  }

  /** Whether a swap waits for messages that are still inside, so that another try is due. */
  public boolean waiting() {
    return waiting;
  }

  /**
   * Lets nothing into these routes, and into those that were stopped before and are not any more
   * lets it in again. What is inside comes out. It is heeded by routes that are swapped or only
   * start later, too. Gap: a route that begins neither with a webhook nor with a poll or the inbox
   * may take in something in the second after its start.
   *
   * @param ids all that are stopped
   */
  public synchronized void heed(Set<String> ids) {
    stopped = Set.copyOf(ids);
    if (context.getComponent("serai", true, false) instanceof SeraiComponent serai) {
      serai.stopped(stopped);
    }
    heed();
  }

  private void heed() {
    if (stopped.isEmpty() && shut.isEmpty() || !context.isStarted()) {
      return;
    }
    var still = new ArrayList<Consumer>();
    for (var set : running.values()) {
      for (var id : set.routeIds()) {
        for (var door : set.doors(id)) {
          if (heed(id, door)) {
            still.add(door);
          }
        }
      }
    }
    shut.clear();
    shut.addAll(still);
  }

  // Whether it is shut, or has to be looked at again.
  private boolean heed(String id, Consumer door) {
    try {
      if (stopped.contains(id)) {
        if (!RouteSet.isShut(door)) {
          RouteSet.shut(door);
          LOG.info("Route '{}' is stopped because a person said so", id);
        }
        return true;
      }
      if (shut.contains(door) && RouteSet.isShut(door)) {
        RouteSet.unshut(door);
        LOG.info("Route '{}' is started again", id);
      }
      return false;
    } catch (RuntimeException e) {
      LOG.warn("Route '{}' could not be stopped or started; it is tried again", id, e);
      return true;
    }
  }

  /** The routes that people wrote, stopped ones too, by id. */
  public synchronized List<RunningRoute> routes() {
    var all = new ArrayList<RunningRoute>();
    running.forEach(
        (path, set) -> {
          for (var id : set.routeIds()) {
            all.add(new RunningRoute(id, path, kind(set.doors(id)), set.inflight(id)));
          }
        });
    all.sort(Comparator.comparing(RunningRoute::id));
    return all;
  }

  private static RunningRoute.Kind kind(List<Consumer> doors) {
    if (doors.isEmpty()) {
      return RunningRoute.Kind.INNER;
    }
    var from = doors.getFirst().getEndpoint().getEndpointUri();
    return from.startsWith("serai://inbox")
        ? RunningRoute.Kind.APPLY
        : from.startsWith("serai://outbox") || from.startsWith("serai://lookup")
            ? RunningRoute.Kind.OUT
            : RunningRoute.Kind.IN;
  }

  /** Stops and removes everything, letting what is inside come out first. */
  public synchronized void stop() {
    for (var path : List.copyOf(running.keySet())) {
      stop(path);
    }
    tried.clear();
  }

  /**
   * Compiles mappings whose text changed; one that cannot be compiled keeps its last good text.
   * While all of them are built-in ones there is nothing to judge: the build did, and a route that
   * names one compiles it.
   */
  private void remap(Edition edition) {
    var files =
        edition.mappings().stream()
            .collect(Collectors.toMap(name -> name, name -> file(edition, name)));
    if (mapped.isEmpty() && files.values().stream().allMatch(SourceFile::builtIn)) {
      files.forEach((name, file) -> mapped.put(name, file.text()));
      return;
    }
    var gone = new ArrayList<>(mapped.keySet());
    gone.removeAll(edition.mappings());
    for (var name : gone) {
      mapped.remove(name);
      unmapped.remove("mappings/" + name);
      reload(name);
    }
    for (var name : edition.mappings()) {
      var file = files.get(name);
      if (!file.text().equals(mapped.get(name))) {
        mapped.put(name, file.text());
        var faults = new ArrayList<>(MappingFaults.of(name, edition, mappings));
        if (faults.isEmpty()) {
          faults.addAll(reload(name));
        }
        unmapped.put(file.path(), faults);
      }
    }
  }

  private static SourceFile file(Edition edition, String mapping) {
    return edition.files().get("mappings/" + mapping);
  }

  private List<Fault> reload(String name) {
    if (!name.endsWith(".jslt")) {
      return List.of();
    }
    try {
      mappings.reload(name);
      return List.of();
    } catch (MappingException e) {
      return List.of(MappingFaults.fault(e));
    }
  }

  private boolean inEffect(Edition edition, String path) {
    if (path.startsWith("mappings/")) {
      var before = states.get(path);
      return before != null && before.status() != Status.FAILED;
    }
    if (edition.files().get(path).isRules() || edition.files().get(path).isPartner()) {
      return followers.stream().anyMatch(follower -> follower.inEffect(path));
    }
    return edition.stillKnown(path);
  }

  private static boolean isRoute(String path) {
    return path.startsWith("routes/") && path.endsWith(RouteFile.SUFFIX);
  }

  private List<Fault> consider(Edition edition, String path) {
    var file = edition.routes().get(path);
    var faults = new ArrayList<>(edition.faults(path));
    if (file == null || !faults.isEmpty()) {
      tried.remove(path);
      return faults;
    }
    var recipe = Recipe.of(file, edition, configuration.accounts().values());
    if (recipe.equals(tried.get(path))) {
      var state = states.get(path);
      return state == null ? List.of() : state.faults();
    }
    faults.addAll(lint.check(recipe, edition, configuration));
    if (faults.isEmpty() && !provenByTheBuild(recipe, edition)) {
      faults.addAll(trial.run(recipe));
    }
    if (!faults.isEmpty()) {
      tried.put(path, recipe);
      return faults;
    }
    return swap(path, recipe);
  }

  /**
   * At the first start, what came with the hub is not tried before it runs: the build has tried it,
   * nothing older could be harmed, and a trial costs as much as the start itself.
   */
  private boolean provenByTheBuild(Recipe recipe, Edition edition) {
    return states.isEmpty()
        && edition.files().get(recipe.path()).builtIn()
        && recipe.kamelets().stream()
            .allMatch(kamelet -> edition.files().get(kamelet.file()).builtIn());
  }

  private List<Fault> swap(String path, Recipe recipe) {
    var before = running.get(path);
    if (before != null) {
      if (!before.drain(patience)) {
        waiting = true;
        return List.of(
            new Fault(
                path,
                0,
                "The new text waits, because "
                    + before.inflight()
                    + " messages are still inside"
                    + " the old routes",
                "Nothing; it is tried again shortly"));
      }
      remove(path, before);
    }
    tried.put(path, recipe);
    try {
      var set = RouteSet.add(context, recipe, kamelets);
      for (var lost : set.down().entrySet()) {
        if (before != null && !before.down().containsKey(lost.getKey())) {
          set.remove();
          throw lost.getValue();
        }
      }
      running.put(path, set);
      heed();
      down.put(path, down(set));
      var ids = set.routeIds();
      if (!ids.isEmpty()) {
        LOG.info("Routes of '{}' run: {}", path, ids);
      }
      return List.copyOf(down.get(path).values());
    } catch (Exception | LinkageError e) {
      var fault = trial.fault(recipe, e);
      LOG.warn("{}", fault);
      if (before == null) {
        down.put(path, allDown(recipe, fault));
      } else {
        rollBack(path, before.recipe());
      }
      return List.of(fault);
    }
  }

  private void rollBack(String path, Recipe good) {
    try {
      var set = RouteSet.add(context, good, kamelets);
      running.put(path, set);
      down.put(path, down(set));
    } catch (Exception | LinkageError e) {
      LOG.error("The last good text of '{}' cannot run again: {}", path, e.getMessage(), e);
    }
  }

  /** Takes out the routes of a file that is gone, when nothing is inside them any more. */
  private void retire(String path) {
    var set = running.get(path);
    if (set.drain(patience)) {
      remove(path, set);
      LOG.info("Routes of '{}' are gone with their file", path);
    } else {
      waiting = true;
    }
  }

  private void stop(String path) {
    var set = running.get(path);
    // a context that has stopped has waited already
    if (!context.isStopped() && !set.drain(patience)) {
      LOG.warn(
          "Routes of '{}' are stopped with {} messages inside; the engine takes them up again.",
          path,
          set.inflight());
    }
    remove(path, set);
  }

  private void remove(String path, RouteSet set) {
    running.remove(path);
    down.remove(path);
    try {
      set.remove();
    } catch (Exception e) {
      LOG.warn("Old routes of '{}' did not go quietly: {}", path, e.getMessage(), e);
    }
  }

  private List<String> routes(String path) {
    var set = running.get(path);
    return set == null ? List.of() : set.routeIds();
  }

  private Map<String, Fault> down(RouteSet set) {
    var faults = new TreeMap<String, Fault>();
    set.down()
        .forEach(
            (account, thrown) -> faults.put(account, trial.down(set.recipe(), account, thrown)));
    return faults;
  }

  private static Map<String, Fault> allDown(Recipe recipe, Fault fault) {
    var faults = new TreeMap<String, Fault>();
    recipe.instances().forEach(instance -> faults.put(instance.account(), fault));
    return faults;
  }

  private static boolean definesConfigurations(Edition edition, String path) {
    var file = edition.routes().get(path);
    return file != null && !file.configurations().isEmpty();
  }

  private void note(
      Map<String, FileState> next,
      Edition edition,
      String path,
      List<Fault> faults,
      boolean inEffect,
      List<String> routes) {
    var status = faults.isEmpty() ? Status.OK : inEffect ? Status.DEGRADED : Status.FAILED;
    var before = states.get(path);
    var builtIn = edition.files().get(path).builtIn();
    var same =
        before != null
            && before.status() == status
            && before.faults().equals(faults)
            && before.routes().equals(routes)
            && before.builtIn() == builtIn;
    if (!same) {
      faults.forEach(fault -> LOG.warn("{}: {}", status, fault));
    }
    Instant since = same ? before.since() : clock.instant();
    next.put(
        path,
        new FileState(
            path, builtIn, status, routes, faults, since, down.getOrDefault(path, Map.of())));
  }
}
