/**
 * What is accepted into a Kafka topic first, so that it can be while the database is away, and how
 * it gets from there into the inbox.
 */
package io.serai.intake;
