package shop.ledger.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import shop.ledger.http.HttpError;
import shop.ledger.metrics.Metrics;

/** Readers of the journal, lent one at a time. */
public final class JournalPool {
  private final BlockingQueue<JournalConnection> idle;
  private final int size;
  private final int acquireMillis;
  private final AtomicInteger waiting = new AtomicInteger();

  public JournalPool(Path file, int size, int acquireMillis) throws IOException {
    this.size = size;
    this.acquireMillis = acquireMillis;
    this.idle = new ArrayBlockingQueue<>(size);
    for (int i = 0; i < size; i += 1) idle.add(new JournalConnection(file));
  }

  public void declare(Metrics metrics) {
    metrics.gauge("journal_pool_connections_max", () -> size);
    metrics.gauge("journal_pool_connections_in_use", () -> size - idle.size());
    metrics.gauge("journal_pool_waiting", waiting::get);
  }

  public JournalConnection acquire() {
    waiting.incrementAndGet();
    try {
      JournalConnection connection = idle.poll(acquireMillis, TimeUnit.MILLISECONDS);
      if (connection == null)
        throw new HttpError(503, "timeout acquiring a journal connection after " + acquireMillis + " ms: "
            + (size - idle.size()) + " of " + size + " in use, " + waiting.get() + " waiting");
      return connection;
    } catch (InterruptedException error) {
      throw new HttpError(503, "interrupted while waiting for a journal connection", error);
    } finally {
      waiting.decrementAndGet();
    }
  }

  public void release(JournalConnection connection) {
    idle.add(connection);
  }
}
