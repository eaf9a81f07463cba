package io.serai.camel;

import io.serai.catalog.Transports;
import io.serai.inbox.Intake;
import io.serai.outbox.SharedQuotas;
import io.serai.reconcile.Tellers;
import io.serai.trace.Traces;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Take documents in, apply them and owe effects to partners, durably. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "serai",
    title = "Serai",
    syntax = "serai:word/name",
    category = {Category.MESSAGING})
public final class SeraiEndpoint extends DefaultEndpoint {
  @UriPath(
      description = "What to do",
      enums =
          "webhook,poll,files,as2,kafka,fetch,reconcile,accept,inbox,split,interchange,apply,ignore,outbox,lookup,envelope,table,put,find,as2-send,as2-receipt,mail,kafka-send,token,quota,sign,map")
  @Metadata(required = true)
  private final String word;

  @UriPath(
      description =
          "The canonical document, the mapping's file below mappings/, the token or the quota")
  private final String name;

  @UriParam(description = "The channel or partner account, by its name in the configuration")
  private String account;

  @UriParam(description = "The account that effects are owed to, by its name in the configuration")
  private String destination;

  @UriParam(
      label = "consumer",
      description = "The scheme that proves a webhook: the one that the connector's profile names")
  private String verify;

  @UriParam(
      label = "consumer",
      description = "When a poll or a look for files rings, as a Quartz cron expression")
  private String schedule;

  @UriParam(
      label = "consumer",
      defaultValue = "10m",
      description = "How far a poll's window reaches back before the last one")
  private String overlap = "10m";

  @UriParam(
      label = "consumer",
      defaultValue = "0s",
      description = "How long before now a poll's window ends")
  private String lag = "0s";

  @UriParam(label = "producer", description = "JSON pointer to the items of a page")
  private String items;

  @UriParam(
      label = "producer",
      description = "JSON pointer to the next page's cursor; absent on the last page")
  private String cursor;

  @UriParam(label = "producer", description = "JSON pointer, within an item, to what it is about")
  private String key;

  @UriParam(
      label = "producer",
      description = "JSON pointer, within an item, to the id of the event")
  private String dedupe;

  @UriParam(
      label = "producer",
      description = "JSON pointer, within an item, to its version or updated time")
  private String version;

  @UriParam(
      label = "producer",
      description =
          "JSON pointer, within an item, to the document it is, where a page holds several kinds")
  private String document;

  @UriParam(label = "producer", description = "Columns that a file must have, separated by commas")
  private String columns;

  @UriParam(
      label = "producer",
      description = "Columns whose values say what a row is about, separated by commas")
  private String by;

  @UriParam(
      label = "producer",
      enums = "each,together",
      defaultValue = "each",
      description =
          "Whether each row is a message, or those that follow each other and are about one thing are one together")
  private String rows = "each";

  @UriParam(
      label = "producer",
      enums = "content,file",
      defaultValue = "content",
      description =
          "Whether rows that say what the newest message of their thing says are that message, or each file's count anew")
  private String once = "content";

  @UriParam(
      label = "producer",
      defaultValue = "UTF-8",
      description = "The encoding of a file's text")
  private String encoding = "UTF-8";

  @UriParam(
      label = "producer",
      defaultValue = "none",
      description =
          "How wide each of the columns is, separated by commas, in a file that has no separators and whose rows begin at once")
  private String widths = "none";

  @UriParam(label = "producer", description = "Why a message has no effect, for people")
  private String reason;

  @UriParam(label = "producer", description = "The named scheme to sign with")
  private String scheme;

  SeraiEndpoint(String uri, SeraiComponent component, String word, String name) {
    super(uri, component);
    this.word = word;
    this.name = name;
  }

  @Override
  public Producer createProducer() {
    return switch (word) {
      case "accept" -> new AcceptProducer(this);
      case "apply" -> new ApplyProducer(this);
      case "split" -> new SplitProducer(this);
      case "interchange" -> new InterchangeProducer(this);
      case "envelope" -> new EnvelopeProducer(this);
      case "ignore" -> new IgnoreProducer(this);
      case "map" -> new MapProducer(this);
      case "token" -> new TokenProducer(this);
      case "quota" -> new QuotaProducer(this);
      case "table" -> new TableProducer(this);
      case "put" -> byAs2() ? new As2Producer(this, false) : new FileProducer(this, false);
      case "find" -> new FileProducer(this, true);
      case "as2-send" -> new As2Producer(this, false);
      case "as2-receipt" -> new As2Producer(this, true);
      case "mail" -> new MailProducer(this); // loaded only by who uses it
      case "kafka-send" -> new TopicProducer(this); // and so is this
      case "sign" -> new SignProducer(this);
      default ->
          throw new IllegalArgumentException(
              "'serai:%s' begins a route; it is no step.".formatted(word));
    };
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    var consumer =
        switch (word) {
          case "webhook" -> new WebhookConsumer(this, processor);
          case "poll" -> new PollConsumer(this, processor);
          case "files" -> new FilesConsumer(this, processor);
          case "as2" -> new As2Consumer(this, processor);
          case "kafka" -> new TopicConsumer(this, processor);
          case "fetch" -> new FetchConsumer(this, processor);
          case "reconcile" -> new ReconcileConsumer(this, processor);
          case "inbox" -> new InboxConsumer(this, processor);
          case "outbox" -> new OutboxConsumer(this, processor, false);
          case "lookup" -> new OutboxConsumer(this, processor, true);
          default ->
              throw new IllegalArgumentException(
                  "'serai:%s' is a step; it does not begin a route.".formatted(word));
        };
    configureConsumer(consumer);
    return consumer;
  }

