package io.serai.edi;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.simulator.Mood;
import io.serai.simulator.WalmartMailbox;
import io.serai.simulator.WalmartOptions;
import io.serai.simulator.X12Warehouse;
import io.serai.simulator.X12WarehouseOptions;
import io.serai.support.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stand-ins for partners write, by a library of their own, is right by our rules. */
class StandInsTest {
  @TempDir Path folder;

  private List<Path> sent(String mailbox) {
    try (Stream<Path> files = Files.list(folder.resolve(mailbox + "-mailbox/outgoing"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String mailbox, String name, String text) throws IOException {
    var incoming = folder.resolve(mailbox + "-mailbox/incoming");
    Files.createDirectories(incoming);
    Files.writeString(incoming.resolve(name), text, StandardCharsets.ISO_8859_1);
  }

  private static void allRight(List<Path> files, String... sets) {
    var seen = new TreeSet<String>();
    for (var file : files) {
      var heard = AFile.read(AFile.bytes(file), ReadOptions.STRICT);
      assertThat(heard.words()).as(file + ": " + new String(AFile.bytes(file))).isEmpty();
      assertThat(heard.file().clean()).isTrue();
      for (var interchange : heard.file().interchanges()) {
        interchange.groups().forEach(g -> g.sets().forEach(set -> seen.add(set.id())));
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(sets);
  }

  @Test
  void whatTheRetailerWritesIsRight() throws Exception {
    write(
        "walmart",
        "DSV_846_SERAIHUB_000000001.edi",
        """
        ISA*00*          *00*          *ZZ*SERAIHUB       *08*925485US00     *260302*1000*^*00501*000000001*0*P*>~
        GS*IB*SERAIHUB*925485US00*20260302*1000*1*X*005010~
        ST*846*0001~
        BIA*00*SI*STOCK-1*20260302*1000~
        LIN**VN*NOTHING~
        QTY*33*17*EA~
        CTT*1~
        SE*6*0001~
        GE*1*1~
        IEA*1*000000001~
        """);
    try (var walmart = WalmartMailbox.start(WalmartOptions.in(folder))) {
      for (var i = 0; i < 20; i++) {
        walmart.placeOrder();
      }
      var order = walmart.placeOrder(Map.of("MUG-BLU", 3));
      walmart.changeQuantity(order, "MUG-BLU", 1);
      walmart.cancel(order);
      walmart.moods().set(Mood.of(Mood.Kind.REJECTING));

      allRight(sent("walmart"), "850", "860", "997");
    }
  }

  @Test
  void whatTheWarehouseWritesIsRight() throws Exception {
    write(
        "x12-3pl",
        "940_000000001.edi",
        """
        ISA*00*          *00*          *ZZ*SERAIHUB       *ZZ*HARBOR3PL      *260302*1000*U*00401*000000001*0*P*>~
        GS*OW*SERAIHUB*HARBOR3PL*20260302*1000*1*X*004010~
        ST*940*0001~
        W05*N*ORDER-1*PO-1~
        N1*ST*ADA WHITFIELD~
        N4*ASHEVILLE*NC*28801*US~
        LX*1~
        W01*3*EA**VN*MUG-BLU~
        W76*3~
        SE*8*0001~
        ST*940*0002~
        W05*N*ORDER-2*PO-2~
        N1*ST*ADA WHITFIELD~
        N4*ASHEVILLE*NC*28801*US~
        LX*1~
        W01*3*EA**VN*LAMP~
        W76*4~
        SE*8*0002~
        GE*2*1~
        IEA*1*000000001~
        """);
    try (var warehouse =
        X12Warehouse.start(X12WarehouseOptions.in(folder).shipAfter(Duration.ZERO))) {
      warehouse.announceStock();
      warehouse.adjust("MUG-BLU", -1, "05");
      warehouse.receiveGoods("ASN-1", Map.of("LAMP", 4));
      Await.until(
          "the order left",
          Duration.ofSeconds(60),
          () ->
              sent("x12-3pl").stream()
                  .anyMatch(file -> file.getFileName().toString().startsWith("945")));

      allRight(sent("x12-3pl"), "846", "944", "945", "947", "997");
    }
  }
}
