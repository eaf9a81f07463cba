package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Migrations run while hubs of the version before work on the same tables: nothing holds a table
 * for as long as it is large, and nothing takes away what the older program asks for unless the
 * floor says that it may not work any more.
 */
class MigrationLawTest {
  private static final Path FOLDER = Path.of("src/main/resources/db/migration");

  /** What is newer than this obeys; nothing was installed that would meet the older ones anew. */
  private static final int LAST_FREE = 560;

  private static final Pattern CREATED =
      Pattern.compile("(?i)\\bcreate\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(\\w+)");
  private static final Pattern INDEX =
      Pattern.compile("(?is)^create\\s+(?:unique\\s+)?index\\s+(?!concurrently).*?\\bon\\s+(\\w+)");
  private static final Pattern CONCURRENTLY =
      Pattern.compile("(?is)^(?:create|drop)\\s+(?:unique\\s+)?index\\s+concurrently\\b.*");
  private static final Pattern ALTER =
      Pattern.compile("(?is)^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?(\\w+)\\s+(.*)");
  private static final Pattern FLOOR = Pattern.compile("(?i)\\bupdate\\s+schema_floor\\b");

  private record Rule(String fault, Predicate<String> broken) {
    static Rule of(String fault, String pattern) {
      return new Rule(fault, Pattern.compile("(?is)" + pattern).asPredicate());
    }
  }

  private static final List<Rule> REWRITES =
      List.of(
          Rule.of("rewrites", "\\balter\\s+(column\\s+)?\\w+\\s+(set\\s+data\\s+)?type\\b"),
          new Rule(
              "adds NOT NULL without a default to",
              action ->
                  action.matches("(?is)add\\s+(column\\s+)?.*\\bnot\\s+null\\b.*")
                      && !action.matches("(?is).*\\bdefault\\b.*")),
          Rule.of("reads every row for NOT NULL of", "\\bset\\s+not\\s+null\\b"),
          Rule.of(
              "rewrites for a default of",
              "^add\\s.*\\bdefault\\s+(nextval|gen_random_uuid|clock_timestamp|random)\\b"),
          Rule.of("rewrites for a column computed in", "^add\\s.*\\bgenerated\\b"),
          new Rule(
              "reads every row for a constraint of",
              action ->
                  action.matches(
                          "(?is)add\\s+(constraint\\s+\\w+\\s+)?(check|foreign|unique|primary|exclude)\\b.*")
                      && !action.matches("(?is).*\\b(not\\s+valid|using\\s+index)\\b.*")));

  private static final Rule TAKES_AWAY =
      Rule.of(
          "takes away from the program before it",
          "^(drop\\s+(column\\s+)?(?!constraint)\\w+|rename)\\b");

  private static int number(Path file) {
    return Integer.parseInt(file.getFileName().toString().substring(1, 4));
  }

  private static List<Path> files() throws IOException {
    try (var all = Files.list(FOLDER)) {
      return all.filter(f -> f.toString().endsWith(".sql")).sorted().toList();
    }
  }

  private static Set<String> broken(Path file) throws IOException {
    return faults(Files.readString(file));
  }

  /** What a migration does that it must not, without the words in functions and comments. */
  static Set<String> faults(String sql) {
    var text = sql.replaceAll("--[^\\n]*", "").replaceAll("(?s)\\$(\\w*)\\$.*?\\$\\1\\$", "''");
    var own = new HashSet<String>();
    var created = CREATED.matcher(text);
    while (created.find()) {
      own.add(created.group(1));
    }
    var faults = new TreeSet<String>();
    var statements = Arrays.stream(text.split(";")).map(String::strip).filter(s -> !s.isEmpty());
    var all = statements.toList();
    var concurrent = all.stream().filter(s -> CONCURRENTLY.matcher(s).matches()).count();
    if (concurrent > 0 && concurrent < all.size()) {
      faults.add("builds an index concurrently beside other statements");
    }
    for (var statement : all) {
      var index = INDEX.matcher(statement);
      if (index.find() && !own.contains(index.group(1))) {
        faults.add("holds up writers for an index of " + index.group(1));
      }
      var alter = ALTER.matcher(statement);
      if (alter.matches() && !own.contains(alter.group(1))) {
        for (var action : actions(alter.group(2))) {
          REWRITES.stream()
              .filter(rule -> rule.broken().test(action))
              .forEach(rule -> faults.add(rule.fault() + ' ' + alter.group(1)));
          if (TAKES_AWAY.broken().test(action) && !FLOOR.matcher(text).find()) {
            faults.add(TAKES_AWAY.fault() + ' ' + alter.group(1));
          }
        }
      }
      if (statement.matches("(?is)^drop\\s+table\\b.*") && !FLOOR.matcher(text).find()) {
        faults.add(TAKES_AWAY.fault() + " a table");
      }
    }
    return faults;
  }

