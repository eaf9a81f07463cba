package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureException;
import io.serai.failure.FailureKind;
import io.serai.support.ManualClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** How many files are put into a partner's folder at once, and which of those that wait. */
class FilePutsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String CONNECTOR =
      """
      connector: exchange
      title: Exchange
      kind: partner
      description: A partner that exchanges files.
      transports: [folder]
      deadlines: { connect: 3s, call: 3s }
      """;

  private final ManualClock clock = new ManualClock();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger at = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<CompletableFuture<Exchange>> puts = new ArrayList<>();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private AsyncProducer producer;
  private Path folder;

  @BeforeEach
  void begin(@TempDir Path home) throws Exception {
    DATABASE.truncate();
    Files.createDirectories(home.resolve("connectors"));
    Files.writeString(home.resolve("connectors/exchange.connector.yaml"), CONNECTOR);
    folder = Files.createDirectories(home.resolve("in"));
    var environment = new MockEnvironment();
    environment.setProperty("serai.partners.northwind.connector", "exchange");
    environment.setProperty("serai.partners.northwind.outbox-folder", folder.toString());
    var hub =
        new Hub(
            Configuration.read(
                environment, Catalog.open(FilePutsIT.class.getClassLoader(), home).edition()),
            Mappings.builtIn(),
            null,
            null,
            null,
            null,
            null,
            null,
            held(DATABASE.dataSource()),
            null,
            clock);
    context.disableJMX();
    context.addComponent("serai", new SeraiComponent(hub));
    context.start();
    producer = context.getEndpoint("serai:put?account=northwind").createAsyncProducer();
    producer.start();
  }

  @AfterEach
  void end() throws Exception {
    gate.countDown();
    producer.stop();
    context.close();
  }

  // Whoever puts a file asks first how far it is: there it waits for the gate.
  private DataSource held(DataSource source) {
    return (DataSource)
        Proxy.newProxyInstance(
            FilePutsIT.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> {
              most.accumulateAndGet(at.incrementAndGet(), Math::max);
              try {
                assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
                return source.getConnection();
              } finally {
                at.decrementAndGet();
              }
            });
  }

  private void put(String name) {
    var exchange = new DefaultExchange(context);
    exchange.setVariable(Variables.DELIVERY_KEY, name);
    exchange.setVariable(Variables.CLAIM, 1);
    exchange.setVariable(Variables.FILE_NAME, name);
    exchange.setProperty(OutboxConsumer.LEASE_UNTIL, clock.instant().plusSeconds(60));
    exchange.getMessage().setBody(name.getBytes());
    var done = new CompletableFuture<Exchange>();
    puts.add(done);
    producer.process(exchange, sync -> done.complete(exchange));
  }

  private List<String> failures() throws Exception {
    var sentences = new ArrayList<String>();
    for (var put : puts) {
      var exception = put.get(60, TimeUnit.SECONDS).getException();
      if (exception != null) {
        var failure = ((FailureException) exception).failure();
        assertThat(failure.kind()).isEqualTo(FailureKind.TRANSIENT);
        sentences.add(failure.sentence());
      }
    }
    return sentences;
  }

  private List<String> lying() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void fourGoAtOnceAndTheOthersAfterThem() throws Exception {
    for (var i = 0; i < 9; i++) {
      put("f" + i + ".edi");
    }
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(at).hasValue(4));
    assertThat(lying()).isEmpty();

    gate.countDown();

    assertThat(failures()).isEmpty();
    assertThat(most).hasValue(4);
    assertThat(lying())
        .containsExactly(
            "f0.edi", "f1.edi", "f2.edi", "f3.edi", "f4.edi", "f5.edi", "f6.edi", "f7.edi",
            "f8.edi");
  }

  @Test
  void whatWaitedUntilItsLeaseIsAllButOverIsNotTouched() throws Exception {
    for (var i = 0; i < 6; i++) {
      put("f" + i + ".edi");
    }
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(at).hasValue(4));

    clock.advance(Duration.ofSeconds(58));
    gate.countDown();

    assertThat(failures())
        .containsExactly(
            "A file for 'northwind' waited so long for its turn that another replica may take it up. It is tried again.",
            "A file for 'northwind' waited so long for its turn that another replica may take it up. It is tried again.");
    assertThat(lying()).containsExactly("f0.edi", "f1.edi", "f2.edi", "f3.edi");
  }

  @Test
  void whatFindsNoPlaceToWaitIsTriedLater() throws Exception {
    for (var i = 0; i < 1_006; i++) {
      put("f" + i + ".edi");
    }
    assertThat(puts.stream().filter(CompletableFuture::isDone)).hasSize(2);

    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(at).hasValue(4));
    clock.advance(Duration.ofSeconds(58)); // else a thousand files are written for nothing
    gate.countDown();

    assertThat(failures())
        .filteredOn("Too many files for 'northwind' wait for their turn."::equals)
        .hasSize(2);
  }
}
