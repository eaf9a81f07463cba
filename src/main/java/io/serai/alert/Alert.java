package io.serai.alert;

import io.serai.deadletter.Stake;
import java.time.Instant;
import java.util.List;

/**
 * Something needs people, as they are told of it: the document {@code alert}. It bears no name or
 * address; the console shows those to who may see them.
 *
 * @param id of the alert; the same each time it is told
 * @param type {@code alert.raised}, {@code alert.repeated} or {@code alert.cleared}
 * @param version of this form; fields are only added within one
 * @param times how often it was told, this time included
 * @param title in a few words
 * @param sentence what happened and what to do
 * @param kind of the failure, or {@code OVERDUE}
 * @param account where it stopped, or whose turn it is; or null
 * @param fingerprint what names the cause in the console and the API
 * @param count how many things stopped; as it last was, when cleared
 * @param orders how many orders are concerned
 * @param money what those are worth, by currency
 * @param since when the first of them stopped
 * @param link to the page of the console; or null
 */
record Alert(
    String id,
    String type,
    int version,
    Instant occurredAt,
    int times,
    String title,
    String sentence,
    String kind,
    String account,
    String fingerprint,
    int count,
    int orders,
    List<Stake> money,
    Instant since,
    String link) {
  static final int VERSION = 1;
  static final String RAISED = "alert.raised";
  static final String REPEATED = "alert.repeated";
  static final String CLEARED = "alert.cleared";
}
