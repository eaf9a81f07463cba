package io.serai.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How far this replica lags behind the topics that it reads, by account, for the metrics. */
public final class Topics {
  private final Map<String, Long> behind = new ConcurrentHashMap<>();

  void behind(String account, long records) {
    behind.put(account, records);
  }

  void forget(String account) {
    behind.remove(account);
  }

  /** Records that are not read yet, of the partitions that are this replica's, by account. */
  public Map<String, Long> behind() {
    return Map.copyOf(behind);
  }
}
