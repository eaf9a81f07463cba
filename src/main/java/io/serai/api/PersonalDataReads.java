package io.serai.api;

import io.serai.access.Audit;
import io.serai.access.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who looked at whose data: one audit entry for each caller and thing.
 *
 * <p>Guarantee: the entry is written before the data is answered. Gap: looking again within a
 * quarter of an hour adds none, as far as this process remembers.
 */
final class PersonalDataReads {
  private static final Duration ONCE = Duration.ofMinutes(15);
  private static final int REMEMBERED = 10_000;

  private final Audit audit;
  private final Clock clock;
  private final Map<String, Long> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  PersonalDataReads(Audit audit, Clock clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /** Notes that this caller is shown the personal data of this thing. */
  void note(Caller caller, String object) {
    if (caller.mayReadPersonalData() && first(caller.name() + " " + object)) {
      audit.write(Audit.Entry.of(caller, "personal-data.read", object, null));
    }
  }

  private synchronized boolean first(String key) {
    long now = clock.millis();
    var last = seen.get(key);
    if (last != null && now - last < ONCE.toMillis()) {
      return false;
    }
    seen.put(key, now);
    return true;
  }
}
