package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.camel.CatalogInspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckCommandTest {
  private static final String ROUTE =
      """
      - route:
          id: acme-one
          from:
            uri: serai:inbox/order
            parameters: { account: acme }
            steps:
              - to: { id: acme-one-apply, uri: "serai:apply/order" }
      """;

  @TempDir Path home;
  private final StringWriter out = new StringWriter();

  @Test
  void withoutFaultsItSaysSoAndEndsWithZero() throws IOException {
    write("routes/acme-one.camel.yaml", ROUTE);

    assertThat(check(home.resolve("routes/acme-one.camel.yaml").toString())).isZero();

    assertThat(out.toString()).isEqualTo("1 file checked, no fault.\n");
  }

  @Test
  void everyFaultIsOneLineAndEndsWithOne() throws IOException {
    var file = write("routes/acme-one.camel.yaml", ROUTE.replace("apply/order", "aply/order"));

    assertThat(check(file.toString())).isOne();

    assertThat(out.toString())
        .contains(file + ":7: 'serai' has no word 'aply'. Nearest name: 'apply'.\n")
        .endsWith("1 file checked, 2 faults.\n");
  }

  @Test
  void aFolderIsCheckedAsAHome() throws IOException {
    write("routes/acme-one.camel.yaml", ROUTE);
    var mapping = write("mappings/acme/order.in.jslt", "// acme order\n{");

    assertThat(check(home.toString())).isOne();

    assertThat(out.toString()).contains(mapping + ":").contains("cannot be used");
    assertThat(check("--home", home.toString())).isOne();
    assertThat(out.toString().split("cannot be used")).as("the same of a home").hasSize(3);
  }

  @Test
  void theConfigurationIsCheckedToo() throws IOException {
    write("routes/acme-one.camel.yaml", ROUTE);
    var config = write("serai.yaml", "serai:\n  channels:\n    acme: { connector: shopfy }\n");

    assertThat(check("--config", config.toString(), home.resolve("routes").toString())).isOne();

    assertThat(out.toString())
        .contains(
            "serai.yaml:3: 'serai.channels.acme.connector' is 'shopfy', which is no connector."
                + " Nearest name: 'shopify'.\n");
  }

  @Test
  void aConfigurationThatCannotBeReadIsOneFault() throws IOException {
    var config = write("serai.yaml", "serai: [\n");

    assertThat(check("--config", config.toString())).isOne();

    assertThat(out.toString()).contains("serai.yaml:").contains("The YAML cannot be read: ");
  }

  @Test
  void pathsThatCannotBeCheckedAreNamed() throws IOException {
    var loose = write("loose.camel.yaml", ROUTE);

    assertThat(check("nowhere", loose.toString())).isOne();

    assertThat(out.toString())
        .contains("nowhere: There is no file or folder 'nowhere'. Correct the path.\n")
        .contains(
            loose
                + ": '"
                + loose
                + "' stands in no folder named routes, connectors, mappings or rules."
                + " Put it into one, or name a folder that has one.\n");
  }

  @Test
  void aConfigurationFileThatIsNotThereIsNamed() {
    assertThat(check("--config", "nowhere.yaml")).isOne();

    assertThat(out.toString())
        .contains("nowhere.yaml: There is no file 'nowhere.yaml'. Correct the path.\n");
  }

  private int check(String... arguments) {
    var command = new CheckCommand(CatalogInspection::new, CheckCommandTest.class.getClassLoader());
    return new CommandLine(command).setOut(new PrintWriter(out)).execute(arguments);
  }

  private Path write(String path, String text) throws IOException {
    var file = home.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
