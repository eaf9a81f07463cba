package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.support.Json;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Hides what could name a person from those who may not see it.
 *
 * <p>Guarantee: denied by default; every text is masked unless its field is known to hold a word of
 * the trade, so a field nobody thought of is hidden, not shown. Gap: numbers stay, except in fields
 * whose name speaks of a phone, a place or a card.
 */
final class PersonalData {
  static final String MASK = "•••";

  private static final Set<String> SHOWN =
      Set.of(
          "id,sku,state,status,kind,type,currency,unit,country,countrycode,country_code,orderid,order_id,"
              .concat(
                  "channelorderid,displaynumber,legacyorderid,lineid,line_id,parentlineid,account,amount,"
                      + "price,rate,placedat,updatedat,cancelledat,closedat,created_at,updated_at,"
                      + "cancelled_at,processed_at,shippedat,occurredat,ordertype,fulfilledby,piistate,"
                      + "schemaversion,node,partner,action,fulfillmentid,shipmentid,listingid,variationid,"
                      + "variant_id,product_id,listing_id,location_id,locationid,inventory_item_id,"
                      + "financial_status,fulfillment_status,collectedby,outcome,reference,remoteid,asof,"
                      + "sequence,refundid,restock,channelsku,gtin,source,reason,cancelreason,"
                      + "cancel_reason,event,topic,version,gateway,requestedservice")
              .split(","));

  private static final String[] NUMBERS_HIDDEN = {
    "phone", "zip", "postal", "latitude", "longitude", "card", "birth", "tax_id", "taxid"
  };

  private PersonalData() {}

  /** A copy with everything masked that is not known to be harmless. */
  static JsonNode masked(JsonNode document) {
    return document == null ? null : masked("", document);
  }

  /** A value as JSON at a JSON pointer of some document, masked as it is there; null for none. */
  static String masked(String pointer, String json) {
    if (json == null) {
      return null;
    }
    var field =
        Arrays.stream(pointer.split("/"))
            .filter(part -> !part.matches("[0-9]*|-"))
            .reduce("", (before, part) -> part);
    return Json.text(masked(field, Json.tree(json)));
  }

  private static JsonNode masked(String field, JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        var copy = object.objectNode();
        object
            .properties()
            .forEach(entry -> copy.set(entry.getKey(), masked(entry.getKey(), entry.getValue())));
        yield copy;
      }
      case ArrayNode array -> {
        var copy = array.arrayNode(array.size());
        array.forEach(item -> copy.add(masked(field, item)));
        yield copy;
      }
      default -> {
        if (node.isTextual()) {
          yield node.textValue().isEmpty() || shown(field) ? node : TextNode.valueOf(MASK);
        }
        yield node.isNumber() && hidden(field) ? TextNode.valueOf(MASK) : node;
      }
    };
  }

  private static boolean shown(String field) {
    return SHOWN.contains(field.toLowerCase(Locale.ROOT));
  }

  private static boolean hidden(String field) {
    var name = field.toLowerCase(Locale.ROOT);
    for (var word : NUMBERS_HIDDEN) {
      if (name.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
