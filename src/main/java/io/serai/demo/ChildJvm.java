package io.serai.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** The command line of a JVM beside this one that runs the same jars. */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * Runs a main class with the JDK and the class path of this process.
   *
   * @param options the JVM's options
   * @param main the class, which may lie in the packed jar
   */
  static List<String> command(List<String> options, String main, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    var path = System.getProperty("java.class.path");
    if (packed(path)) {
      command.add("-Dloader.main=" + main);
      command.addAll(
          List.of("-cp", path, "org.springframework.boot.loader.launch.PropertiesLauncher"));
    } else {
      command.addAll(List.of("-cp", path, main));
    }
    command.addAll(arguments);
    return command;
  }

  private static boolean packed(String path) throws IOException {
    if (!path.endsWith(".jar") || !Files.isRegularFile(Path.of(path))) {
      return false;
    }
    try (var jar = new JarFile(path)) {
      return jar.getEntry("BOOT-INF/classes/") != null;
    }
  }
}
