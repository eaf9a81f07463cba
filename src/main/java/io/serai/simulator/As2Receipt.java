package io.serai.simulator;

import java.util.Map;

/**
 * What the hub says that became of a message of ours.
 *
 * @param messageId of the message
 * @param said the disposition
 * @param mic the digest of what it understood, or null
 */
record As2Receipt(String messageId, String said, String mic) {

  /** Reads one that is proven. */
  static As2Receipt read(As2Seal.Part report) throws As2Seal.Broken {
    for (var part : report.parts()) {
      if (part.type().equalsIgnoreCase("message/disposition-notification")) {
        var fields = fields(part.content());
        var disposition = fields.getOrDefault("disposition", "");
        return new As2Receipt(
            fields.get("original-message-id"),
            disposition.substring(disposition.indexOf(';') + 1).strip(),
            fields.get("received-content-mic"));
      }
    }
    throw new As2Seal.Broken("unexpected-processing-error", "It is no receipt.");
  }

  private static Map<String, String> fields(byte[] content) throws As2Seal.Broken {
    return As2Seal.Part.of(content).headers();
  }

  /** Whether the hub took the message. */
  boolean isPositive() {
    return said.equals("processed");
  }
}
