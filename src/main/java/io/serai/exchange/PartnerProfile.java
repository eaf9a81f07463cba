package io.serai.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.edi.Acknowledgment;
import io.serai.edi.Delimiters;
import io.serai.edi.Standard;
import io.serai.edi.TransactionSet;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was agreed with one partner over X12 or EDIFACT, as {@code connectors/<name>.partner.yaml}
 * says. Immutable.
 *
 * @param name as accounts name it
 * @param title for people
 * @param description one sentence
 * @param version of the documents: as GS08 says it, or the directory, as D.96A
 * @param edifact what only EDIFACT needs; null of an X12 partner
 * @param ours who we are to them; what is null there, each account says
 * @param theirs who they are
 * @param delimiters what parts what we send
 * @param lineEnd what stands behind every terminator of what we send
 * @param capitals whether what we send is written in capitals
 * @param charset what the bytes they send mean
 * @param timeZone of the times in our envelopes
 * @param test whether documents are tests: usage indicator T, test indicator 1
 * @param reading how their files are read
 * @param receives the sets they send, by number, or messages, by type
 * @param sends the sets or messages we send
 * @param answers how each side acknowledges
 * @param firstNumber the control number that is given first
 * @param translations the partner's words for codes, by element number, which mappings read
 * @param values what else mappings read
 * @param file where it was read
 */
public record PartnerProfile(
    String name,
    String title,
    String description,
    String version,
    Edifact edifact,
    Identity ours,
    Identity theirs,
    Delimiters delimiters,
    String lineEnd,
    boolean capitals,
    Charset charset,
    ZoneId timeZone,
    boolean test,
    Reading reading,
    Map<String, Received> receives,
    Map<String, Sent> sends,
    Answers answers,
    int firstNumber,
    JsonNode translations,
    JsonNode values,
    String file) {

  /**
   * How somebody is named in envelopes.
   *
   * @param qualifier what kind of id it is (ISA05, ISA07; 0007), or null
   * @param id the id (ISA06, ISA08; 0004, 0010), or null
   * @param group the code in GS02 or GS03, or null for the id; of EDIFACT the address for routing
   *     (0008, 0014), or null
   */
  public record Identity(String qualifier, String id, String group) {
    /** How it is written where both parts are one text. */
    public String text() {
      return qualifier + '/' + id;
    }
  }

  /**
   * What only EDIFACT needs.
   *
   * @param syntax identifier and version of what we send, UNOC:3
   * @param associations the association assigned code (0057) by message type
   */
  public record Edifact(String syntax, Map<String, String> associations) {
    /** Fixes the associations. */
    public Edifact {
      associations = Map.copyOf(associations);
    }
  }

  /**
   * How their files are read.
   *
   * @param lenient whether errors that leave no doubt are accepted and told
   * @param shortHeaders whether an ISA that is not padded is taken
   * @param longestSegment in bytes
   * @param longestSet in bytes
   * @param groupNumbersOnce whether a group's number may never come again; else only within its
   *     interchange
   * @param codes the codes they may use, by element
   */
  public record Reading(
      boolean lenient,
      boolean shortHeaders,
      int longestSegment,
      int longestSet,
      boolean groupNumbersOnce,
      Map<String, Set<String>> codes) {
    /** Fixes the codes. */
    public Reading {
      codes = Map.copyOf(codes);
    }
  }

  /**
   * A set they send.
   *
   * @param set its number
   * @param document what it becomes, or null when it only answers us
   * @param cases what it becomes instead where it says so; the first that holds
   * @param required segments and elements it must have beyond what X12 asks for
   * @param after the set of ours that it answers, or null
   * @param within how long after that they owe it, or null
   */
  public record Received(
      String set,
      String document,
      List<Case> cases,
      Set<String> required,
      String after,
      Duration within) {
    /** Fixes the cases. */
    public Received {
      cases = List.copyOf(cases);
    }

    /** What one of them becomes; null when it only answers us. */
    public String document(TransactionSet read) {
      return cases.stream()
          .filter(one -> one.holds(read))
          .findFirst()
          .map(Case::document)
          .orElse(document);
    }
  }

  /**
   * What a set becomes that has an element with this value.
   *
   * @param segment whose element it is; any of that name
   * @param element its place, from 1
   * @param value what stands there, of a composite in its first component
   */
  public record Case(String document, String segment, int element, String value) {
    boolean holds(TransactionSet read) {
      var delimiters = read.interchange().delimiters();
      return read.segments().stream()
          .anyMatch(
              one ->
                  one.id().equals(segment)
                      && one.component(element, 1, delimiters).strip().equals(value));
    }

    /** How a profile writes it. */
    public String text() {
      return "%s%02d=%s".formatted(segment, element, value);
    }
  }

  /**
   * A set we send.
   *
   * @param set its number
   * @param acknowledgedWithin how long they may take to acknowledge it, or null when they do not
   * @param fileName how its file is called, or null as all are
   * @param after the set of theirs that it answers, or null
   * @param within how long after that it is owed, or null
   */
  public record Sent(
      String set, Duration acknowledgedWithin, String fileName, String after, Duration within) {}

  /** When we send a TA1. */
  public enum EnvelopeAnswer {
    /** Not even when it is asked for. */
    NEVER,
    /** When they ask for it, or their envelope is wrong. */
    ASKED,
    /** For every interchange. */
    ALWAYS
  }

  /**
   * How each side acknowledges.
   *
   * @param kind which set we answer with; null of EDIFACT, which has one
   * @param envelope when we send a TA1
   * @param ask whether we ask for a TA1, or a CONTRL
   * @param fileName how files are called
   */
  public record Answers(
      Acknowledgment.Kind kind, EnvelopeAnswer envelope, boolean ask, String fileName) {}

  /**
   * A set that is owed after another.
   *
   * @param after what has to be answered
   * @param weOwe whether the answer is ours
   */
  public record Clock(String after, String set, boolean weOwe, Duration within) {}

  /** The standard it is agreed in. */
  public Standard standard() {
    return edifact == null ? Standard.X12 : Standard.EDIFACT;
  }

  /** The set or message that acknowledges. */
  public String acknowledgment() {
    if (edifact != null) {
      return "CONTRL";
    }
    return answers.kind() == Acknowledgment.Kind.FUNCTIONAL ? "997" : "999";
  }

  /** What each side owes the other, and how soon; acknowledgments aside. */
  public List<Clock> clocks() {
    var clocks = new ArrayList<Clock>();
    for (var sent : sends.values()) {
      if (sent.after() != null) {
        clocks.add(new Clock(sent.after(), sent.set(), true, sent.within()));
      }
    }
    for (var received : receives.values()) {
      if (received.after() != null) {
        clocks.add(new Clock(received.after(), received.set(), false, received.within()));
      }
    }
    return clocks;
  }

  /** Keeps the maps unchangeable and in the order of the file. */
  public PartnerProfile {
    receives = Collections.unmodifiableMap(new LinkedHashMap<>(receives));
    sends = Collections.unmodifiableMap(new LinkedHashMap<>(sends));
  }
}
