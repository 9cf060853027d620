package shop.ledger.accounts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shop.ledger.http.HttpError;
import shop.ledger.journal.JournalConnection;
import shop.ledger.journal.JournalPool;

/** Entries as a statement shows them, each with its line of the journal. */
public final class Statements {
  private final JournalPool pool;

  public Statements(JournalPool pool) {
    this.pool = pool;
  }

  public List<Object> lines(List<Entry> entries) {
    JournalConnection connection = pool.acquire();
    try {
      List<Object> lines = new ArrayList<>(entries.size());
      for (Entry entry : entries) lines.add(line(entry, connection));
      return lines;
    } catch (IOException error) {
      throw new HttpError(500, "the journal could not be read", error);
    } finally {
      pool.release(connection);
    }
  }

  private static Map<String, Object> line(Entry entry, JournalConnection connection) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("reference", entry.reference());
    line.put("cents", entry.cents());
    line.put("currency", entry.currency());
    line.put("at", entry.at().toString());
    line.put("journal", entry.position() < 0 ? "" : connection.lineAt(entry.position()));
    return line;
  }
}
