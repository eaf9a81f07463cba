package io.serai.cli;

import io.serai.edi.EdiFault;
import io.serai.edi.EdiListener;
import io.serai.edi.TransactionSet;
import java.util.IdentityHashMap;
import java.util.Map;

/** Remembers the segments that faults are about, so that a report can quote them. */
final class EdiQuotes implements EdiListener {
  private static final int MOST = 5_000;
  private static final int WIDEST = 300;

  private final Map<EdiFault, Quote> quotes = new IdentityHashMap<>();

  /**
   * A segment as it came.
   *
   * @param text the segment without its terminator
   * @param from where what is meant begins in it
   * @param length how long it is, 0 when it is missing there
   */
  record Quote(String text, int from, int length) {}

  @Override
  public void set(TransactionSet set) {
    for (var fault : set.report().faults()) {
      var place = fault.place();
      boolean present =
          place.position() > 0
              && place.position() <= set.segments().size()
              && set.segments().get(place.position() - 1).id().equals(place.segment());
      if (present && quotes.size() < MOST) {
        var segment = set.segments().get(place.position() - 1);
        var delimiters = set.interchange().delimiters();
        var text = new StringBuilder(segment.id());
        int from = 0;
        int length = segment.id().length();
        for (int i = 1; i <= Math.max(segment.elements().size(), place.element()); i++) {
          text.append(delimiters.element());
          var written = delimiters.written(segment.element(i));
          if (i == place.element()) {
            from = text.length();
            length = written.length();
          }
          text.append(written);
        }
        if (text.length() <= WIDEST) {
          quotes.put(fault, new Quote(text.toString(), from, length));
        }
      }
    }
  }

  Quote of(EdiFault fault) {
    return quotes.get(fault);
  }
}
