package io.serai.simulator;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * A country a shop sells to: its money, its taxes, and people who live there.
 *
 * @param perDollar units of its currency for one US dollar
 * @param digits decimals of its currency
 */
record Market(
    String countryCode,
    String country,
    String locale,
    String currency,
    BigDecimal perDollar,
    int digits,
    boolean taxesIncluded,
    List<Map.Entry<String, BigDecimal>> taxes,
    List<Buyer> buyers) {

  /** Somebody who buys. An empty text means that the country has no such thing. */
  record Buyer(
      String first,
      String last,
      String company,
      String street,
      String second,
      String city,
      String province,
      String provinceCode,
      String zip,
      String phone) {}

  private static final List<Market> ALL =
      List.of(
          new Market(
              "US",
              "United States",
              "en-US",
              "USD",
              BigDecimal.ONE,
              2,
              false,
              List.of(tax("State Tax", "0.065"), tax("County Tax", "0.0145")),
              List.of(
                  buyer(
                      "Ava|Thompson||12 Prospect Street|Apt 4B|Jersey City|New Jersey|NJ|07302|+12015550143"),
                  buyer(
                      "Marcus|O'Neil|Acme Studio|980 Howard Street||San Francisco|California|CA|94103|+14155550118"),
                  buyer(
                      "Zoë|Nakamura-Smith||77 Elm Avenue||Portland|Oregon|OR|97205|(503) 555-0190"),
                  buyer("Jo|Li||PO Box 12||Cambridge|Massachusetts|MA|02139|"))),
          new Market(
              "CA",
              "Canada",
              "fr-CA",
              "CAD",
              new BigDecimal("1.36"),
              2,
              false,
              List.of(tax("GST", "0.05"), tax("QST", "0.09975")),
              List.of(
                  buyer(
                      "Élodie|Gagné-Côté||455 rue Saint-Jérôme|app. 12|Montréal|Quebec|QC|H2X 3V4|+15145550162"),
                  buyer(
                      "Noah|Tremblay||18 chemin du Lac||Sherbrooke|Quebec|QC|J1H 1A1|+18195550107"))),
          new Market(
              "GB",
              "United Kingdom",
              "en-GB",
              "GBP",
              new BigDecimal("0.79"),
              2,
              true,
              List.of(tax("GB VAT", "0.2")),
              List.of(
                  buyer(
                      "Siobhán|Ní Dhomhnaill||Flat 3, 21 Quayside||Bristol|||BS1 4RN|+441175550104"),
                  buyer(
                      "Oliver|Featherstonehaugh||The Old Forge|Mill Lane|Hay-on-Wye|||HR3 5AE|"))),
          new Market(
              "DE",
              "Germany",
              "de-DE",
              "EUR",
              new BigDecimal("0.92"),
              2,
              true,
              List.of(tax("DE MwSt", "0.19")),
              List.of(
                  buyer("Jürgen|Weiß||Große Straße 7|2. Hinterhof|Köln|||50667|+4922155501234"),
                  buyer(
                      "Anna-Lena|Müller|Werkstatt für Möbel GmbH|Am Kanal 15||Münster|||48143|+4925155509"))),
          new Market(
              "PL",
              "Poland",
              "pl-PL",
              "PLN",
              new BigDecimal("3.95"),
              2,
              true,
              List.of(tax("PL VAT", "0.23")),
              List.of(
                  buyer("Łukasz|Wójcik||ul. Żelazna 48/12||Łódź|||90-001|+48425550133"),
                  buyer(
                      "Świętosława|Brzęczyszczykiewicz||Rynek 1||Chrząszczyżewoszyce|||21-030|"))),
          new Market(
              "JP",
              "Japan",
              "ja-JP",
              "JPY",
              new BigDecimal("151"),
              0,
              true,
              List.of(tax("JP CT", "0.1")),
              List.of(
                  buyer("花子|山田||神宮前1-2-3|青空ハイツ 402号室|渋谷区|Tōkyō|JP-13|150-0001|+81355550171"),
                  buyer("健太|佐々木||北三条西4丁目||札幌市|Hokkaidō|JP-01|060-0003|+81115550122"))),
          new Market(
              "AU",
              "Australia",
              "en-AU",
              "AUD",
              new BigDecimal("1.52"),
              2,
              true,
              List.of(tax("GST", "0.1")),
              List.of(
                  buyer(
                      "Mia|Papadopoulos||Unit 9|14 Banksia Road|Fremantle|Western Australia|WA|6160|+61855500191"),
                  buyer("Jack|Nguyễn||3 Harbour Lane||Hobart|Tasmania|TAS|7000|"))),
          new Market(
              "BR",
              "Brazil",
              "pt-BR",
              "BRL",
              new BigDecimal("5.05"),
              2,
              true,
              List.of(tax("ICMS", "0.18")),
              List.of(
                  buyer(
                      "João|Conceição||Rua das Açucenas, 100|Bloco B|São Paulo|São Paulo|SP|01310-100|+551155501234"))),
          new Market(
              "AE",
              "United Arab Emirates",
              "ar-AE",
              "AED",
              new BigDecimal("3.67"),
              2,
              false,
              List.of(),
              List.of(buyer("ليلى|الهاشمي||شارع الشيخ زايد|برج 2|دبي|Dubai|DU||+97145550188"))));

  /** Every market; the first is the shop's own. */
  static List<Market> all() {
    return ALL;
  }

  private static Map.Entry<String, BigDecimal> tax(String title, String rate) {
    return Map.entry(title, new BigDecimal(rate));
  }

  private static Buyer buyer(String line) {
    var f = line.split("\\|", -1);
    return new Buyer(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9]);
  }
}
