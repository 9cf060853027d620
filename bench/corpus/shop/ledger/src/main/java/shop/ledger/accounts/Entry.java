package shop.ledger.accounts;

import java.time.Instant;

/** `position`: where its line begins in the journal; negative while it is not written down yet. */
public record Entry(String account, String reference, long cents, String currency, Instant at, long position) {
  public Entry writtenAt(long place) {
    return new Entry(account, reference, cents, currency, at, place);
  }
}
