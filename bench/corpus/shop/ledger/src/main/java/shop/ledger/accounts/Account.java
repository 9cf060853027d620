package shop.ledger.accounts;

import java.util.ArrayList;
import java.util.List;

/** Guarded by itself. */
public final class Account {
  private final String id;
  private final List<Entry> entries = new ArrayList<>();
  private long balance;

  public Account(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  public synchronized long balance() {
    return balance;
  }

  public synchronized void add(Entry entry) {
    entries.add(entry);
    balance += entry.cents();
  }

  /** Oldest first. */
  public synchronized List<Entry> entries() {
    return new ArrayList<>(entries);
  }

  /** Newest first; the first page is 1. Empty behind the last one. */
  public synchronized List<Entry> page(int number, int size) {
    int to = entries.size() - (number - 1) * size;
    if (to <= 0) return List.of();
    List<Entry> found = new ArrayList<>(entries.subList(Math.max(0, to - size), to));
    java.util.Collections.reverse(found);
    return found;
  }
}
