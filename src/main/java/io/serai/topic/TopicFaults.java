package io.serai.topic;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import java.time.Duration;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Names what goes wrong at brokers: what happened, at which account, what to do. */
final class TopicFaults {
  private static final Duration SOON = Duration.ofSeconds(15);

  private final TopicAccess access;

  TopicFaults(TopicAccess access) {
    this.access = access;
  }

  /**
   * Names what was thrown.
   *
   * @param topic what was read or written
   */
  Failure name(Throwable thrown, String topic) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case AuthenticationException refused -> {
          return login(refused);
        }
        case TopicAuthorizationException refused -> {
          return paused(
              FailureKind.AUTH,
              "The brokers of '%s' do not let it at topic '%s'. Grant it to the account there; it goes on by itself."
                  .formatted(access.account(), topic));
        }
        case GroupAuthorizationException refused -> {
          return paused(
              FailureKind.AUTH,
              "The brokers of '%s' do not let it join group '%s'. Grant it, or set another 'group'; it goes on by itself."
                  .formatted(access.account(), refused.groupId()));
        }
        case AuthorizationException refused -> {
          return paused(
              FailureKind.AUTH,
              "The brokers of '%s' refuse what it asks (%s). Grant it there; it goes on by itself."
                  .formatted(access.account(), line(refused)));
        }
        case UnknownTopicOrPartitionException missing -> {
          return missing(topic);
        }
        case RecordTooLargeException large -> {
          return of(
              FailureKind.REFUSED,
              "A record for topic '%s' of '%s' is larger than the topic takes. Raise its 'max.message.bytes', then replay."
                  .formatted(topic, access.account()));
        }
        default -> {}
      }
      if (cause.getCause() == cause) {
        break;
      }
    }
    return away(thrown);
  }

  /** Nobody answers. */
  Failure away(Throwable thrown) {
    var last = thrown;
    while (last.getCause() != null && last.getCause() != last) {
      last = last.getCause();
    }
    return of(
        FailureKind.TRANSIENT,
        "No broker of '%s' answers at '%s' (%s). Start them, or correct 'bootstrap-servers' or 'security-protocol'; it goes on by itself."
            .formatted(access.account(), access.where(), line(last)));
  }

  Failure missing(String topic) {
    return paused(
        FailureKind.THROTTLED,
        "Topic '%s' of '%s' does not exist. Create it, or correct the account; it goes on by itself."
            .formatted(topic, access.account()));
  }

  /** A topic that could lose what was told. */
  Failure thin(String topic, int replicas, int needed) {
    return paused(
        FailureKind.THROTTLED,
        "Topic '%s' of '%s' has %d replicas of which %d must have a record, so one broker that dies could take events with it. Give it 3 and 'min.insync.replicas' 2, or set 'allow-single-broker'; it goes on by itself."
            .formatted(topic, access.account(), replicas, needed));
  }

  /** A topic of which too many replicas are away. */
  Failure behind(String topic, int there, int needed) {
    return paused(
        FailureKind.THROTTLED,
        "Topic '%s' of '%s' takes nothing: %d of its replicas are in step and %d must be. Bring its brokers back; it goes on by itself."
            .formatted(topic, access.account(), there, needed));
  }

  private Failure login(AuthenticationException refused) {
    return paused(
        FailureKind.AUTH,
        "The brokers of '%s' refuse its login (%s). Correct %s; it goes on by itself."
            .formatted(
                access.account(),
                line(refused),
                access.protocol().startsWith("SASL")
                    ? "'username', 'password' or 'sasl-mechanism'"
                    : "its certificates"));
  }

  private Failure of(FailureKind kind, String sentence) {
    return Failure.of(kind, sentence, Place.of(access.account()));
  }

  private Failure paused(FailureKind kind, String sentence) {
    return new Failure(kind, sentence, Place.of(access.account()), null, null, SOON);
  }

  static String line(Throwable thrown) {
    var message = thrown.getMessage();
    return message == null || message.isBlank()
        ? thrown.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message).replaceAll("[.\\s]+$", "");
  }
}
