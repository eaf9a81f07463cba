package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A parcel as a carrier knows it. */
final class CarrierParcel {

  /** One scan. */
  record Scan(Instant at, String status, String code, String text, String city) {}

  final String id;
  final String reference;
  final ObjectNode asked;
  final Instant createdAt;

  /** The label that was bought, or null. */
  String tracking;

  Instant boughtAt;
  String service;
  String price;
  String format;
  Instant voidedAt;
  final List<Scan> scans = new ArrayList<>();

  CarrierParcel(String id, String reference, ObjectNode asked, Instant createdAt) {
    this.id = id;
    this.reference = reference;
    this.asked = asked;
    this.createdAt = createdAt;
  }

  boolean bought() {
    return tracking != null;
  }

  /** Whether the carrier had it in its hands. */
  boolean scanned() {
    return scans.stream().anyMatch(scan -> !scan.status().equals("pre_transit"));
  }

  /** The label itself: what a printer of that kind takes, and nothing a person would pay for. */
  byte[] label() {
    var text =
        switch (format) {
          case "ZPL" -> "^XA^FO50,50^ADN,36,20^FD%s^FS^FO50,120^BCN,100,Y,N,N^FD%s^FS^XZ";
          case "GIF" -> "GIF89a %s %s";
          case "PDF" -> "%%PDF-1.4\n%% %s %s\n%%%%EOF\n";
          default -> "\u0089PNG\r\n\u001a\n%s %s";
        };
    return text.formatted(service, tracking).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
