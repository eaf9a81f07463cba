package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Policy;
import io.serai.allocation.Rule;
import io.serai.allocation.Situation;
import io.serai.allocation.Want;
import io.serai.rules.Expressions.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Conditions are functions of ours; what they mean is CEL's. Both are asked, about conditions and
 * orders that nobody thought of.
 */
class ExpressionPropertiesTest {
  private static final Scope SCOPE = Scope.NODE_OF_LINE;
  private static final List<Candidate> NODES =
      List.of(new Candidate("nj-1", "store", null, "US"), new Candidate("nl-1", "3pl", "p", "NL"));
  private static final CelRuntime CEL =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .setOptions(CelOptions.current().enableHeterogeneousNumericComparisons(true).build())
          .build();

  /** What may be asked, by the type of the answer. */
  private record Words(Map<CelType, List<String>> byType) {
    static Words of(Map<String, String> things) {
      var words = new HashMap<CelType, List<String>>();
      things.forEach(
          (name, thing) ->
              Vocabulary.INSTANCE
                  .fields(thing)
                  .forEach(
                      (field, about) ->
                          words
                              .computeIfAbsent(about.type(), t -> new ArrayList<>())
                              .add(name + "." + field)));
      words.get(SimpleType.STRING).add("home");
      return new Words(words);
    }

    Words with(String name) {
      var things = new LinkedHashMap<String, String>();
      SCOPE.things.forEach(thing -> things.put(thing, thing));
      things.put(name, "line");
      return of(things);
    }

    Arbitrary<String> any(CelType type) {
      return Arbitraries.of(byType.getOrDefault(type, List.of()));
    }
  }

  private static Words words() {
    var things = new LinkedHashMap<String, String>();
    SCOPE.things.forEach(thing -> things.put(thing, thing));
    return Words.of(things);
  }

  @Provide
  Arbitrary<String> conditions() {
    return flag(words(), 3);
  }

  private static Arbitrary<String> flag(Words w, int depth) {
    var plain = Arbitraries.oneOf(w.any(SimpleType.BOOL), Arbitraries.of("true", "false"));
    if (depth == 0) {
      return plain;
    }
    var order = Arbitraries.of("<", "<=", ">", ">=");
    var equal = Arbitraries.of("==", "!=");
    return Arbitraries.oneOf(
        plain,
        join(flag(w, depth - 1), Arbitraries.of("&&", "||"), flag(w, depth - 1)),
        flag(w, depth - 1).map(f -> "!(" + f + ")"),
        join(whole(w, depth - 1), order, whole(w, depth - 1)),
        join(real(w, depth - 1), order, real(w, depth - 1)),
        // Of a whole number and what is no number the library says other than its language does.
        join(whole(w, depth - 1), order, real(w, 0)),
        join(real(w, 0), order, whole(w, depth - 1)),
        join(whole(w, depth - 1), equal, whole(w, depth - 1)),
        join(real(w, depth - 1), equal, real(w, depth - 1)),
        join(text(w, depth - 1), Arbitraries.oneOf(order, equal), text(w, depth - 1)),
        join(text(w, depth - 1), Arbitraries.just("in"), texts(w)),
        Combinators.combine(
                text(w, depth - 1),
                Arbitraries.of("startsWith", "endsWith", "contains"),
                text(w, depth - 1))
            .as((a, f, b) -> "(" + a + ")." + f + "(" + b + ")"),
        Combinators.combine(text(w, depth - 1), Arbitraries.of("^[A-Z]{2}$", "1", "j?-", "", "U|l"))
            .as((a, pattern) -> "(" + a + ").matches('" + pattern + "')"),
        Combinators.combine(
                Arbitraries.of("exists", "all", "exists_one"), flag(w.with("l"), depth - 1))
            .as((macro, f) -> "order.lines." + macro + "(l, " + f + ")"),
        Combinators.combine(
                Arbitraries.of("exists", "all", "exists_one"), texts(w), text(w, depth - 1))
            .as((macro, list, t) -> list + "." + macro + "(t, t != " + t + " && t.contains('a'))"),
        Combinators.combine(flag(w, depth - 1), flag(w, depth - 1), flag(w, depth - 1))
            .as((a, b, c) -> "((" + a + ") ? (" + b + ") : (" + c + "))"));
  }

  private static Arbitrary<String> join(
      Arbitrary<String> left, Arbitrary<String> operator, Arbitrary<String> right) {
    return Combinators.combine(left, operator, right)
        .as((a, o, b) -> "(" + a + ") " + o + " (" + b + ")");
  }

  private static Arbitrary<String> whole(Words w, int depth) {
    var plain = Arbitraries.oneOf(w.any(SimpleType.INT), Arbitraries.of("0", "1", "-3", "48"));
    if (depth == 0) {
      return plain;
    }
    return Arbitraries.oneOf(
        plain,
        join(whole(w, depth - 1), Arbitraries.of("+", "-"), whole(w, depth - 1)),
        join(plain, Arbitraries.of("*"), Arbitraries.of("0", "2", "-3")),
        join(whole(w, depth - 1), Arbitraries.of("/", "%"), Arbitraries.of("2", "7", "-3")),
        texts(w).map(list -> "size(" + list + ")"),
        text(w, depth - 1).map(t -> "size(" + t + ")"),
        flag(w.with("l"), depth - 1).map(f -> "size(order.lines.filter(l, " + f + "))"),
        whole(w, depth - 1).map(n -> "-(" + n + ")"));
  }

