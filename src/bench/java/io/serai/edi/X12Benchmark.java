package io.serai.edi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Mapping;
import io.serai.catalog.Mappings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Purchase orders a second: judged, made a tree, mapped, and answered; ten lines each, 2.7 kB. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class X12Benchmark {
  private static final int ORDERS = 1_000;
  private static final int ROUNDS = 12;
  private static final LocalDateTime AT = LocalDateTime.of(2026, 3, 2, 9, 15);
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("retailer"));

  private final Mapping mapping = Mappings.builtIn().mapping("x12-retailer/order.in.jslt");
  private final byte[] interchange = interchange();

  @Benchmark
  @OperationsPerInvocation(ORDERS)
  public int judged() {
    return read(new EdiListener() {}).interchanges().size();
  }

  @Benchmark
  @OperationsPerInvocation(ORDERS)
  public int judgedAndMadeATree() {
    var count = new int[1];
    read(
        new EdiListener() {
          @Override
          public void set(TransactionSet set) {
            count[0] += SetTree.of(set).size();
          }
        });
    return count[0];
  }

  @Benchmark
  @OperationsPerInvocation(ORDERS)
  public int judgedAndMapped() {
    var count = new int[1];
    read(
        new EdiListener() {
          @Override
          public void set(TransactionSet set) {
            count[0] += mapping.apply(SetTree.of(set), CONTEXT).get("lines").size();
          }
        });
    return count[0];
  }

  @Benchmark
  @OperationsPerInvocation(ORDERS)
  public int judgedAndAnswered() {
    var report = read(new EdiListener() {}).interchanges().get(0);
    var answer = new Acknowledgment(report, Acknowledgment.Kind.FUNCTIONAL);
    return answer.group(report.groups().get(0), new X12Writer.Numbers(1, 1), AT).length;
  }

  private FileReport read(EdiListener listener) {
    try {
      var report =
          X12Reader.read(new ByteArrayInputStream(interchange), ReadOptions.STRICT, listener);
      if (!report.clean()) {
        throw new IllegalStateException("The orders of the benchmark are at fault.");
      }
      return report;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] interchange() {
    var text =
        new StringBuilder(
            "ISA*00*          *00*          *08*RETAILHUB      *ZZ*SERAIHUB       *260302*0915*U*00401*000001201*0*T*>~\n"
                + "GS*PO*RETAILHUB*SERAIHUB*20260302*0915*1201*X*004010~\n");
    for (int order = 1; order <= ORDERS; order++) {
      int from = text.length();
      text.append(
          """
          ST*850*%04d~
          BEG*00*SA*88200%05d**20260301~
          REF*DP*00042~
          REF*IA*123456042~
          PER*BD*BUYER*TE*2015550142~
          FOB*PP~
          ITD*01*3*2**30**60~
          DTM*010*20260304~
          N1*ST*DISTRIBUTION CENTER 7045*UL*0012345070457~
          N3*1500 COMMERCE BOULEVARD~
          N4*SPRINGFIELD*IL*62701*US~
          """
              .formatted(order, order));
      for (int line = 1; line <= 10; line++) {
        text.append(
            """
            PO1*%03d*48*EA*6.25**IN*550011223*UP*012345678905*VN*MUG-%03d~
            CTP**RES*9.99~
            PID*F****STONEWARE MUG, BLUE, TWELVE OUNCES, DISHWASHER SAFE~
            PO4*12*1*EA**G*7.5*LB~
            SAC*A*C310***150*Z*2.5*****02***VOLUME DISCOUNT~
            """
                .formatted(line, line));
      }
      text.append("CTT*10~\n");
      long segments = text.substring(from).chars().filter(c -> c == '~').count() + 1;
      text.append("SE*%d*%04d~\n".formatted(segments, order));
    }
    text.append("GE*%d*1201~\nIEA*1*000001201~\n".formatted(ORDERS));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Orders for each second of CPU, which other work on the machine does not change much. */
  public static void main(String[] arguments) {
    var benchmark = new X12Benchmark();
    report(
        "orders of " + benchmark.interchange.length / ORDERS + " bytes, judged", benchmark::judged);
    report("judged and made a tree", benchmark::judgedAndMadeATree);
    report("judged and mapped", benchmark::judgedAndMapped);
    report("judged and answered", benchmark::judgedAndAnswered);
  }

  private static void report(String name, IntSupplier work) {
    var threads = ManagementFactory.getThreadMXBean();
    var rates = new double[ROUNDS];
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadCpuTime();
      for (int times = 0; times < 4; times++) {
        if (work.getAsInt() == 0) {
          throw new IllegalStateException("Nothing was read.");
        }
      }
      if (round >= 0) {
        rates[round] = 4e9 * ORDERS / (threads.getCurrentThreadCpuTime() - before);
      }
    }
    Arrays.sort(rates);
    System.out.printf("%,10.0f  %s%n", rates[ROUNDS / 2], name);
  }
}
