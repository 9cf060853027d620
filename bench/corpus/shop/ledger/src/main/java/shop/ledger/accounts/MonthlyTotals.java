package shop.ledger.accounts;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Cents by month. */
public final class MonthlyTotals {
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

  private MonthlyTotals() {}

  public static Map<String, Long> of(List<Entry> entries) {
    Map<String, Long> totals = new TreeMap<>();
    for (Entry entry : entries) {
      totals.merge(MONTH.format(entry.at()), entry.cents(), Long::sum);
    }
    return totals;
  }
}
