package shop.ledger.posting;

import java.util.List;
import java.util.Map;
import shop.ledger.accounts.Entry;
import shop.ledger.http.HttpError;
import shop.ledger.time.ShopClock;

/** Entries as others send them. */
public final class EntryReader {
  private final List<String> currencies;
  private final ShopClock clock;

  public EntryReader(List<String> currencies, ShopClock clock) {
    this.currencies = currencies;
    this.clock = clock;
  }

  public Entry read(Map<String, Object> body) {
    String currency = text(body, "currency");
    if (!currencies.contains(currency))
      throw new HttpError(422, "entry " + text(body, "reference") + " is in " + currency + ", which is not booked here");
    return new Entry(text(body, "account"), text(body, "reference"), cents(body), currency, clock.now(), -1);
  }

  public static String text(Map<String, Object> body, String name) {
    if (body.get(name) instanceof String text && !text.isBlank()) return text;
    throw new HttpError(422, name + " must be a text");
  }

  public static long cents(Map<String, Object> body) {
    if (body.get("cents") instanceof Long cents && cents > 0) return cents;
    throw new HttpError(422, "cents must be a whole number above 0");
  }
}
