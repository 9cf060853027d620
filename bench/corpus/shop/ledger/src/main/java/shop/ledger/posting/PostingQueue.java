package shop.ledger.posting;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import shop.ledger.accounts.Accounts;
import shop.ledger.accounts.Entry;
import shop.ledger.http.HttpError;
import shop.ledger.journal.Journal;
import shop.ledger.metrics.Metrics;

/** Writes entries down behind the requests' back, in the order they came. */
public final class PostingQueue {
  private static final Logger LOGGER = Logger.getLogger("shop.ledger.posting.PostingQueue");
  private final BlockingQueue<Entry> waiting;
  private final Accounts accounts;
  private final Journal journal;
  private final AtomicLong posted = new AtomicLong();

  public PostingQueue(Accounts accounts, Journal journal, int size, Metrics metrics) {
    this.accounts = accounts;
    this.journal = journal;
    this.waiting = new ArrayBlockingQueue<>(size);
    metrics.gauge("posting_queue_depth", waiting::size);
    metrics.gauge("posting_queue_max", () -> size);
    metrics.gauge("entries_posted_total", posted::get);
  }

  public void start() {
    Thread thread = new Thread(this::run, "posting");
    thread.setDaemon(true);
    thread.start();
  }

  public void add(Entry entry) {
    if (!waiting.offer(entry)) throw new HttpError(503, "the posting queue is full: " + waiting.size() + " entries wait");
  }

  private void run() {
    while (true) {
      try {
        post(waiting.take());
      } catch (InterruptedException error) {
        return;
      } catch (Exception error) {
        LOGGER.log(Level.SEVERE, "an entry could not be posted", error);
      }
    }
  }

  private void post(Entry entry) throws IOException {
    long position = journal.append(entry);
    accounts.named(entry.account()).add(entry.writtenAt(position));
    posted.incrementAndGet();
  }
}
