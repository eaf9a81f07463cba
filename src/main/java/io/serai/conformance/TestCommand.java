package io.serai.conformance;

import io.serai.catalog.Catalog;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Edition;
import io.serai.catalog.Mappings;
import io.serai.catalog.Samples;
import io.serai.catalog.Sources;
import io.serai.demo.HubStarter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code serai test}: a hub with one account of a connector, and a stand-in for its other side that
 * is good, slow to answer, forgetful and mean in turn.
 *
 * <p>Guarantee: exit code 0 only when no clause failed. Gap: what neither profile nor samples nor
 * {@code stand-in.yaml} describe is not judged, and the verdict says so; the stand-in is only as
 * like the real one as its file.
 */
@Command(
    name = "test",
    description =
        "Judge a connector, built in or your own, by a hub that talks to a stand-in of its other side.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Samples and stand-in.yaml are read from samples/payloads/CONNECTOR/ below --home.",
      "Examples:",
      "  serai test acme --home site/",
      "  serai test shopify"
    })
public final class TestCommand implements Callable<Integer> {
  private static final int MOST_PATIENCE = 600;

  private final HubStarter starter;
  private final UnaryOperator<String> variables;

  @Parameters(index = "0", paramLabel = "CONNECTOR", description = "Its name.")
  private String connector;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "The folder with your connectors; SERAI_HOME when absent.")
  private Path home;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "Keep the hub's log here; else it goes with the scratch folder.")
  private Path log;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long a clause waits for what has to come; a machine that starts a hub slowly waits longer. Default: ${DEFAULT-VALUE}.")
  private int patience;

  @Option(
      names = "--write",
      description = "Write beside each sample what it gives, where nothing stands yet.")
  private boolean write;

  @Spec private CommandSpec spec;

  /** Judges by hubs that this starts. */
  public TestCommand(HubStarter starter, UnaryOperator<String> variables) {
    this.starter = starter;
    this.variables = variables;
  }

  @Override
  public Integer call() {
    try {
      return test();
    } catch (Unsuitable e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
  }

  private int test() {
    if (patience < 1 || patience > MOST_PATIENCE) {
      throw new Unsuitable(
          "--patience is %d; give 1 to %d seconds.".formatted(patience, MOST_PATIENCE));
    }
    var given = variables.apply("SERAI_HOME");
    if (home == null && given != null && !given.isBlank()) {
      home = Path.of(given);
    }
    if (home != null && !Files.isDirectory(home)) {
      throw new Unsuitable("There is no folder '%s'; correct the path.".formatted(home));
    }
    var loader = TestCommand.class.getClassLoader();
    var edition =
        Catalog.of(Sources.of(loader, home == null ? List.of() : List.of(home))).edition();
    var profile = profile(edition);
    var samples = samples();
    var file = StandInFile.read(samples.folder().resolve("stand-in.yaml"));
    var plan = new ConnectorPlan(profile, edition, file, samples);
    var out = spec.commandLine().getOut();
    out.printf("%s (%s)%n", profile.title(), profile.name());
    out.printf("  profile    %s%n", profile.file());
    out.printf(
        "  samples    %s%n",
        Files.isDirectory(samples.folder()) ? samples.folder() : "none at " + samples.folder());
    out.printf(
        "  stand-in   %s%n%n",
        file.path() == null ? "none: nothing says how its other side answers" : file.path());
    out.flush();
    var began = System.nanoTime();
    var verdicts = new ArrayList<Verdict>();
    try (var scene =
        Scene.set(starter, profile, file, home, Duration.ofSeconds(patience), System.getenv())) {
      plan.inboundDocuments()
          .forEach((document, inputs) -> scene.standIn().knows(document, inputs));
      judge(plan, file, scene, new Mappings(home, loader), verdicts);
      keepLog(scene);
    }
    long failed = count(verdicts, Verdict.Result.FAILED);
    out.printf(
        "%n%d passed, %d failed, %d not judged, in %d s.%n",
        count(verdicts, Verdict.Result.PASSED),
        failed,
        count(verdicts, Verdict.Result.NOT_JUDGED),
        (System.nanoTime() - began) / 1_000_000_000L);
    if (failed > 0 && log == null) {
      out.println("What the hub logged is kept with --log FILE.");
    }
    out.flush();
    return failed == 0 ? 0 : 1;
  }

  private interface Clause {
    Verdict judge() throws InterruptedException;
  }

  private record Named(String name, Clause clause) {}

  private void judge(
      ConnectorPlan plan,
      StandInFile file,
      Scene scene,
      Mappings mappings,
      List<Verdict> verdicts) {
    var in = new InboundClauses(plan, file, scene, mappings);
    var out = new OutboundClauses(plan, file, scene);
    for (var named : file.files() == null ? calls(in, out) : files(plan, file, scene, in, out)) {
      Verdict verdict;
      try {
        verdict = named.clause().judge();
      } catch (Broken e) {
        verdict = Verdict.failed(named.name(), e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unsuitable("The suite was interrupted; start it again.");
      }
      scene.standIn().mood(StandIn.Mood.WELL);
      verdicts.add(verdict);
      print(verdict);
    }
    var strangers = scene.standIn().strangers();
    if (!strangers.isEmpty() && file.path() != null) {
      spec.commandLine()
          .getOut()
          .printf(
              "%nIt was asked for what stand-in.yaml does not describe: %s.%n",
              String.join(", ", strangers));
    }
  }

  private List<Named> calls(InboundClauses in, OutboundClauses out) {
    return List.of(
        new Named("samples", () -> in.samples(write)),
        new Named("signature", in::signature),
        new Named("dedupe", in::dedupe),
        new Named("pagination", in::pagination),
        new Named("out of order", in::order),
        new Named("unknown value", in::unknownValues),
        new Named("effects", out::ordinary),
        new Named("throttling", out::throttling),
        new Named("token expiry", out::tokens),
        new Named("lost answer", out::lostAnswer),
        new Named("partial failure", out::partialFailure),
        new Named("secrets", out::secrets));
  }

  // The same of a partner that exchanges files, as far as there is such a thing.
  private List<Named> files(
      ConnectorPlan plan, StandInFile file, Scene scene, InboundClauses in, OutboundClauses out) {
    var files = new FileClauses(plan, file, scene);
    return List.of(
        new Named("samples", () -> in.samples(write)),
        new Named("signature", files::signature),
        new Named("dedupe", files::dedupe),
        new Named("pagination", in::pagination),
        new Named("out of order", files::order),
        new Named("unknown value", in::unknownValues),
        new Named("effects", files::effects),
        new Named("throttling", () -> files.ofCalls("throttling")),
        new Named("token expiry", () -> files.ofCalls("token expiry")),
        new Named("lost answer", files::lostAnswer),
        new Named("partial failure", files::partialFailure),
        new Named("secrets", out::secrets));
  }

  private void print(Verdict verdict) {
    var word = verdict.result().word();
    if (spec.commandLine().getColorScheme().ansi().enabled()) {
      var style =
          switch (verdict.result()) {
            case PASSED -> "green";
            case FAILED -> "red,bold";
            case NOT_JUDGED -> "yellow";
          };
      word = spec.commandLine().getColorScheme().ansi().string("@|" + style + " " + word + "|@");
    }
    var out = spec.commandLine().getOut();
    out.println(
        "  "
            + word
            + " ".repeat(12 - verdict.result().word().length())
            + "%-17s".formatted(verdict.clause())
            + verdict.why());
    out.flush();
  }

  private static long count(List<Verdict> verdicts, Verdict.Result result) {
    return verdicts.stream().filter(verdict -> verdict.result() == result).count();
  }

  private ConnectorProfile profile(Edition edition) {
    var profile = edition.connectors().get(connector);
    if (profile == null) {
      var faults = edition.faults("connectors/" + connector + ".connector.yaml");
      throw new Unsuitable(
          faults.isEmpty()
              ? "No connector is named '%s'. There are: %s."
                  .formatted(
                      connector,
                      edition.connectors().keySet().stream()
                          .sorted()
                          .collect(Collectors.joining(", ")))
              : faults.get(0).toString());
    }
    var faults =
        edition.faults().entrySet().stream()
            .filter(e -> e.getKey().contains("/" + connector))
            .flatMap(e -> e.getValue().stream())
            .map(Object::toString)
            .toList();
    if (!faults.isEmpty()) {
      throw new Unsuitable(String.join("\n", faults));
    }
    return profile;
  }

  private Samples samples() {
    if (home != null) {
      var own = Samples.of(home, connector);
      if (Files.isDirectory(own.folder())) {
        return own;
      }
    }
    return Samples.of(checkout(), connector);
  }

  /** Where the samples that came with the hub stand: beside the sources it was built from. */
  private static Path checkout() {
    try {
      var at =
          Path.of(TestCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (var folder = at; folder != null; folder = folder.getParent()) {
        if (Files.isDirectory(folder.resolve("samples/payloads"))) {
          return folder;
        }
      }
    } catch (URISyntaxException | java.nio.file.FileSystemNotFoundException e) {
      // asked below: the working folder
    }
    return Path.of("");
  }

  private void keepLog(Scene scene) {
    if (log != null) {
      try {
        Files.copy(scene.log(), log, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new Unsuitable("The log could not be kept in '%s' (%s).".formatted(log, e));
      }
    }
  }
}
