package io.serai.intake;

import io.serai.topic.TopicAccess;
import java.time.Duration;

/**
 * Which topic documents are accepted into.
 *
 * @param access the brokers, named in sentences by the settings' own prefix
 * @param topic its name
 * @param group the consumer group that all replicas of a hub are
 * @param allowSingleBroker whether a topic is taken that one broker that dies may take with it
 * @param timeout how long a document may wait for the brokers' answer
 */
public record TransportSettings(
    TopicAccess access, String topic, String group, boolean allowSingleBroker, Duration timeout) {}
