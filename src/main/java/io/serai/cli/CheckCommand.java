package io.serai.cli;

import io.serai.catalog.BadConfiguration;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConfigurationFile;
import io.serai.catalog.Edition;
import io.serai.catalog.Fault;
import io.serai.catalog.Inspection;
import io.serai.catalog.Mappings;
import io.serai.catalog.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code serai check}: judges routes, connectors, mappings, rules and configuration the way the
 * running hub does, and touches nothing. Prints one sentence per fault and exits 1 when there is
 * one.
 */
@Command(
    name = "check",
    description =
        "Judge routes, connectors, mappings, rules and configuration without running them.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  serai check --config serai.yaml"})
public final class CheckCommand implements Callable<Integer> {
  private final BiFunction<Set<String>, Function<String, String>, Inspection> inspections;
  private final ClassLoader loader;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration to judge too, as 'serai run --config' takes it.")
  private Path config;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "A folder to judge, as a PATH; SERAI_HOME when both are absent.")
  private Path home;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description =
          "Files, or folders with routes/, connectors/, mappings/ or rules/ in them. Without one:"
              + " SERAI_HOME, else what came with the hub.")
  private List<Path> paths = new ArrayList<>();

  @Spec private CommandSpec spec;

  /**
   * The command.
   *
   * @param inspections makes the judge, from components allowed besides ours and settings; the
   *     settings are null when there is no configuration
   * @param loader where what came with the hub is found
   */
  public CheckCommand(
      BiFunction<Set<String>, Function<String, String>, Inspection> inspections,
      ClassLoader loader) {
    this.inspections = inspections;
    this.loader = loader;
  }

  @Override
  public Integer call() {
    // what the judged routes log while they are tried is no answer to the question
    var logging = LoggingSystem.get(loader);
    var root = logging.getLoggerConfiguration(LoggingSystem.ROOT_LOGGER_NAME);
    logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.OFF);
    try {
      return check();
    } finally {
      if (root != null) {
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, root.getEffectiveLevel());
      }
    }
  }

  private int check() {
    var faults = new TreeSet<Fault>();
    var environment = environment(faults);
    var scope = new Scope();
    if (home != null) {
      paths = new ArrayList<>(paths);
      paths.add(home);
    }
    if (paths.isEmpty() && environment != null && environment.getProperty("SERAI_HOME") != null) {
      paths = List.of(Path.of(environment.getProperty("SERAI_HOME")));
    }
    for (var path : paths) {
      scope.add(path, faults);
    }
    var catalog = Catalog.of(Sources.of(loader, List.copyOf(scope.homes.keySet())));
    var edition = catalog.edition();
    Configuration configuration = null;
    if (config != null && environment != null) {
      configuration = Configuration.read(environment, edition, faults);
    }
    var judge =
        inspections.apply(
            components(environment),
            config == null || environment == null ? null : environment::getProperty);
    var first = scope.homes.isEmpty() ? null : List.copyOf(scope.homes.keySet()).get(0);
    for (var fault : judge.inspect(edition, new Mappings(first, loader), configuration)) {
      if (scope.covers(fault.file())) {
        faults.add(
            new Fault(
                scope.shown(fault.file(), edition), fault.line(), fault.what(), fault.remedy()));
      }
    }
    var out = spec.commandLine().getOut();
    faults.forEach(out::println);
    var count =
        edition.files().values().stream()
            .filter(file -> scope.homes.isEmpty() || !file.builtIn())
            .filter(file -> scope.covers(file.path()))
            .count();
    out.println(
        count
            + (count == 1 ? " file checked, " : " files checked, ")
            + (faults.isEmpty() ? "no" : faults.size())
            + (faults.size() > 1 ? " faults." : " fault."));
    out.flush();
    return faults.isEmpty() ? 0 : 1;
  }

  private ConfigurableEnvironment environment(Set<Fault> faults) {
    try {
      return ConfigurationFile.environment(config);
    } catch (BadConfiguration e) {
      faults.addAll(e.faults());
      return null;
    }
  }

  private static Set<String> components(ConfigurableEnvironment environment) {
    var more = environment == null ? null : environment.getProperty("serai.routes.components");
    return more == null || more.isBlank() ? Set.of() : Set.of(more.strip().split("\\s*,\\s*"));
  }

  /** Which files were asked for, and under which folders they stand. */
  private static final class Scope {
    private final Map<Path, List<String>> homes = new LinkedHashMap<>();

    void add(Path path, Set<Fault> faults) {
      if (!Files.exists(path)) {
        faults.add(
            new Fault(
                path.toString(),
                0,
                "There is no file or folder '" + path + "'",
                "Correct the path"));
        return;
      }
      if (Sources.FOLDERS.stream().anyMatch(folder -> Files.isDirectory(path.resolve(folder)))) {
        homes.computeIfAbsent(path, home -> new ArrayList<>()).add("");
        return;
      }
      for (var at = path.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
        if (at.getFileName() != null && Sources.FOLDERS.contains(at.getFileName().toString())) {
          var home = at.getParent();
          var below = home.relativize(path.toAbsolutePath().normalize()).toString();
          var shown = shorter(home);
          homes.computeIfAbsent(shown, h -> new ArrayList<>()).add(below.replace('\\', '/'));
          return;
        }
      }
      faults.add(
          new Fault(
              path.toString(),
              0,
              "'" + path + "' stands in no folder named routes, connectors, mappings or rules",
              "Put it into one, or name a folder that has one"));
    }

    private static Path shorter(Path home) {
      var here = Path.of("").toAbsolutePath().normalize();
      return home.startsWith(here) ? here.relativize(home) : home;
    }

    boolean covers(String file) {
      return homes.isEmpty()
          || homes.values().stream()
              .flatMap(List::stream)
              .anyMatch(
                  below -> below.isEmpty() || file.equals(below) || file.startsWith(below + "/"));
    }

    String shown(String file, Edition edition) {
      var source = edition.files().get(file);
      if (source == null || source.builtIn()) {
        return file;
      }
      for (var home : homes.keySet()) {
        if (Files.exists(home.resolve(file))) {
          return home.resolve(file).toString();
        }
      }
      return file;
    }
  }
}
