package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.database.Leases;
import io.serai.exchange.Exchange;
import io.serai.hub.Apply;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.outbox.Outbox;
import java.time.Clock;
import javax.sql.DataSource;

/** What the component's words work with. */
public record Hub(
    Configuration configuration,
    Mappings mappings,
    CanonicalDocuments documents,
    Inbox inbox,
    InboxRunner runner,
    Apply apply,
    Outbox outbox,
    Leases leases,
    DataSource dataSource,
    DriftLog drift,
    Exchange exchange,
    Clock clock) {
  /** A hub without X12 partners. */
  public Hub(
      Configuration configuration,
      Mappings mappings,
      CanonicalDocuments documents,
      Inbox inbox,
      InboxRunner runner,
      Apply apply,
      Outbox outbox,
      Leases leases,
      DataSource dataSource,
      DriftLog drift,
      Clock clock) {
    this(
        configuration,
        mappings,
        documents,
        inbox,
        runner,
        apply,
        outbox,
        leases,
        dataSource,
        drift,
        null,
        clock);
  }
}
