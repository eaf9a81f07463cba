package io.serai.intake;

import io.serai.inbox.Arrival;
import io.serai.inbox.Latecomers.Late;
import io.serai.support.Sha256;
import io.serai.topic.TopicRecord;
import io.serai.topic.TopicWriter.Written;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;

/**
 * How an accepted document stands in its topic: key the lane, value the bytes as they came, headers
 * what the inbox keeps beside them.
 *
 * <p>Guarantee: what {@link #written} made is read as it was, or told to be damaged; documents of
 * one lane have one key, so one partition holds them in their order.
 */
final class RecordForm {
  /** The form that is written, and the only one that is read. */
  static final String FORM = "1";

  static final String HEADER_FORM = "serai-form";
  static final String HEADER_ACCOUNT = "serai-account";
  static final String HEADER_DOCUMENT = "serai-document";
  static final String HEADER_KEY = "serai-key";
  static final String HEADER_DEDUPE = "serai-dedupe";
  static final String HEADER_VERSION = "serai-version";
  static final String HEADER_EVENT = "serai-event";
  static final String HEADER_TYPE = "content-type";
  static final String HEADER_CAME = "serai-received-at";
  static final String HEADER_SHA256 = "serai-sha256";

  /** What headers and key may take beside a body, in bytes. */
  static final int BESIDE = 64 * 1024;

  private static final String[] HEADERS = {
    HEADER_FORM,
    HEADER_ACCOUNT,
    HEADER_DOCUMENT,
    HEADER_KEY,
    HEADER_DEDUPE,
    HEADER_VERSION,
    HEADER_EVENT,
    HEADER_TYPE,
    HEADER_CAME,
    HEADER_SHA256
  };

  /** What no account reads: parked documents of it can be looked at, replayed and discarded. */
  private static final String NO_DOCUMENT = "unlisted";

  private static final String NOBODY = "unknown";
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,100}");
  private static final int LONGEST = 200;

  private RecordForm() {}

  /** A record cannot be read; the message completes the sentence "Record 'x' ...". */
  static final class Unreadable extends Exception {
    Unreadable(String what) {
      super(what);
    }
  }

  static Written written(String topic, Arrival arrival, Instant came) {
    var headers = new LinkedHashMap<String, String>();
    headers.put(HEADER_FORM, FORM);
    headers.put(HEADER_ACCOUNT, arrival.account());
    headers.put(HEADER_DOCUMENT, arrival.document());
    headers.put(HEADER_KEY, arrival.messageKey());
    headers.put(HEADER_DEDUPE, arrival.dedupeKey());
    put(headers, HEADER_VERSION, arrival.version());
    put(headers, HEADER_EVENT, arrival.eventType());
    put(headers, HEADER_TYPE, arrival.contentType());
    headers.put(HEADER_CAME, came.toString());
    headers.put(HEADER_SHA256, Sha256.hex(arrival.body()));
    return new Written(topic, arrival.lane(), headers, arrival.body());
  }

  private static void put(LinkedHashMap<String, String> headers, String name, String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  /** The document that a record bears. */
  static Late read(TopicRecord record, Clock clock) throws Unreadable {
    var form = record.header(HEADER_FORM);
    if (!FORM.equals(form)) {
      throw new Unreadable(
          form == null
              ? "was not written by a hub"
              : "has form '%s', which this version does not read".formatted(shown(form)));
    }
    var arrival =
        new Arrival(
            needed(record, HEADER_ACCOUNT),
            needed(record, HEADER_DOCUMENT),
            needed(record, HEADER_KEY),
            needed(record, HEADER_DEDUPE),
            record.header(HEADER_VERSION),
            record.header(HEADER_EVENT),
            record.header(HEADER_TYPE),
            record.value());
    if (!Sha256.hex(record.value()).equals(needed(record, HEADER_SHA256))) {
      throw new Unreadable("has other bytes than were written");
    }
    return new Late(arrival, came(record, clock));
  }

  private static String needed(TopicRecord record, String header) throws Unreadable {
    var value = record.header(header);
    if (value == null || value.isBlank()) {
      throw new Unreadable("has no header '%s'".formatted(header));
    }
    return value;
  }

  private static Instant came(TopicRecord record, Clock clock) throws Unreadable {
    try {
      var came = Instant.parse(needed(record, HEADER_CAME));
      var now = clock.instant();
      return came.isAfter(now) ? now : came; // a replica's clock may be ahead by what it last saw
    } catch (DateTimeException e) {
      throw new Unreadable("says in header '%s' no time".formatted(HEADER_CAME));
    }
  }

  /** A record that bears no document, as a message of its own lane that shows what stood there. */
  static Late asItIs(TopicRecord record, Clock clock) {
    var hash = Sha256.hex(record.value());
    var account = record.header(HEADER_ACCOUNT);
    var place = record.topic() + '-' + record.place();
    return new Late(
        new Arrival(
            account != null && NAME.matcher(account).matches() ? account : NOBODY,
            NO_DOCUMENT,
            place,
            place + '/' + hash.substring(0, 16),
            null,
            null,
            "application/octet-stream",
            record.value()),
        clock.instant());
  }

  /** What stood in its headers, for people. */
  static String evidence(TopicRecord record) {
    var found = new StringBuilder();
    for (var header : HEADERS) {
      var value = record.header(header);
      if (value != null) {
        found.append(header).append(": ").append(shown(value)).append('\n');
      }
    }
    return found.isEmpty() ? null : found.toString();
  }

  private static String shown(String text) {
    var clean = text.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + '…';
  }
}
