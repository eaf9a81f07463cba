package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.edi.Acknowledgment;
import io.serai.edi.Contrl;
import io.serai.edi.EdiReader;
import io.serai.edi.FileReport;
import io.serai.edi.InterchangeReport;
import io.serai.edi.ReadOptions;
import io.serai.edi.Standard;
import io.serai.edi.X12Writer;
import io.serai.exchange.Agreement;
import io.serai.exchange.PartnerProfile;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code serai edi check}: judges a file the way the hub does and explains what is wrong; no hub is
 * asked. Exits 0 when everything in the file is taken, 1 when something is refused.
 */
@Command(
    name = "check",
    description =
        "Judge an X12 or EDIFACT file and explain every fault, with its place and what was expected.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  serai edi check orders.edi",
      "  serai edi check --partner acme-3pl --home site *.edi"
    })
final class EdiCheckCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files to judge.")
  private List<Path> files;

  @Option(
      names = "--partner",
      paramLabel = "NAME",
      description =
          "Judge as files of this partner, by its profile: ids, codes, agreed sets and what they must have.")
  private String partner;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Profiles of this folder, too; SERAI_HOME when absent.")
  private Path home;

  private PartnerProfile profile;

  @Option(
      names = "--lenient",
      description = "Accept errors that leave no doubt about what was meant.")
  private boolean lenient;

  @Option(
      names = "--short-header",
      description = "Take an ISA segment whose fields are not padded to their width.")
  private boolean shortHeader;

  @Option(
      names = "--utf8",
      description = "Read the file as UTF-8, whatever it says of its characters.")
  private boolean utf8;

  @Option(
      names = "--acknowledge",
      description = "Print the TA1 and 997, or the CONTRL, that answer the file, too.")
  private boolean acknowledge;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  EdiCheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (home != null && partner == null) {
      throw new Sentence("'--home' says where a profile stands; name it with '--partner'.");
    }
    profile = partner == null ? null : EdiProfiles.find(session, partner, home);
    var out = session.terminal().out();
    var taken = true;
    var reports = Json.MAPPER.createArrayNode();
    for (var file : files) {
      var quotes = new EdiQuotes();
      var report = read(file, quotes);
      taken &= EdiReportText.taken(report);
      if (json) {
        reports.add(Json.MAPPER.<JsonNode>valueToTree(report));
        continue;
      }
      if (!file.equals(files.getFirst())) {
        out.println();
      }
      new EdiReportText(session.terminal(), quotes).print(file.getFileName().toString(), report);
      if (acknowledge) {
        acknowledge(report);
      }
    }
    if (json) {
      out.println((files.size() == 1 ? reports.get(0) : reports).toPrettyString());
    }
    out.flush();
    return taken ? 0 : 1;
  }

  private ReadOptions options(ReadOptions agreed) {
    var options = lenient ? agreed.asLenient() : agreed;
    options = shortHeader ? options.withShortHeaders() : options;
    return utf8 ? options.withCharset(StandardCharsets.UTF_8) : options;
  }

  private FileReport read(Path file, EdiQuotes quotes) {
    try (var in = Files.newInputStream(file)) {
      return profile == null
          ? EdiReader.read(in, options(ReadOptions.STRICT), quotes)
          : Agreement.judge(profile, in, this::options, quotes);
    } catch (NoSuchFileException e) {
      throw new Sentence("There is no file '" + file + "'; correct the path.");
    } catch (IOException e) {
      throw new Sentence("The file '" + file + "' cannot be read: " + e.getMessage() + ".");
    }
  }

  private void acknowledge(FileReport report) {
    var out = session.terminal().out();
    var at = LocalDateTime.ofInstant(session.clock().instant(), session.terminal().zone());
    out.println();
    out.println("Answers, with control numbers for show:");
    boolean none = true;
    for (var interchange : report.interchanges()) {
      if (interchange.interchange().delimiters().standard() == Standard.EDIFACT) {
        none &= contrl(interchange, at);
        continue;
      }
      var kind =
          profile == null || profile.answers().kind() == null
              ? Acknowledgment.Kind.FUNCTIONAL
              : profile.answers().kind();
      var answer = new Acknowledgment(interchange, kind);
      var envelope = answer.envelope(1, at);
      none &= envelope.isEmpty() && answer.groups().isEmpty();
      envelope.ifPresent(bytes -> print(bytes));
      for (var group : answer.groups()) {
        print(answer.group(group, new X12Writer.Numbers(1, 1), at));
      }
    }
    if (none) {
      out.println();
      out.println("  None: nothing in this file is acknowledged.");
    }
  }

  // True when nothing answers it.
  private boolean contrl(InterchangeReport interchange, LocalDateTime at) {
    var answer = new Contrl(interchange).write(1, at);
    answer.ifPresent(bytes -> print(bytes));
    return answer.isEmpty();
  }

  private void print(byte[] bytes) {
    var out = session.terminal().out();
    out.println();
    new String(bytes, StandardCharsets.ISO_8859_1)
        .lines()
        .forEach(line -> out.println("  " + Text.line(line)));
  }
}
