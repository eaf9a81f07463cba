package io.serai.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.serai.Serai;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the import table: which room may know which, who may know Camel, and where time comes from.
 */
class RoomsTest {
  private static final JavaClasses ALL = new ClassFileImporter().importPath(product());

  private static Path product() {
    try {
      return Path.of(Serai.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static final String[] CORE = {
    "order",
    "failure",
    "inbox",
    "outbox",
    "stock",
    "allocation",
    "hub",
    "deadletter",
    "reconcile",
    "kpi",
    "alert",
    "trace",
    "support"
  };

  /** Room and the rooms it may import; those that wire or play everything are not listed. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("order", List.of()),
          Map.entry("failure", List.of()),
          Map.entry("support", List.of()),
          Map.entry("trace", List.of()),
          Map.entry("allocation", List.of("order", "failure")),
          Map.entry("inbox", List.of("failure", "trace", "support")),
          Map.entry("outbox", List.of("order", "failure", "support")),
          Map.entry("stock", List.of("order", "failure", "support")),
          Map.entry(
              "hub",
              List.of(
                  "order",
                  "failure",
                  "inbox",
                  "outbox",
                  "stock",
                  "allocation",
                  "trace",
                  "support")),
          Map.entry("deadletter", List.of("inbox", "outbox", "failure", "support")),
          Map.entry("kpi", List.of("support")),
          Map.entry("alert", List.of("deadletter", "outbox", "support")),
          Map.entry("reconcile", List.of("deadletter", "failure", "support")),
          Map.entry("catalog", List.of("failure", "support")),
          // rules are files of the catalogue, read with its YAML and judged with its faults
          Map.entry("rules", List.of("order", "failure", "allocation", "catalog", "support")),
          Map.entry("edi", List.of("failure", "catalog", "support")),
          // partners are files of the catalogue; what they send is divided in the inbox
          Map.entry("exchange", List.of("edi", "catalog", "inbox", "failure", "support")),
          Map.entry("database", List.of("support")),
          Map.entry("access", List.of("support")),
          Map.entry("simulator", List.of("support")),
          Map.entry("transport", List.of("failure", "support")),
          Map.entry("topic", List.of("failure")),
          Map.entry("intake", List.of("failure", "inbox", "topic", "support")),
          Map.entry("camel", also("catalog", "database", "exchange", "transport", "topic")),
          Map.entry("api", also("catalog", "access", "rules", "exchange")),
          Map.entry("console", also("catalog", "access", "api", "edi")),
          Map.entry("cli", also("catalog", "access", "api", "edi", "exchange")));

  /** Rooms that no table binds: they put the others together. */
  private static final Set<String> FREE = Set.of("demo", "conformance");

  private static List<String> also(String... rooms) {
    return Stream.concat(Arrays.stream(CORE), Arrays.stream(rooms)).toList();
  }

  static Set<String> rooms() {
    return ALL.stream()
        .map(RoomsTest::room)
        .filter(room -> !room.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String room(JavaClass type) {
    var name = type.getPackageName();
    if (!name.startsWith("io.serai.")) {
      return "";
    }
    var rest = name.substring("io.serai.".length());
    return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomImportsWhatTheTableAllows(String room) {
    if (FREE.contains(room)) {
      return;
    }
    assertThat(MAY_IMPORT)
        .as("room '%s' is not in the table: decide what it may import", room)
        .containsKey(room);
    var allowed =
        Stream.concat(Stream.of(room), MAY_IMPORT.get(room).stream())
            .map(r -> "io.serai." + r + "..")
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage("io.serai." + room + "..")
        .and(isNotAnEntrance())
        .should()
        .dependOnClassesThat(resideInAPackage("io.serai..").and(not(resideInAnyPackage(allowed))))
        .check(ALL);
  }

  // The verbs that start the hub call what wires it.
  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> isNotAnEntrance() {
    return com.tngtech.archunit.base.DescribedPredicate.describe(
        "is not the verb that starts the hub",
        type -> !type.getFullName().startsWith("io.serai.cli.RunCommand"));
  }

  @Test
  void noRoomsKnowEachOtherInACircle() {
    slices().matching("io.serai.(*)..").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void onlyTheCamelRoomKnowsCamel() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.serai", "io.serai.camel..", "io.serai.demo..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .check(ALL);
  }

  @Test
  void theWordsOfTheTradeNeedNothingButTheJdk() {
    classes()
        .that()
        .resideInAnyPackage("io.serai.order..", "io.serai.failure..", "io.serai.allocation..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "io.serai.order..", "io.serai.failure..", "io.serai.allocation..")
        .check(ALL);
  }

  @Test
  void theCoreKnowsNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(
            Arrays.stream(CORE).map(r -> "io.serai." + r + "..").toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "jakarta..", "org.apache.camel..")
        .check(ALL);
  }

  // Below the edge time is a parameter. The simulator stands for the world outside, which has a
  // clock of its own; launcher and unpacking run before there is a database to ask; a time
  // that an operator types means the clock of that computer.
  @Test
  void timeComesFromTheDatabasesClock() {
    classes()
        .that()
        .resideOutsideOfPackages("io.serai.simulator..", "io.serai.demo..")
        .and()
        .doNotHaveFullyQualifiedName("io.serai.database.DatabaseClock")
        .and()
        .doNotHaveFullyQualifiedName("io.serai.HubProcess")
        .and()
        .doNotHaveFullyQualifiedName("io.serai.database.ServerBinaries")
        .and()
        .doNotHaveFullyQualifiedName("io.serai.cli.Session")
        .should(askNoWallClock())
        .check(ALL);
  }

  private static ArchCondition<JavaClass> askNoWallClock() {
    return new ArchCondition<>("take the time from a clock that is given to them") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getCodeUnitCallsFromSelf().stream()
            .filter(RoomsTest::asksTheWallClock)
            .forEach(
                call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
      }
    };
  }

  private static boolean asksTheWallClock(JavaCall<?> call) {
    var owner = call.getTargetOwner().getFullName();
    var name = call.getTarget().getName();
    var given = call.getTarget().getRawParameterTypes();
    return switch (owner) {
      case "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime" ->
          "now".equals(name)
              && given.stream().noneMatch(p -> "java.time.Clock".equals(p.getFullName()));
      case "java.time.Clock" -> name.startsWith("system");
      case "java.lang.System" -> "currentTimeMillis".equals(name);
      case "java.util.Date" -> "<init>".equals(name) && given.isEmpty();
      default -> false;
    };
  }

  @Test
  void everyRoomSaysInOneSentenceWhatItIsFor() throws IOException {
    try (var folders = Files.list(Path.of("src/main/java/io/serai"))) {
      assertThat(folders.filter(Files::isDirectory))
          .allSatisfy(
              folder ->
                  assertThat(Files.readString(folder.resolve("package-info.java")))
                      .contains("/**")
                      .contains("package io.serai." + folder.getFileName()));
    }
  }

  @Test
  void noClassIsNamedAfterNothing() {
    noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl)").check(ALL);
  }
}
