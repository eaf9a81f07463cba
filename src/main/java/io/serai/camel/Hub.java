package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.Mappings;
import io.serai.database.Leases;
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
    Clock clock) {}
