package io.serai.simulator;

import java.time.Instant;

/**
 * Something a stand-in owes the hub's ear.
 *
 * @param id identity of this delivery; the same in every retry of it
 * @param eventId identity of what happened; several deliveries may tell of one event
 * @param topic what kind of event
 * @param subject the thing it happened to
 * @param triggeredAt when it happened
 * @param body the bytes that are signed and sent
 */
record Webhook(
    String id, String eventId, String topic, String subject, Instant triggeredAt, byte[] body) {}
