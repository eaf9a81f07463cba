package io.serai.transport;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which names of a partner's folder are files for us, and what we make of them. A name is text: it
 * never becomes a path of this machine.
 */
final class FileNames {
  private static final int LONGEST = 200;
  private static final List<String> UNFINISHED =
      List.of(".part", ".partial", ".tmp", ".temp", ".filepart", ".writing", ".crdownload");

  private final List<PathMatcher> patterns = new ArrayList<>();

  /** For a list of patterns with commas between them. */
  FileNames(String patterns) {
    for (var pattern : patterns.split(",")) {
      this.patterns.add(
          FileSystems.getDefault()
              .getPathMatcher("glob:" + pattern.strip().toLowerCase(Locale.ROOT)));
    }
  }

  /** Whether a file of that name is meant for us, and its sender is done with it by its name. */
  boolean means(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    if (name.indexOf('/') >= 0) {
      return true; // no name at all, which somebody should know
    }
    if (name.startsWith(".") || UNFINISHED.stream().anyMatch(lower::endsWith)) {
      return false;
    }
    return refusal(name) != null || patterns.stream().anyMatch(p -> p.matches(Path.of(lower)));
  }

  /** Why a name cannot be used, or null: what a server lists is no path until it is judged. */
  static String refusal(String name) {
    if (name.isBlank() || name.equals(".") || name.equals("..")) {
      return "it has no name";
    }
    if (name.length() > LONGEST) {
      return "its name has " + name.length() + " characters";
    }
    for (var i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      if (c == '/' || c == '\\') {
        return "its name is a path";
      }
      // the client of the SFTP server takes these for patterns
      if (c == '*' || c == '?') {
        return "its name holds '" + c + "'";
      }
      if (Character.isISOControl(c) || c == '\uFFFD' || Character.getType(c) == Character.FORMAT) {
        return "its name holds a control character";
      }
    }
    return null;
  }

  /** A name as text for people, whatever is in it. */
  static String shown(String name) {
    var text = new StringBuilder();
    name.codePoints()
        .limit(LONGEST)
        .forEach(
            c ->
                text.appendCodePoint(
                    Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                        ? '\uFFFD'
                        : c));
    return text.toString();
  }

  /** What is left of a name in one of ours. */
  static String plain(String name) {
    var plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
    return plain.length() > 80 ? plain.substring(plain.length() - 80) : plain;
  }
}
