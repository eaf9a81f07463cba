package io.serai.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The files a new channel begins with, by path below a home. */
public final class Scaffold {
  private static final String ROOT = "io/serai/cli/new-channel/";

  private Scaffold() {}

  /** Those of a channel of this name. */
  public static SortedMap<String, String> channel(String name, String title) {
    var files = new TreeMap<String, String>();
    try {
      for (var resource :
          new PathMatchingResourcePatternResolver(Scaffold.class.getClassLoader())
              .getResources("classpath*:" + ROOT + "**/*.*")) {
        if (resource.isReadable() && resource.getFilename() != null) {
          var url = resource.getURL().toString();
          var path = url.substring(url.lastIndexOf(ROOT) + ROOT.length());
          files.put(
              path.replace("__name__", name),
              resource
                  .getContentAsString(StandardCharsets.UTF_8)
                  .replace("__name__", name)
                  .replace("__title__", title));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The files of a new channel cannot be read from the jar", e);
    }
    return files;
  }
}
