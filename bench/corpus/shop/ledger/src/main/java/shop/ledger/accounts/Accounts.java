package shop.ledger.accounts;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import shop.ledger.http.HttpError;

public final class Accounts {
  private final Map<String, Account> byId = new ConcurrentHashMap<>();

  public Account named(String id) {
    return byId.computeIfAbsent(id, Account::new);
  }

  public Account existing(String id) {
    Account account = byId.get(id);
    if (account == null) throw new HttpError(404, "there is no account " + id);
    return account;
  }

  public int count() {
    return byId.size();
  }

  /** Both sides or none. Whoever holds two accounts took the one with the smaller id first. */
  public void transfer(Account from, Account to, long cents, String reference) {
    Account first = from.id().compareTo(to.id()) <= 0 ? from : to;
    Account second = first == from ? to : from;
    synchronized (first) {
      synchronized (second) {
        Instant now = Instant.now();
        from.add(new Entry(from.id(), reference, -cents, "EUR", now, -1));
        to.add(new Entry(to.id(), reference, cents, "EUR", now, -1));
      }
    }
  }
}
