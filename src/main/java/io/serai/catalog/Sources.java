package io.serai.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The files themselves: those that came with the hub, overlaid file by file by those of one or more
 * homes. The built-in half is read once; a home is read again on every {@link #read}, so a file
 * that is half written at that moment is read half.
 */
public final class Sources {
  /** Folders of a home the catalogue reads. */
  public static final List<String> FOLDERS = List.of("connectors", "mappings", "routes", "rules");

  /** A file larger than this is left out; no person wrote it. */
  static final long SIZE_LIMIT = 2_000_000;

  private final SortedMap<String, SourceFile> builtIn;
  private final List<Path> homes;

  private Sources(SortedMap<String, SourceFile> builtIn, List<Path> homes) {
    this.builtIn = builtIn;
    this.homes = List.copyOf(homes);
  }

  /** What is on the class path, overlaid by the homes, the last one winning. */
  public static Sources of(ClassLoader loader, List<Path> homes) {
    return new Sources(classPath(loader), homes);
  }

  /** The homes alone. */
  public static Sources of(List<Path> homes) {
    return new Sources(new TreeMap<>(), homes);
  }

  /** The folders that are read again. */
  public List<Path> homes() {
    return homes;
  }

  /** Reads all files, by path. */
  public SortedMap<String, SourceFile> read() {
    var files = new TreeMap<>(builtIn);
    for (var home : homes) {
      walk(
          home,
          (path, file) -> {
            try {
              if (Files.size(file) <= SIZE_LIMIT) {
                var text = Files.readString(file, StandardCharsets.UTF_8);
                files.put(path, new SourceFile(path, text, false));
              }
            } catch (NoSuchFileException e) {
              // gone between listing and reading: as if it had not been listed
            } catch (IOException e) {
              // unreadable now: an empty text is reported as a fault of this file alone
              files.put(path, new SourceFile(path, "", false));
            }
          });
    }
    return files;
  }

  /** A text that differs when any file of a home differs; costs one look at each file. */
  public String fingerprint() {
    var text = new StringBuilder();
    for (var home : homes) {
      walk(
          home,
          (path, file) -> {
            try {
              var attributes = Files.readAttributes(file, BasicFileAttributes.class);
              text.append(path)
                  .append(' ')
                  .append(attributes.size())
                  .append(' ')
                  .append(attributes.lastModifiedTime())
                  .append(' ')
                  .append(attributes.fileKey())
                  .append('\n');
            } catch (IOException e) {
              text.append(path).append(" gone\n");
            }
          });
    }
    return text.toString();
  }

  private interface Found {
    void file(String path, Path file);
  }

  private static void walk(Path home, Found found) {
    for (var folder : FOLDERS) {
      var root = home.resolve(folder);
      if (!Files.isDirectory(root)) {
        continue;
      }
      try {
        // links are followed because mounted configuration is made of them
        Files.walkFileTree(
            root,
            EnumSet.of(FileVisitOption.FOLLOW_LINKS),
            10,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return hidden(dir) && !dir.equals(root)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !hidden(file) && !scratch(file)) {
                  var path = folder + "/" + root.relativize(file).toString().replace('\\', '/');
                  found.file(path, file);
                }
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean hidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /** What editors leave lying around while they save. */
  private static boolean scratch(Path path) {
    var name = path.getFileName().toString();
    return name.endsWith("~")
        || name.endsWith(".swp")
        || name.endsWith(".tmp")
        || name.endsWith(".part");
  }

  private static SortedMap<String, SourceFile> classPath(ClassLoader loader) {
    var files = new TreeMap<String, SourceFile>();
    var resolver = new PathMatchingResourcePatternResolver(loader);
    try {
      for (var folder : FOLDERS) {
        for (var resource : resolver.getResources("classpath*:" + folder + "/**/*.*")) {
          if (!resource.isReadable() || resource.getFilename() == null) {
            continue;
          }
          var url = resource.getURL().toString();
          var path = url.substring(url.lastIndexOf("/" + folder + "/") + 1);
          files.put(
              path,
              new SourceFile(path, resource.getContentAsString(StandardCharsets.UTF_8), true));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The built-in catalogue cannot be read from the jar", e);
    }
    return files;
  }
}