  private boolean byAs2() {
    var known = hub().configuration() == null ? null : hub().configuration().account(account);
    return known != null && Transports.takes(known, Transports.AS2);
  }

  @Override
  public boolean isSingleton() {
    return true;
  }

  Hub hub() {
    return ((SeraiComponent) getComponent()).hub();
  }

  RouteNormalizer normalizing() {
    return ((SeraiComponent) getComponent()).normalizing();
  }

  Tokens tokens() {
    return ((SeraiComponent) getComponent()).tokens();
  }

  SharedQuotas quotas() {
    return ((SeraiComponent) getComponent()).quotas();
  }

  PinnedMappings pinned() {
    return ((SeraiComponent) getComponent()).pinned();
  }

  Intake intake() {
    return ((SeraiComponent) getComponent()).intake();
  }

  boolean takesRequests() {
    return "webhook".equals(word);
  }

  Webhooks webhooks() {
    return ((SeraiComponent) getComponent()).webhooks();
  }

  Tellers tellers() {
    return ((SeraiComponent) getComponent()).tellers();
  }

  /** Whether people stopped this route; null is none. */
  boolean stopped(String route) {
    var stopped = ((SeraiComponent) getComponent()).stopped();
    return route != null
        && !stopped.isEmpty()
        && stopped.stream().anyMatch(id -> RouteSet.isPartOf(id, route));
  }

  Bells bells() {
    return ((SeraiComponent) getComponent()).bells();
  }

  As2Listener as2() {
    return ((SeraiComponent) getComponent()).as2();
  }

  Topics topics() {
    return ((SeraiComponent) getComponent()).topics();
  }

  Traces traces() {
    return ((SeraiComponent) getComponent()).traces();
  }

  Sightings sightings() {
    return ((SeraiComponent) getComponent()).sightings();
  }

  /** What to do. */
  public String getWord() {
    return word;
  }

  /** The document or mapping. */
  public String getName() {
    return name;
  }

  /** The channel or partner account. */
  public String getAccount() {
    return account;
  }

  /** The channel or partner account. */
  public void setAccount(String account) {
    this.account = account;
  }

  /** The account that effects are owed to. */
  public String getDestination() {
    return destination;
  }

  /** The account that effects are owed to. */
  public void setDestination(String destination) {
    this.destination = destination;
  }

  /** The scheme that proves a webhook. */
  public String getVerify() {
    return verify;
  }

  /** The scheme that proves a webhook. */
  public void setVerify(String verify) {
    this.verify = verify;
  }

  /** When a poll rings. */
  public String getSchedule() {
    return schedule;
  }

  /** When a poll rings. */
  public void setSchedule(String schedule) {
    this.schedule = schedule;
  }

  /** How far a poll's window reaches back. */
  public String getOverlap() {
    return overlap;
  }

  /** How far a poll's window reaches back. */
  public void setOverlap(String overlap) {
    this.overlap = overlap;
  }

  /** How long before now a poll's window ends. */
  public String getLag() {
    return lag;
  }

  /** How long before now a poll's window ends. */
  public void setLag(String lag) {
    this.lag = lag;
  }

  /** Pointer to a page's items. */
  public String getItems() {
    return items;
  }

  /** Pointer to a page's items. */
  public void setItems(String items) {
    this.items = items;
  }

  /** Pointer to the next page's cursor. */
  public String getCursor() {
    return cursor;
  }

  /** Pointer to the next page's cursor. */
  public void setCursor(String cursor) {
    this.cursor = cursor;
  }

  /** Pointer to what an item is about. */
  public String getKey() {
    return key;
  }

  /** Pointer to what an item is about. */
  public void setKey(String key) {
    this.key = key;
  }

  /** Pointer to an item's event id. */
  public String getDedupe() {
    return dedupe;
  }

  /** Pointer to an item's event id. */
  public void setDedupe(String dedupe) {
    this.dedupe = dedupe;
  }

  /** Pointer to an item's version. */
  public String getVersion() {
    return version;
  }

  /** Pointer to an item's version. */
  public void setVersion(String version) {
    this.version = version;
  }

  /** Why a message has no effect. */
  public String getReason() {
    return reason;
  }

  /** Why a message has no effect. */
  public void setReason(String reason) {
    this.reason = reason;
  }

  /** The scheme to sign with. */
  public String getScheme() {
    return scheme;
  }

  /** The scheme to sign with. */
  public void setScheme(String scheme) {
    this.scheme = scheme;
  }

  /** Pointer to the document an item is. */
  public String getDocument() {
    return document;
  }

  /** Pointer to the document an item is. */
  public void setDocument(String document) {
    this.document = document;
  }

  /** Columns a file must have. */
  public String getColumns() {
    return columns;
  }

  /** Columns a file must have. */
  public void setColumns(String columns) {
    this.columns = columns;
  }

  /** Columns that say what a row is about. */
  public String getBy() {
    return by;
  }

  /** Columns that say what a row is about. */
  public void setBy(String by) {
    this.by = by;
  }

  /** Whether rows are messages each or together. */
  public String getRows() {
    return rows;
  }

  /** Whether rows are messages each or together. */
  public void setRows(String rows) {
    this.rows = rows;
  }

  /** What makes two rows one message. */
  public String getOnce() {
    return once;
  }

  /** What makes two rows one message. */
  public void setOnce(String once) {
    this.once = once;
  }

  /** The encoding of a file's text. */
  public String getEncoding() {
    return encoding;
  }

  /** The encoding of a file's text. */
  public void setEncoding(String encoding) {
    this.encoding = encoding;
  }

  /** How wide the columns of a file are. */
  public String getWidths() {
    return widths;
  }

  /** How wide the columns of a file are. */
  public void setWidths(String widths) {
    this.widths = widths;
  }
}
