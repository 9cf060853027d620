package shop.ledger;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import shop.ledger.accounts.Accounts;
import shop.ledger.auth.Tokens;
import shop.ledger.http.Router;
import shop.ledger.http.Routes;
import shop.ledger.journal.Journal;
import shop.ledger.journal.JournalPool;
import shop.ledger.metrics.Metrics;
import shop.ledger.posting.PostingQueue;
import shop.ledger.time.ShopClock;

public final class Main {
  private static final Logger LOGGER = Logger.getLogger("shop.ledger.Main");

  private Main() {}

  public static void main(String[] arguments) {
    try {
      ShopClock clock = new ShopClock(Settings.timeOffsetFile());
      logTo(Settings.logFile(), clock);
      start(Settings.load(), clock);
    } catch (Exception error) {
      LOGGER.log(Level.SEVERE, "ledger could not be started", error);
      System.exit(1);
    }
  }

  private static void logTo(String file, ShopClock clock) throws IOException {
    FileHandler handler = new FileHandler(file, true);
    handler.setFormatter(new LineFormatter(clock));
    handler.setEncoding("UTF-8");
    Logger root = Logger.getLogger("");
    for (var other : root.getHandlers()) root.removeHandler(other);
    root.addHandler(handler);
    Logger.getLogger("com.sun.net.httpserver").setLevel(Level.WARNING);
    Logger.getLogger("jdk.internal").setLevel(Level.WARNING);
  }

  private static void start(Settings settings, ShopClock clock) throws IOException {
    Metrics metrics = new Metrics(settings.revision());
    Journal journal = Journal.open(settings);
    JournalPool pool = new JournalPool(journal.file(), settings.journalConnections(), settings.journalAcquireMillis());
    Accounts accounts = new Accounts();
    journal.replay(accounts);
    PostingQueue queue = new PostingQueue(accounts, journal, settings.postingQueueSize(), metrics);
    pool.declare(metrics);
    queue.start();
    Router router = new Router(settings, metrics, new Tokens(settings.tokenKey(), clock));
    new Routes(settings, accounts, pool, queue, clock).addTo(router);
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", settings.port()), 128);
    server.createContext("/", router::handle);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
    LOGGER.info("ledger " + settings.revision() + " listens on port " + settings.port());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0), "ending"));
  }
}
