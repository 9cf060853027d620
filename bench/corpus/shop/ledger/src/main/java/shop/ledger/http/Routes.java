package shop.ledger.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shop.ledger.Settings;
import shop.ledger.accounts.Account;
import shop.ledger.accounts.Accounts;
import shop.ledger.accounts.Entry;
import shop.ledger.accounts.MonthlyTotals;
import shop.ledger.accounts.Statements;
import shop.ledger.journal.JournalPool;
import shop.ledger.posting.EntryReader;
import shop.ledger.posting.PostingQueue;
import shop.ledger.time.ShopClock;

/** What can be asked of the books. */
public final class Routes {
  private final Accounts accounts;
  private final PostingQueue queue;
  private final EntryReader reader;
  private final Statements statements;
  private final int pageSize;

  public Routes(Settings settings, Accounts accounts, JournalPool pool, PostingQueue queue, ShopClock clock) {
    this.accounts = accounts;
    this.queue = queue;
    this.reader = new EntryReader(settings.currencies(), clock);
    this.statements = new Statements(pool);
    this.pageSize = settings.statementPageSize();
  }

  public void addTo(Router router) {
    router.add("POST", "/entries", this::postEntry);
    router.add("POST", "/transfers", this::transfer);
    router.add("GET", "/accounts/{id}/balance", this::balance);
    router.add("GET", "/accounts/{id}/statement", this::statement);
    router.add("GET", "/accounts/{id}/monthly", this::monthly);
  }

  private Answer postEntry(Request request) {
    Entry entry = reader.read(request.object());
    queue.add(entry);
    return new Answer(202, Map.of("account", entry.account(), "reference", entry.reference()));
  }

  private Answer transfer(Request request) {
    Map<String, Object> body = request.object();
    Account from = accounts.existing(EntryReader.text(body, "from"));
    Account to = accounts.existing(EntryReader.text(body, "to"));
    long cents = EntryReader.cents(body);
    accounts.transfer(from, to, cents, EntryReader.text(body, "reference"));
    return new Answer(201, Map.of("from", from.id(), "to", to.id(), "cents", cents));
  }

  private Answer balance(Request request) {
    Account account = accounts.named(request.parts().get("id"));
    return new Answer(200, Map.of("account", account.id(), "cents", account.balance()));
  }

  private Answer statement(Request request) {
    Account account = accounts.existing(request.parts().get("id"));
    int page = request.number("page", 1);
    List<Entry> entries = account.page(page, request.number("size", pageSize));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("account", account.id());
    body.put("page", page);
    body.put("entries", statements.lines(entries));
    return new Answer(200, body);
  }

  private Answer monthly(Request request) {
    Account account = accounts.existing(request.parts().get("id"));
    return new Answer(200, Map.of("account", account.id(), "months", MonthlyTotals.of(account.entries())));
  }
}
