package io.serai.camel;

import org.apache.camel.Exchange;

/**
 * Names of the exchange variables that carry our context. Variables never leave over HTTP, headers
 * may: so nothing of ours is a header and nothing a sender chose is a variable of these names.
 */
final class Variables {
  static final String ACCOUNT = "account";
  static final String DOCUMENT = "document";
  static final String EVENT_TYPE = "eventType";
  static final String MESSAGE_ID = "messageId";

  /** When the message was accepted; the same however often it is run. */
  static final String RECEIVED_AT = "receivedAt";

  static final String MESSAGE_KEY = "messageKey";
  static final String DEDUPE_KEY = "dedupeKey";
  static final String VERSION = "version";
  static final String DUPLICATE = "duplicate";
  static final String DESTINATION = "destination";
  static final String OPERATION = "operation";
  static final String DELIVERY_ID = "deliveryId";
  static final String DELIVERY_KEY = "deliveryKey";
  static final String BUSINESS_KEY = "businessKey";
  static final String REVISION = "revision";
  static final String ATTEMPT = "attempt";

  /** How often the delivery was taken up, this time included: after 1, something may be done. */
  static final String CLAIM = "claim";

  static final String TOKEN = "token";

  /** What the channel calls our reasons to cancel, by ours. */
  static final String CANCEL_REASONS = "cancelReasons";

  /** How a file is called, by its sender or by the partner's profile. */
  static final String FILE_NAME = "fileName";

  /** The control number of the interchange that is sent. */
  static final String INTERCHANGE = "interchange";

  /** When the acknowledgment of what is sent is overdue; absent when none is owed. */
  static final String ACKNOWLEDGE_BY = "acknowledgeBy";

  /** What the partner's profile says for mappings: {@code values}. */
  static final String PARTNER = "partner";

  /** The partner's own words for codes, by element number: its profile's {@code translations}. */
  static final String CODES = "codes";

  /** The zone of times that name none. */
  static final String TIME_ZONE = "timeZone";

  static final String CURSOR = "cursor";
  static final String SINCE = "since";
  static final String UNTIL = "until";

  private Variables() {}

  /** Gives an exchange with an X12 partner what its mappings read of the profile. */
  static void partner(Exchange exchange, Hub hub, String account) {
    if (hub.exchange() == null) {
      return;
    }
    var with = hub.exchange().partners().of(hub.configuration().account(account));
    if (with != null) {
      exchange.setVariable(PARTNER, with.profile().values());
      exchange.setVariable(CODES, with.profile().translations());
      exchange.setVariable(TIME_ZONE, with.profile().timeZone().getId());
    }
  }
}
