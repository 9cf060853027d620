package shop.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shop.ledger.accounts.Entry;
import shop.ledger.accounts.MonthlyTotals;

class MonthlyTotalsTest {
  @Test
  void centsAreAddedUpByMonth() {
    Instant march = Instant.parse("2026-03-14T10:00:00Z");
    Entry entry = new Entry("customer-1", "order-1", 250, "EUR", march, 0);
    assertEquals(Map.of("2026-03", 500L), MonthlyTotals.of(List.of(entry, entry)));
  }
}
