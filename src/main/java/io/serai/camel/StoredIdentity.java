package io.serai.camel;

import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Locator;
import io.serai.deadletter.LockedFields;
import io.serai.deadletter.Normalizer.Raw;
import io.serai.exchange.ControlReferences;
import io.serai.support.Json;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds in a stored payload what its message is known by: in JSON what the events table of its
 * connector reads, in X12 the control numbers ISA13, GS06 and ST02, in EDIFACT the references of
 * UNB, UNG and UNH.
 *
 * <p>A value that the hub did not take is not locked, so that it can be corrected: a key other than
 * the message's, a time that is none. A message that was fetched and not sent has no event; of it
 * the members of the outermost object that are its key are locked.
 */
public final class StoredIdentity implements LockedFields {
  private static final String KEY = "the message's key";
  private static final String DIGITS = "\\d{1,19}";

  private final Configuration configuration;

  /** Knows the events tables of these accounts' connectors. */
  public StoredIdentity(Configuration configuration) {
    this.configuration = configuration;
  }

  @Override
  public List<Locked> of(Raw message) {
    var controls = ControlReferences.of(message.body());
    return controls.isEmpty()
        ? values(message)
        : controls.stream()
            .map(control -> new Locked(control.element(), control.meaning(), control.value()))
            .toList();
  }

  private List<Locked> values(Raw message) {
    var account = configuration.account(message.account());
    var meanings = meanings(account == null ? null : account.profile().events(), message);
    if (meanings.isEmpty()) {
      return fetched(message);
    }
    Map<String, String> found;
    try {
      found = Peek.at(message.body(), meanings.keySet());
    } catch (IOException e) {
      return List.of(); // no JSON: nothing to compare
    }
    var locked = new ArrayList<Locked>();
    meanings.forEach(
        (pointer, meaning) -> {
          var value = found.get(pointer);
          if (value != null && taken(meaning, value, message)) {
            locked.add(new Locked(pointer, meaning.words, value));
          }
        });
    return locked;
  }

  private enum Meaning {
    MESSAGE_KEY(KEY),
    EVENT_ID("the event's own id"),
    VERSION("when it was changed at the sender"),
    TYPE("the event's type");

    private final String words;

    Meaning(String words) {
      this.words = words;
    }
  }

  private static Map<String, Meaning> meanings(ConnectorProfile.Events events, Raw message) {
    var meanings = new LinkedHashMap<String, Meaning>();
    var rule = events == null ? null : events.rule(message.eventType());
    if (rule == null) {
      return meanings;
    }
    put(meanings, rule.key(), Meaning.MESSAGE_KEY);
    rule.dedupe().forEach(locator -> put(meanings, locator, Meaning.EVENT_ID));
    put(meanings, rule.version(), Meaning.VERSION);
    if (events.every() == null) {
      put(meanings, events.type(), Meaning.TYPE);
    }
    return meanings;
  }

  private static void put(Map<String, Meaning> meanings, Locator locator, Meaning meaning) {
    if (locator instanceof Locator.Pointer pointer) {
      meanings.putIfAbsent(pointer.pointer(), meaning);
    }
  }

  private static boolean taken(Meaning meaning, String value, Raw message) {
    return switch (meaning) {
      case MESSAGE_KEY -> WebhookConsumer.clean(value).equals(message.key());
      case VERSION -> value.matches(DIGITS) || instant(value);
      case EVENT_ID, TYPE -> !value.isBlank();
    };
  }

  private static boolean instant(String value) {
    try {
      OffsetDateTime.parse(value);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static List<Locked> fetched(Raw message) {
    var locked = new ArrayList<Locked>();
    try {
      for (var member : Json.tree(message.body()).properties()) {
        if (member.getValue().isValueNode() && member.getValue().asText().equals(message.key())) {
          locked.add(new Locked("/" + escaped(member.getKey()), KEY, message.key()));
        }
      }
    } catch (Json.Unreadable e) {
      return List.of(); // no JSON: nothing to compare
    }
    return locked;
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
