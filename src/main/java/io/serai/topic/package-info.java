/**
 * How records of Kafka topics are read, kept and only then committed, and how records get to
 * topics.
 */
package io.serai.topic;