  private static Arbitrary<String> real(Words w, int depth) {
    var plain = Arbitraries.oneOf(w.any(SimpleType.DOUBLE), Arbitraries.of("0.0", "1.5", "-250.0"));
    if (depth == 0) {
      return plain;
    }
    return Arbitraries.oneOf(
        plain,
        join(real(w, depth - 1), Arbitraries.of("+", "-", "*", "/"), real(w, depth - 1)),
        whole(w, depth - 1).map(n -> "double(" + n + ")"),
        real(w, depth - 1).map(n -> "-(" + n + ")"));
  }

  private static Arbitrary<String> text(Words w, int depth) {
    var plain =
        Arbitraries.oneOf(
            w.any(SimpleType.STRING),
            Arbitraries.of("''", "'US'", "'nj'", "'MUG'", "'fragile'", "'\\U0001F381'"));
    if (depth == 0) {
      return plain;
    }
    return Arbitraries.oneOf(
        plain, join(plain, Arbitraries.just("+"), plain).map(t -> "(" + t + ")"));
  }

  private static Arbitrary<String> texts(Words w) {
    return Arbitraries.oneOf(
        w.any(ListType.create(SimpleType.STRING)),
        Arbitraries.of("['US', 'DE']", "['', home]", "(order.skus + ['MUG'])"));
  }

  @Provide
  Arbitrary<ASite> sites() {
    var lines =
        Combinators.combine(
                Arbitraries.of("MUG", "VASE", "\uD83C\uDF81"),
                Arbitraries.integers().between(1, 5),
                Arbitraries.of(0.0, 9.9, 100.0),
                Arbitraries.of("fragile", "oversize", "alpha"))
            .as(Line::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3);
    return Combinators.combine(
            lines,
            Arbitraries.of("US", "DE", "ZZ"),
            Arbitraries.of("10115", "07001", ""),
            Arbitraries.of(0.0, 250.0, 1e9),
            Arbitraries.of(-5, 0, 40),
            Arbitraries.integers().between(0, 9),
            Arbitraries.of(true, false))
        .as(
            (all, country, postal, worth, hours, units, company) -> {
              var site = new ASite(NODES).to(country, postal).worth(worth);
              all.forEach(
                  l -> {
                    site.ordered(l.sku, l.units, l.price, 0.5, l.tag);
                    site.has(l.sku, "nj-1", units);
                  });
              if (hours != 0) {
                site.within(hours);
              }
              return company ? site.forCompany() : site;
            });
  }

  private record Line(String sku, int units, double price, String tag) {}

  @Property(seed = "20260302", tries = 600)
  void aConditionMeansWhatItsLanguageSays(
      @ForAll("conditions") String text, @ForAll("sites") ASite site) throws Exception {
    var ours = Expressions.compile(text, SCOPE).condition();
    var theirs = CEL.createProgram(checked(text));
    var asked = new ArrayList<Situation>();

    decide(
        site,
        situation -> {
          asked.add(situation);
          assertThat(ours.holds(situation))
              .as("%s, asked of %s", text, figures(situation))
              .isEqualTo(answer(theirs, situation));
          return false;
        });

    assertThat(asked).hasSizeGreaterThanOrEqualTo(NODES.size());
  }

  private static CelAbstractSyntaxTree checked(String text) throws Exception {
    return Expressions.compiler(SCOPE).compile(text).getAst();
  }

  private static Object answer(CelRuntime.Program program, Situation situation) {
    try {
      return program.eval(figures(situation));
    } catch (dev.cel.runtime.CelEvaluationException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks about every line at every node. */
  private static void decide(ASite site, io.serai.allocation.Condition condition) {
    var rule =
        new Rule(
            "asked",
            at -> true,
            null,
            List.of(new Rule.Never(new Rule.Choice(Set.of(), condition, "those", true))),
            false);
    Allocator.allocate(
        new Policy(
            "test",
            "1",
            "US",
            List.of(rule),
            Policy.STANDARD.weights(),
            new Policy.Checks(false, false, false),
            Policy.Splitting.FREE,
            ASite.places()),
        site.question());
  }

  private static Map<String, Object> figures(Situation situation) {
    var all = new HashMap<String, Object>();
    all.put("home", situation.home());
    for (var thing : SCOPE.things) {
      all.put(thing, of(thing, thing.equals("line") ? situation.line() : situation));
    }
    return all;
  }

  private static Map<String, Object> of(String thing, Object object) {
    var values = new HashMap<String, Object>();
    Vocabulary.INSTANCE
        .fields(thing)
        .forEach((name, field) -> values.put(name, plain(field.value().apply(object))));
    return values;
  }

  private static Object plain(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(one -> one instanceof Want want ? of("line", want) : one).toList()
        : value;
  }
}
