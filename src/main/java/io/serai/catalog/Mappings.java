package io.serai.catalog;

import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The mappings by name, compiled once: each file from {@code SERAI_HOME/mappings} when it is there,
 * else the built-in one, imports included.
 *
 * <p>Guarantee: safe to use from many threads; a file that does not compile never replaces one that
 * did. Gap: a change on disk is seen when {@link #reload} is called, not before.
 */
public final class Mappings {

  private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_-]*)");
  private static final Pattern LET = Pattern.compile("\\blet\\s+([A-Za-z_][A-Za-z0-9_-]*)");
  private static final Pattern PARAMETERS =
      Pattern.compile("\\bdef\\s+[A-Za-z_][A-Za-z0-9_-]*\\s*\\(([^)]*)\\)");
  private static final String ROOT = "mappings/";

  private final Path home;
  private final ClassLoader builtIn;
  private final Map<String, Mapping> compiled = new ConcurrentHashMap<>();
  private volatile Consumer<Mapping> reloaded = mapping -> {};

  /**
   * Mappings that overlay a folder on the class path.
   *
   * @param home the folder SERAI_HOME names; null when there is none
   */
  public Mappings(Path home, ClassLoader builtIn) {
    this.home = home == null ? null : home.resolve("mappings").toAbsolutePath().normalize();
    this.builtIn = builtIn;
  }

  /** The built-in mappings alone. */
  public static Mappings builtIn() {
    return new Mappings(null, Mappings.class.getClassLoader());
  }

  /**
   * The compiled mapping, for instance {@code shopify/order.in.jslt}; the ending may be left out.
   *
   * @throws MappingException when there is no such file or it does not compile
   */
  public Mapping mapping(String name) {
    Mapping ready = compiled.get(name);
    return ready != null ? ready : compiled.computeIfAbsent(normal(name), this::compile);
  }

  /**
   * Reads a file again: the mapping of that name and every mapping that imports it.
   *
   * @return the mappings that were compiled anew
   * @throws MappingException when one of them does not compile; then none is replaced
   */
  public Set<String> reload(String name) {
    String changed = normal(name);
    var fresh = new LinkedHashMap<String, Mapping>();
    for (Map.Entry<String, Mapping> entry : compiled.entrySet()) {
      if (entry.getKey().equals(changed) || entry.getValue().files().contains(changed)) {
        fresh.put(entry.getKey(), compile(entry.getKey()));
      }
    }
    compiled.putAll(fresh);
    fresh.values().forEach(reloaded);
    return Set.copyOf(fresh.keySet());
  }

  /** Whether a file of that name exists in either place. */
  public boolean exists(String name) {
    return text(normal(name)).isPresent();
  }

  /**
   * Compiles a text without keeping it: for lint, and for a dry run under a corrected mapping. A
   * text of definitions only, which others import, compiles to a mapping that gives null.
   *
   * @throws MappingException when it does not compile
   */
  public Mapping compile(String name, String text) {
    var sources = new TreeMap<String, String>();
    sources.put(name, judged(name, text));
    Expression expression;
    try {
      expression = parse(name, text, sources);
    } catch (JsltException e) {
      expression = definitionsOnly(name, text, sources).orElseThrow(() -> uncompiled(name, e));
    }
    return new Mapping(name, version(sources), expression, variables(sources), sources);
  }

  /**
   * Compiles a mapping as it once was, without keeping it: its text and what it imported then.
   *
   * @throws MappingException when it does not compile any more
   */
  public Mapping compile(String name, Map<String, String> texts) {
    var sources = new TreeMap<String, String>();
    sources.put(name, texts.get(name));
    try {
      var expression =
          parse(name, texts.get(name), sources, file -> Optional.ofNullable(texts.get(file)));
      return new Mapping(name, version(sources), expression, variables(sources), sources);
    } catch (JsltException e) {
      throw uncompiled(name, e);
    }
  }

  /**
   * Compiles a text whose objects keep what is empty or null, which mappings leave out: an answer
   * that says "none" says so.
   *
   * @throws MappingException when it does not compile
   */
  public Mapping compileAnswer(String name, String text) {
    var sources = new TreeMap<String, String>();
    sources.put(name, text);
    try {
      var expression =
          new Parser(new StringReader(text))
              .withSource(name)
              .withFunctions(MappingFunctions.all())
              .withObjectFilter("true")
              .compile();
      return new Mapping(name, version(sources), expression, variables(sources), sources);
    } catch (JsltException e) {
      throw uncompiled(name, e);
    }
  }

  /** Has every mapping that is compiled anew by {@link #reload} told, after it took effect. */
  public void whenReloaded(Consumer<Mapping> listener) {
    reloaded = listener;
  }

  private Expression parse(String name, String text, Map<String, String> sources) {
    return parse(name, text, sources, this::text);
  }

  private static Expression parse(
      String name,
      String text,
      Map<String, String> sources,
      Function<String, Optional<String>> texts) {
    return new Parser(new StringReader(text))
        .withSource(name)
        .withFunctions(MappingFunctions.all())
        .withResourceResolver(
            imported -> {
              String file = normal(imported);
              String found = texts.apply(file).orElseThrow(() -> absent(file, name));
              sources.put(file, judged(file, found));
              return new StringReader(found);
            })
        .compile();
  }

  private Optional<Expression> definitionsOnly(
      String name, String text, Map<String, String> sources) {
    try {
      return Optional.of(parse(name, text + "\nnull\n", sources));
    } catch (JsltException e) {
      return Optional.empty();
    }
  }

  private static MappingException uncompiled(String name, JsltException e) {
    String file = e.getSource() == null ? name : e.getSource();
    int line = Math.max(0, e.getLine());
    return new MappingException(
        "Mapping '%s' line %d does not compile: %s"
            .formatted(file, line, oneLine(e.getMessageWithoutLocation())),
        file,
        line,
        null,
        null,
        false,
        e);
  }

  private Mapping compile(String name) {
    String text = text(name).orElseThrow(() -> absent(name, null));
    return compile(name, text);
  }

  private static String judged(String name, String text) {
    for (MappingLint.Finding finding : MappingLint.check(text)) {
      throw new MappingException(
          "Mapping '%s' line %d: %s".formatted(name, finding.line(), finding.sentence()),
          name,
          finding.line(),
          null,
          null,
          false,
          null);
    }
    return text;
  }

  private Optional<String> text(String name) {
    try {
      if (home != null) {
        Path file = home.resolve(name).normalize();
        if (file.startsWith(home) && Files.isRegularFile(file)) {
          return Optional.of(Files.readString(file));
        }
      }
      try (InputStream in = builtIn.getResourceAsStream(ROOT + name)) {
        return in == null
            ? Optional.empty()
            : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new MappingException(
          "Mapping '%s' cannot be read: %s. Check the file's permissions and that it is UTF-8."
              .formatted(name, e.getMessage()),
          name,
          0,
          null,
          null,
          false,
          e);
    }
  }

  private static MappingException absent(String name, String importer) {
    return new MappingException(
        importer == null
            ? "Mapping '%s' does not exist; add the file under mappings/.".formatted(name)
            : "Mapping '%s' imports '%s', which does not exist; add the file under mappings/."
                .formatted(importer, name),
        importer == null ? name : importer,
        0,
        null,
        null,
        false,
        null);
  }

  private static String normal(String name) {
    String file = name.endsWith(".jslt") ? name : name + ".jslt";
    if (file.startsWith("/") || file.contains("..") || file.contains("\\")) {
      throw new MappingException(
          "Mapping '%s' is not a name below mappings/; give one like 'shopify/order.in.jslt'."
              .formatted(name),
          name,
          0,
          null,
          null,
          false,
          null);
    }
    return file;
  }

  /**
   * What a text mentions and does not set itself, the caller's variables. Each text by itself: what
   * a function of an imported one calls its parameter is no reason not to be given another's.
   */
  private static Set<String> variables(Map<String, String> sources) {
    var all = new TreeSet<String>();
    for (String text : sources.values()) {
      var names = new TreeSet<String>();
      VARIABLE.matcher(text).results().forEach(found -> names.add(found.group(1)));
      LET.matcher(text).results().forEach(found -> names.remove(found.group(1)));
      PARAMETERS
          .matcher(text)
          .results()
          .flatMap(found -> Arrays.stream(found.group(1).split("[,\\s]+")))
          .forEach(names::remove);
      all.addAll(names);
    }
    return all;
  }

  private static String version(Map<String, String> sources) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (Map.Entry<String, String> source : sources.entrySet()) {
        digest.update(source.getKey().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(source.getValue().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256; use a complete runtime.", e);
    }
  }

  /** The parser lists every token it would have taken; the first few words say what is wrong. */
  private static String oneLine(String message) {
    if (message == null || message.isBlank()) {
      return "no reason given.";
    }
    String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
    int expected = line.indexOf(" Was expecting");
    return expected > 0 ? line.substring(0, expected) : line;
  }
}
