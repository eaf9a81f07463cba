package io.serai.deadletter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Which dead letters are meant. Every part that is given must hold; parts that are null do not
 * matter; the empty selection means all of them.
 *
 * @param ids exactly these
 * @param type of this type
 * @param fingerprint of this group
 * @param kind of this failure kind
 * @param account of this account or destination
 * @param document carrying this document
 * @param orderId concerning this order
 * @param since stopped at or after this instant
 * @param until stopped before this instant
 * @param needsChoice whether they can only be resolved
 * @param destinations deliveries to these, and nothing else; refused beside another type
 * @param where further places and things, or null
 */
public record Selection(
    List<String> ids,
    DeadLetterType type,
    String fingerprint,
    String kind,
    String account,
    String document,
    UUID orderId,
    Instant since,
    Instant until,
    Boolean needsChoice,
    List<String> destinations,
    Where where) {
  /**
   * Where it stopped and what it is about; parts that are null do not matter.
   *
   * @param channel of orders that came from this account
   * @param route at this route
   * @param step at this step
   * @param sku about an order of this article
   * @param key with this key of the sender or of ours
   */
  public record Where(String channel, String route, String step, String sku, String key) {
    /** Anywhere. */
    public static final Where ANY = new Where(null, null, null, null, null);
  }

  /** Copies the lists. */
  public Selection {
    ids = ids == null ? null : List.copyOf(ids);
    destinations = destinations == null ? null : List.copyOf(destinations);
    where = where == null ? Where.ANY : where;
    if (destinations != null && type != null && type != DeadLetterType.DELIVERY) {
      throw new IllegalArgumentException(
          "Only deliveries have destinations, and the selection asks for type %s. Leave one of them out."
              .formatted(type));
    }
  }

  /** All dead letters. */
  public static Selection everything() {
    return new Selection(null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** Exactly these; those that are no dead letters when it is frozen are left out. */
  public static Selection of(String... ids) {
    return new Selection(
        List.of(ids), null, null, null, null, null, null, null, null, null, null, null);
  }

  /** One group. */
  public static Selection group(String fingerprint) {
    return new Selection(
        null, null, fingerprint, null, null, null, null, null, null, null, null, null);
  }

  /** What stopped from {@code since} on and before {@code until}; either may be null. */
  public static Selection between(Instant since, Instant until) {
    return new Selection(null, null, null, null, null, null, null, since, until, null, null, null);
  }

  /** The same, of one type only. */
  public Selection ofType(DeadLetterType type) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** The same, of one failure kind only. */
  public Selection ofKind(String kind) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** The same, of one account or destination only. */
  public Selection at(String account) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** The same, carrying one document only. */
  public Selection carrying(String document) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** The same, concerning one order only. */
  public Selection about(UUID orderId) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** The same, only deliveries to these destinations. */
  public Selection to(List<String> destinations) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** The same, only there and about that. */
  public Selection at(Where place) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        place);
  }

  /** Whether it can match anything of this type. */
  boolean covers(DeadLetterType some) {
    return (type == null || type == some)
        && (destinations == null || some == DeadLetterType.DELIVERY);
  }

  /** The same, only those that do, or do not, need a choice. */
  public Selection needingChoice(boolean needsChoice) {
    return new Selection(
        ids,
        type,
        fingerprint,
        kind,
        account,
        document,
        orderId,
        since,
        until,
        needsChoice,
        destinations,
        where);
  }

  /** As it is kept with a replay job: the parts that are given. */
  ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    if (ids != null) {
      var array = json.putArray("ids");
      ids.forEach(array::add);
    }
    put(json, "type", type);
    put(json, "fingerprint", fingerprint);
    put(json, "kind", kind);
    put(json, "account", account);
    put(json, "document", document);
    put(json, "orderId", orderId == null ? null : ItemId.ofOrder(orderId));
    if (destinations != null) {
      var array = json.putArray("destinations");
      destinations.forEach(array::add);
    }
    put(json, "channel", where.channel());
    put(json, "route", where.route());
    put(json, "step", where.step());
    put(json, "sku", where.sku());
    put(json, "key", where.key());
    put(json, "since", since);
    put(json, "until", until);
    if (needsChoice != null) {
      json.put("needsChoice", needsChoice);
    }
    return json;
  }

  private static void put(ObjectNode json, String name, Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }
}
