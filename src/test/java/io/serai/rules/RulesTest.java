package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import io.serai.allocation.Policy;
import io.serai.catalog.Catalog;
import io.serai.catalog.Fault;
import io.serai.catalog.Faults;
import io.serai.catalog.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rules decide while their files change. */
class RulesTest {
  private static final List<Candidate> NODES =
      List.of(
          new Candidate("nj-1", "warehouse", null, "US"),
          new Candidate("nv-1", "warehouse", null, "US"));
  @TempDir Path home;
  private Catalog catalog;
  private Rules rules;

  @BeforeEach
  void open() {
    catalog = Catalog.open(getClass().getClassLoader(), home);
    rules = new Rules(NODES, null);
    assertThat(rules.follow(catalog.edition())).isEmpty();
  }

  private List<String> save(String text) throws IOException {
    var file = home.resolve(SourceFile.RULES);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return rules.follow(catalog.reload()).stream().map(Fault::toString).toList();
  }

  @Test
  void withoutAFileOfTheSitesOwnTheStandardRulesDecide() {
    assertThat(rules.current().name()).isEqualTo("standard");
    assertThat(rules.policy().weights()).isEqualTo(Policy.STANDARD.weights());
    assertThat(new Rules(NODES, null).policy()).isSameAs(Policy.STANDARD);
  }

  @Test
  void aSavedFileDecidesFromThenOnAndItsVersionIsThatOfItsText() throws IOException {
    var first = save("name: ours\nrules:\n  - { name: nevada, only: nv-1 }\n");
    var version = rules.policy().version();

    assertThat(first).isEmpty();
    assertThat(rules.policy().rules()).hasSize(1);
    assertThat(rules.current().rules().get(0).does()).containsExactly("only 'nv-1' may ship");

    save("name: ours\nrules:\n  - { name: jersey, only: nj-1 }\n");
    assertThat(rules.policy().version()).isNotEqualTo(version);

    save("name: ours\nrules:\n  - { name: nevada, only: nv-1 }\n");
    assertThat(rules.policy().version()).isEqualTo(version);
  }

  @Test
  void aBadFileChangesNothingUntilItIsCorrected() throws IOException {
    save("name: ours\nrules:\n  - { name: nevada, only: nv-1 }\n");
    var before = rules.policy();

    var faults = save("name: ours\nrules:\n  - { name: nevada, only: nv-2 }\n");

    assertThat(faults)
        .containsExactly(
            "rules/allocation.rules.yaml:3: Rule 'nevada': 'only' names node 'nv-2', which is not"
                + " under 'serai.nodes'. Nearest name: 'nv-1'.");
    assertThat(rules.policy()).isSameAs(before);
    assertThat(rules.follow(catalog.reload())).hasSize(1);
    assertThat(save("name: ours\nrules:\n  - { name: jersey, only: nj-1 }\n")).isEmpty();
    assertThat(rules.policy().rules().get(0).name()).isEqualTo("jersey");
  }

  @Test
  void aRemovedFileGivesTheBuiltInRulesBack() throws IOException {
    save("name: ours\n");

    Files.delete(home.resolve(SourceFile.RULES));
    rules.follow(catalog.reload());

    assertThat(rules.current().name()).isEqualTo("standard");
  }

  @Test
  void aDraftIsJudgedAndTakesNoEffect() {
    var before = rules.policy();
    var faults = new Faults("draft");

    var draft = rules.draft("name: draft\nrules:\n  - { name: nevada, only: nv-1 }\n", faults);

    assertThat(draft.policy().rules()).hasSize(1);
    assertThat(rules.policy()).isSameAs(before);
    assertThat(rules.draft("name: Draft", faults)).isNull();
    assertThat(faults.list())
        .extracting(Fault::toString)
        .containsExactly(
            "draft:1: 'name' is 'Draft', which is not in kebab case. Use lower-case letters, digits"
                + " and single dashes.");
  }

  @Test
  void aFileThatNothingReadsIsAFault() throws IOException {
    Files.createDirectories(home.resolve("rules"));
    Files.writeString(home.resolve("rules/alocation.rules.yaml"), "name: ours\n");

    var edition = catalog.reload();

    assertThat(edition.faults("rules/alocation.rules.yaml"))
        .extracting(Fault::sentence)
        .containsExactly(
            "File 'rules/alocation.rules.yaml' has a name nothing reads. Call it"
                + " 'rules/allocation.rules.yaml' or 'rules/locations.csv'.");
  }
}
