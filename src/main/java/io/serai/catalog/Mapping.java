package io.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One compiled mapping: a pure function from a document and a few variables to a document.
 *
 * <p>Guarantee: safe to use from many threads, never changes after it was compiled, and {@link
 * #version} names its text and everything it imports. A variable the mapping uses and the caller
 * does not give is null. Gap: it does not judge its result; the schema of the document does.
 */
public final class Mapping {

  private final String name;
  private final String version;
  private final Expression expression;
  private final Set<String> variables;
  private final Map<String, String> sources;

  Mapping(
      String name,
      String version,
      Expression expression,
      Set<String> variables,
      Map<String, String> sources) {
    this.name = name;
    this.version = version;
    this.expression = expression;
    this.variables = Set.copyOf(variables);
    this.sources = Map.copyOf(sources);
  }

  /** The file, relative to {@code mappings/}. */
  public String name() {
    return name;
  }

  /** The first 16 hex digits of the SHA-256 of its text and of what it imports. */
  public String version() {
    return version;
  }

  /** The variables it takes from its caller. */
  public Set<String> variables() {
    return variables;
  }

  /** The files it was made of: itself and what it imports. */
  public Set<String> files() {
    return sources.keySet();
  }

  /** Their texts, by file. */
  public Map<String, String> sources() {
    return sources;
  }

  /** Maps without variables. */
  public JsonNode apply(JsonNode input) {
    return apply(input, Map.of());
  }

  /**
   * Maps one document.
   *
   * @throws MappingException naming mapping, line and field when it cannot
   */
  public JsonNode apply(JsonNode input, Map<String, JsonNode> given) {
    return apply(input, given, drift -> {});
  }

  /**
   * Maps one document and tells of values that the mapping does not list in fields that decide
   * nothing.
   *
   * @throws MappingException naming mapping, line and field when it cannot
   */
  public JsonNode apply(JsonNode input, Map<String, JsonNode> given, Consumer<Drift> drift) {
    try {
      var mapped = map(input, given);
      Drift.take().forEach(drift);
      return mapped;
    } catch (MappingException e) {
      Drift.take(); // what stopped is told by its failure
      throw e;
    }
  }

  private JsonNode map(JsonNode input, Map<String, JsonNode> given) {
    Map<String, JsonNode> all = given;
    if (!given.keySet().containsAll(variables)) {
      all = new HashMap<>(given);
      for (String variable : variables) {
        all.putIfAbsent(variable, NullNode.instance);
      }
    }
    try {
      return expression.apply(all, input);
    } catch (FieldFault e) {
      throw fault(e);
    } catch (Refusal e) {
      throw refused(e);
    } catch (JsltException e) {
      throw fault(e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new MappingException(
          "Mapping '%s' failed: %s. Correct it, then replay.".formatted(name, e),
          name,
          0,
          null,
          null,
          false,
          e);
    }
  }

  private MappingException refused(Refusal e) {
    String sentence = e.getMessage();
    return new MappingException(
        sentence.endsWith(".") ? sentence : sentence + ".",
        name,
        0,
        null,
        null,
        false,
        e.code(),
        e);
  }

  private MappingException fault(FieldFault e) {
    String file = name;
    int line = 0;
    String literal = '"' + e.field() + '"';
    for (Map.Entry<String, String> source : sources.entrySet()) {
      int at = source.getValue().indexOf(literal);
      if (at >= 0 && (line == 0 || source.getKey().equals(name))) {
        file = source.getKey();
        line = 1 + (int) source.getValue().substring(0, at).chars().filter(c -> c == '\n').count();
      }
    }
    String place = line > 0 ? "'%s' line %d".formatted(file, line) : "'%s'".formatted(file);
    return new MappingException(
        "Mapping %s: field '%s' %s.".formatted(place, e.field(), e.getMessage()),
        file,
        line,
        e.field(),
        e.value(),
        true,
        e);
  }

  private MappingException fault(JsltException e) {
    String file = e.getSource() == null ? name : e.getSource();
    int line = Math.max(0, e.getLine());
    return new MappingException(
        "Mapping '%s' line %d: %s. Correct the mapping or the document, then replay."
            .formatted(file, line, e.getMessageWithoutLocation()),
        file,
        line,
        null,
        null,
        false,
        e);
  }
}
