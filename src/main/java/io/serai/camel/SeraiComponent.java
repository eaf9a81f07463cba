package io.serai.camel;

import io.serai.deadletter.Normalizer;
import io.serai.inbox.Intake;
import io.serai.outbox.SharedQuotas;
import io.serai.reconcile.Tellers;
import io.serai.trace.Traces;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The words a route author needs of the hub: where documents come in, are applied and go out. */
@Component("serai")
public final class SeraiComponent extends DefaultComponent {
  private final Hub hub;
  private volatile Traces traces = Traces.OFF;
  private volatile Intake intake;
  private final PinnedMappings pinned;
  private final Sightings sightings;
  private final Tokens tokens;
  private final SharedQuotas quotas;
  private final Webhooks webhooks = new Webhooks();
  private final Tellers tellers = new Tellers();
  private final Bells bells = new Bells();
  private volatile Set<String> stopped = Set.of();
  private final Topics topics = new Topics();
  private final As2Listener as2;
  private final RouteNormalizer normalizing = new RouteNormalizer();

  /** One whose AS2 port, if anybody needs one, is whichever is free. */
  public SeraiComponent(Hub hub) {
    this(hub, 0);
  }

  /**
   * For a hub that is built; routes may start before it runs.
   *
   * @param as2Port where AS2 messages are taken once a route takes some
   */
  public SeraiComponent(Hub hub, int as2Port) {
    this.hub = hub;
    this.as2 = new As2Listener(as2Port);
    this.pinned = new PinnedMappings(hub.mappings(), hub.dataSource(), hub.clock());
    this.sightings = new Sightings(hub.dataSource(), hub.clock());
    this.tokens = new Tokens(hub);
    this.quotas = new SharedQuotas(hub.dataSource(), hub.clock());
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    getCamelContext().getRegistry().bind(LargeFiles.NAME, new LargeFiles(hub, sightings));
    getCamelContext().getRegistry().bind(GrownFiles.NAME, new GrownFiles());
  }

  @Override
  protected void doShutdown() throws Exception {
    as2.close();
    tokens.close();
    super.doShutdown();
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    var slash = remaining.indexOf('/');
    var endpoint =
        new SeraiEndpoint(
            uri,
            this,
            slash < 0 ? remaining : remaining.substring(0, slash),
            slash < 0 ? null : remaining.substring(slash + 1));
    setProperties(endpoint, parameters);
    return endpoint;
  }

  /** Makes canonical documents of stored messages without any effect, for dry runs. */
  public Normalizer normalizer() {
    return normalizing;
  }

  RouteNormalizer normalizing() {
    return normalizing;
  }

  Tokens tokens() {
    return tokens;
  }

  SharedQuotas quotas() {
    return quotas;
  }

  PinnedMappings pinned() {
    return pinned;
  }

  /** Names who is told of the steps that documents take. */
  public void traceTo(Traces collector) {
    traces = collector;
  }

  Traces traces() {
    return traces;
  }

  /** Names what keeps documents that senders wait for an answer of until the inbox has them. */
  public void acceptBy(Intake elsewhere) {
    intake = elsewhere;
  }

  /** What keeps them, or null when the inbox does. */
  Intake intake() {
    return intake;
  }

  Hub hub() {
    return hub;
  }

  /** Who tells of the books of an account now. */
  public Tellers tellers() {
    return tellers;
  }

  /**
   * Asks an account again, at once and behind the caller's back.
   *
   * @param document order, of which one is asked for, or what is polled for as a whole
   * @return false when no route does
   */
  public boolean pull(String account, String document, String key) {
    return "order".equals(document)
        ? hub.runner().fetch(account, key)
        : bells.ring(account, document);
  }

  /** Names the routes that people stopped. */
  void stopped(Set<String> routes) {
    stopped = routes;
  }

  Set<String> stopped() {
    return stopped;
  }

  Bells bells() {
    return bells;
  }

  /** How far the topics that are read here are read. */
  public Topics topics() {
    return topics;
  }

  /** Where AS2 messages come in. */
  public As2Listener as2() {
    return as2;
  }

  /** When something was last seen of an account. */
  public Sightings sightings() {
    return sightings;
  }

  /** Who takes which account's webhooks now. */
  public Webhooks webhooks() {
    return webhooks;
  }
}
