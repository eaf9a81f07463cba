package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai edi guide}: the implementation guide for one EDI partner. Asks no hub. */
@Command(
    name = "guide",
    description =
        "Print the implementation guide for an EDI partner, as Markdown: what is agreed, and the"
            + " segments, elements and codes of each set, with examples.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  serai edi guide walmart-dsv > walmart-dsv.md"})
final class EdiGuideCommand implements Callable<Integer> {
  private static final String SAMPLES = "classpath*:samples/*-*/**/*.json";

  private final Session session;

  @Parameters(
      paramLabel = "PARTNER",
      description = "A partner profile, by the name of its file connectors/PARTNER.partner.yaml.")
  private String partner;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Profiles of this folder, too; SERAI_HOME when absent.")
  private Path home;

  EdiGuideCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    var profile = EdiProfiles.find(session, partner, home);
    var out = session.terminal().out();
    out.print(EdiGuide.of(profile, samples(EdiGuideCommand.class.getClassLoader())));
    out.flush();
    return 0;
  }

  /** The documents of the samples that came with the hub. */
  private static Map<String, List<JsonNode>> samples(ClassLoader loader) {
    var found = new TreeMap<String, List<JsonNode>>();
    try {
      for (var resource : new PathMatchingResourcePatternResolver(loader).getResources(SAMPLES)) {
        var name = String.valueOf(resource.getFilename());
        if (!name.endsWith(".canonical.json") && !name.endsWith(".variables.json")) {
          add(resource, found);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static void add(Resource resource, Map<String, List<JsonNode>> found) throws IOException {
    var document = Json.tree(resource.getContentAsByteArray());
    var ours = document.has("set");
    var set = ours ? document.path("set").asText() : document.at("/envelope/set").asText();
    found
        .computeIfAbsent(EdiGuide.key(set, !ours), s -> new ArrayList<>())
        .add(ours ? document.path("body") : document);
  }
}
