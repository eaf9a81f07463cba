package io.serai.reconcile;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Who can be asked for its books now: routes come and go while the hub runs. */
public final class Tellers {
  private record Key(String account, String document) {}

  private final Map<Key, Teller> tellers = new ConcurrentHashMap<>();

  /** From now on this account tells of that document. */
  public void put(String account, String document, Teller teller) {
    tellers.put(new Key(account, document), teller);
  }

  /** No longer, unless another took its place. */
  public void remove(String account, String document, Teller teller) {
    tellers.remove(new Key(account, document), teller);
  }

  /** Who tells of this document. */
  public Optional<Teller> find(String account, String document) {
    return Optional.ofNullable(tellers.get(new Key(account, document)));
  }

  /** Accounts that tell of anything. */
  public SortedSet<String> accounts() {
    var accounts = new TreeSet<String>();
    tellers.keySet().forEach(key -> accounts.add(key.account()));
    return accounts;
  }
}
