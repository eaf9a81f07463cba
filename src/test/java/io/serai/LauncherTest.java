package io.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher among JDKs and a Maven that only pretend. */
class LauncherTest {
  @TempDir Path folder;
  private Path root;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void aFolderWithTheLauncher() throws IOException {
    root = Files.createDirectories(folder.resolve("a checkout"));
    Files.copy(Path.of("serai"), root.resolve("serai"));
    Files.setPosixFilePermissions(
        root.resolve("serai"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("jvm"));
    Files.createDirectories(folder.resolve("bin"));
    for (var tool :
        ("sed dirname basename readlink find head tail grep cat date mkdir mv rm touch sleep"
                + " getconf nice mktemp")
            .split(" ")) {
      for (var place : List.of("/usr/bin", "/bin")) {
        var program = Path.of(place, tool);
        if (Files.exists(program)) {
          script(folder.resolve("bin").resolve(tool), "exec " + program + " \"$@\"\n");
          break;
        }
      }
    }
    environment.put("PATH", folder.resolve("bin").toString());
    environment.put("SERAI_JVM_DIR", folder.resolve("jvm").toString());
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("SERAI_AOT", "off");
  }

  private Path aJdk(int version) throws IOException {
    var home = folder.resolve("jvm/jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
    return script(
            home.resolve("bin/java"),
            """
            case "$*" in
              *-Djarmode=tools*)
                for last; do :; done
                mkdir -p "$last"; echo extracted >"$last/serai.jar"; exit 0 ;;
            esac
            echo "jdk %d pid $$"
            for word; do echo "[$word]"; done
            exit 7
            """
                .formatted(version))
        .getParent()
        .getParent();
  }

  private void aMaven(String does) throws IOException {
    script(folder.resolve("bin/mvn"), does);
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void anImage() throws IOException {
    Files.createDirectories(root.resolve("app"));
    Files.writeString(root.resolve("app/serai.jar"), "");
  }

  private void aCheckout() throws IOException {
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.createDirectories(root.resolve("routes"));
    touch(root.resolve("pom.xml"), -100);
    touch(root.resolve("routes"), -100);
  }

  private static void touch(Path path, int seconds) throws IOException {
    Files.setLastModifiedTime(
        path, FileTime.from(Instant.ofEpochMilli(System.currentTimeMillis()).plusSeconds(seconds)));
  }

  private record Result(int status, long pid, String output) {}

  private Result launch(String... words) throws Exception {
    var command = new ArrayList<>(List.of(root.resolve("serai").toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(Duration.ofSeconds(120).toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), process.pid(), output);
  }

  @Test
  void theNewestJdkRunsTheJarAndGetsEveryWordAsItWas() throws Exception {
    anImage();
    aJdk(17);
    aJdk(21);
    aJdk(24);

    var result = launch("demo", "--data", "a folder", "");

    assertThat(result.output()).contains("jdk 24 ").endsWith("[demo]\n[--data]\n[a folder]\n[]\n");
    assertThat(result.status()).isEqualTo(7);
  }

  @Test
  void theLauncherBecomesTheJvmSoThatSignalsReachIt() throws Exception {
    anImage();
    aJdk(21);

    var result = launch("run");

    assertThat(result.output()).contains("jdk 21 pid " + result.pid());
  }

  @Test
  void aJdkInJavaHomeOrSdkmanCountsToo() throws Exception {
    anImage();
    var home = aJdk(25);
    var moved = folder.resolve("home/.sdkman/candidates/java/25");
    Files.createDirectories(moved.getParent());
    Files.move(home, moved);
    assertThat(launch("check").output()).contains("jdk 25 ");

    Files.move(moved, folder.resolve("elsewhere"));
    environment.put("JAVA_HOME", folder.resolve("elsewhere").toString());
    assertThat(launch("check").output()).contains("jdk 25 ");
  }

  @Test
  void optionsOfYoursAreAdded() throws Exception {
    anImage();
    aJdk(21);
    environment.put("SERAI_JAVA_OPTS", "-Xmx2g -Dx=y");

    assertThat(launch("run").output()).contains("[-Xmx2g]\n[-Dx=y]\n[-jar]\n");
  }

  @Test
  void withoutAJdkOneSentenceSaysWhatToInstall() throws Exception {
    anImage();
    aJdk(17);

    var result = launch("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output())
        .isEqualTo(
            "Serai needs a JDK of version 21 or later and finds none in JAVA_HOME, PATH, %s or SDKMAN: install one, for example with 'apt-get install openjdk-21-jdk' or 'sdk install java 25-tem'.\n"
                .formatted(folder.resolve("jvm")));
  }

  @Test
  void withoutMavenOneSentenceSaysWhatToInstall() throws Exception {
    aCheckout();
    aJdk(21);

    var result = launch("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output())
        .isEqualTo(
            "Serai has to be built first and finds no 'mvn': install Maven 3.8 or later, for example with 'apt-get install maven'.\n");
    assertThat(root.resolve("target/.launcher")).doesNotExist();
  }

  @Test
  void aCheckoutIsBuiltOnceAndAgainWhenAFileOfItChanged() throws Exception {
    aCheckout();
    aJdk(21);
    aMaven("echo built >>builds; mkdir -p target; echo jar >target/serai.jar");

    var first = launch("run");
    var second = launch("run");

    assertThat(first.output()).contains("jdk 21 ").contains("/serai.jar]");
    assertThat(second.output()).contains("jdk 21 ");
    assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(1);

    Files.writeString(root.resolve("routes/new.camel.yaml"), "[]");
    touch(root.resolve("routes/new.camel.yaml"), 2);
    launch("run");
    assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(2);
  }

  @Test
  void aFailedBuildShowsWhatMavenSaid() throws Exception {
    aCheckout();
    aJdk(21);
    aMaven("echo '[INFO] noise'; echo '[ERROR] Order.java:[3,1] a class is missing'; exit 1");

    var result = launch("run");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output())
        .startsWith("Serai cannot be built; correct what Maven says here and run this again")
        .contains("[ERROR] Order.java:[3,1] a class is missing")
        .doesNotContain("noise");
  }

  @Test
  void aLockWhoseOwnerDiedDoesNotStopTheBuild() throws Exception {
    aCheckout();
    aJdk(21);
    aMaven("mkdir -p target; echo jar >target/serai.jar");
    Files.createDirectories(root.resolve("target"));
    Files.writeString(root.resolve("target/.launcher"), "999999999\n");

    assertThat(launch("run").output()).contains("jdk 21 ");
  }

  @Test
  void whatTheJvmLearnedIsUsed() throws Exception {
    anImage();
    aJdk(25);
    environment.put("SERAI_AOT", "on");
    Files.writeString(root.resolve("app/serai-25.aot"), "");

    assertThat(launch("run").output())
        .contains("[-XX:AOTCache=" + root.resolve("app/serai-25.aot") + "]\n[-jar]\n");
  }

  @Test
  void theScriptsAreCleanShell() throws Exception {
    var process =
        new ProcessBuilder("sh", "-c", "command -v shellcheck").redirectErrorStream(true).start();
    assumeTrue(process.waitFor() == 0, "skipped: shellcheck is not installed");

    var check =
        new ProcessBuilder("shellcheck", "serai", ".ci/run", ".ci/image", ".ci/upgrade")
            .redirectErrorStream(true)
            .start();

    assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void anImageLearnsAStartWhileItIsMade() throws Exception {
    anImage();
    script(
        aJdk(25).resolve("bin/java"),
        """
        for word; do
          case $word in --hub-option=-XX:AOTCacheOutput=*) echo learned >"${word#--hub-option=-XX:AOTCacheOutput=}" ;; esac
        done
        """);
    environment.put("SERAI_AOT", "learn");

    var result = launch();

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(root.resolve("app/serai-25.aot")).hasContent("learned\n");
  }

  @Test
  void anImageThatCannotLearnSaysWhatTheHubSaid() throws Exception {
    anImage();
    script(aJdk(25).resolve("bin/java"), "echo 'The volume is full.'; exit 1\n");
    environment.put("SERAI_AOT", "learn");

    var result = launch();

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output())
        .startsWith("The JVM's cache '" + root.resolve("app/serai-25.aot") + "' was not made;")
        .endsWith("The volume is full.\n");
  }
}
