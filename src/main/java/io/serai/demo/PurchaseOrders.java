package io.serai.demo;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Interchanges of the bench: X12 850 of ten lines each, about 2.7 kilobytes an order. The same seed
 * and numbers give the same bytes.
 */
final class PurchaseOrders {
  /** Lines of every order. */
  static final int LINES = 10;

  private static final String OUR_ID = "SERAIHUB";

  private final int articles;
  private final long seed;

  /**
   * Orders of so many different articles.
   *
   * @param articles named as {@link BenchOrder#sku} names them
   */
  PurchaseOrders(int articles, long seed) {
    this.articles = articles;
    this.seed = seed;
  }

  /** The number of an order, which is unique over all runs. */
  static String number(long index) {
    return "BENCH-%09d".formatted(index);
  }

  /**
   * One interchange of one group.
   *
   * @param control its number, and its group's
   * @param first index of its first order
   */
  byte[] interchange(int control, long first, int orders) {
    var out = new ByteArrayOutputStream(orders * 2_900 + 400);
    write(
        out,
        "ISA*00*          *00*          *08*925485US00     *ZZ*%-15s*260302*0915*^*00501*%09d*0*P*>~\n"
            .formatted(OUR_ID, control));
    write(out, "GS*PO*925485US00*%s*20260302*0915*%d*X*005010~\n".formatted(OUR_ID, control));
    for (var i = 0; i < orders; i++) {
      write(out, set(i + 1, first + i));
    }
    write(out, "GE*%d*%d~\nIEA*1*%09d~\n".formatted(orders, control, control));
    return out.toByteArray();
  }

  private String set(int place, long index) {
    var random = new SplittableRandom(seed * 31 + index);
    var text = new StringBuilder(3_000);
    text.append("ST*850*%04d~\n".formatted(place));
    text.append("BEG*00*SA*%s**20260301~\n".formatted(number(index)));
    text.append("REF*DP*00042~\nREF*IA*123456042~\nPER*BD*BUYER*TE*2015550142~\nFOB*PP~\n");
    text.append("ITD*01*3*2**30**60~\nDTM*010*20260304~\n");
    text.append("N1*ST*DISTRIBUTION CENTER 7045*UL*0012345070457~\nN3*1500 COMMERCE BOULEVARD~\n");
    text.append("N4*SPRINGFIELD*IL*62701*US~\n");
    var from = random.nextInt(articles);
    for (var line = 1; line <= LINES; line++) {
      // neighbors on the shelf, so that no order names an article twice
      text.append(
          "PO1*%03d*%d*EA*6.25**IN*550011223*UP*012345678905*VN*%s~\n"
              .formatted(line, 1 + random.nextInt(2), BenchOrder.sku((from + line) % articles)));
      text.append("CTP**RES*9.99~\n");
      text.append(
          "PID*F****STONEWARE MUG, BLUE, TWELVE OUNCES, DISHWASHER SAFE, GIFT BOX OF ONE, BARCODE INSIDE~\n");
      text.append("PO4*12*1*EA**G*7.5*LB~\nSAC*A*C310***150*Z*2.5*****02***VOLUME DISCOUNT~\n");
    }
    text.append("CTT*10~\nSE*%d*%04d~\n".formatted(13 + 5 * LINES, place));
    return text.toString();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