  /** An ALTER TABLE may do several things, separated by commas outside of brackets. */
  private static List<String> actions(String text) {
    var actions = new ArrayList<String>();
    var depth = 0;
    var from = 0;
    for (var i = 0; i <= text.length(); i++) {
      var c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == text.length())) {
        actions.add(text.substring(from, i).strip());
        from = i + 1;
      }
    }
    return actions;
  }

  @Test
  void newMigrationsLetTheProgramBeforeThemWork() throws IOException {
    var faults = new TreeSet<String>();
    for (var file : files()) {
      if (number(file) > LAST_FREE) {
        broken(file).forEach(fault -> faults.add(file.getFileName() + " " + fault));
      }
    }

    assertThat(faults)
        .as(
            "build the index CONCURRENTLY in a file of its own, add columns with a default or null, and raise schema_floor where the program before it cannot work")
        .isEmpty();
  }

  @Test
  void thoseOfBeforeAreAsTheyAre() throws IOException {
    var breaking = new ArrayList<String>();
    for (var file : files()) {
      if (number(file) <= LAST_FREE && !broken(file).isEmpty()) {
        breaking.add(file.getFileName().toString().substring(0, 4));
      }
    }

    assertThat(String.join(" ", breaking)).isEqualTo(OLDER);
  }

  private static final String OLDER =
      "V010 V022 V031 V033 V035 V072 V140 V141 V175 V201 V322 V340 V420 V431 V462 V488 V522";

  @Test
  void thereAreNewOnes() throws IOException {
    assertThat(files().stream().filter(file -> number(file) > LAST_FREE)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CREATE INDEX i ON delivery (id)                                   | holds up writers for an index of delivery
          CREATE UNIQUE INDEX i ON delivery (id) WHERE id > 1               | holds up writers for an index of delivery
          CREATE INDEX CONCURRENTLY i ON delivery (id); SELECT 1            | builds an index concurrently beside other statements
          ALTER TABLE delivery ALTER COLUMN id TYPE text                    | rewrites delivery
          ALTER TABLE delivery ALTER id SET DATA TYPE text                  | rewrites delivery
          ALTER TABLE delivery ADD COLUMN a int, ADD COLUMN b text NOT NULL | adds NOT NULL without a default to delivery
          ALTER TABLE delivery ALTER COLUMN a SET NOT NULL                  | reads every row for NOT NULL of delivery
          ALTER TABLE delivery ADD COLUMN a uuid DEFAULT gen_random_uuid()  | rewrites for a default of delivery
          ALTER TABLE delivery ADD CONSTRAINT c CHECK (a IN (1, 2))         | reads every row for a constraint of delivery
          ALTER TABLE delivery DROP COLUMN a                                | takes away from the program before it delivery
          ALTER TABLE delivery RENAME COLUMN a TO b                         | takes away from the program before it delivery
          DROP TABLE delivery                                               | takes away from the program before it a table""")
  void theLawSeesWhatBreaksIt(String sql, String fault) {
    assertThat(faults(sql)).containsExactly(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CREATE TABLE one (a int); CREATE INDEX i ON one (a); ALTER TABLE one ALTER a TYPE text |
          CREATE INDEX CONCURRENTLY i ON delivery (id)                                            |
          ALTER TABLE delivery ADD COLUMN a int, ADD COLUMN b text NOT NULL DEFAULT ''            |
          ALTER TABLE delivery ADD CONSTRAINT c CHECK (a IN (1, 2)) NOT VALID                     |
          ALTER TABLE delivery ALTER COLUMN a SET STATISTICS 0, DROP CONSTRAINT c                 |
          ALTER TABLE delivery DROP COLUMN a; UPDATE schema_floor SET version = 700, reason = 'b' |
          -- CREATE INDEX i ON delivery (id)                                                      |
          """)
  void theLawLetsTheRestPass(String sql, String nothing) {
    assertThat(faults(sql)).isEmpty();
  }
}
