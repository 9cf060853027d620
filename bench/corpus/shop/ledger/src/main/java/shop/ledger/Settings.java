package shop.ledger;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** `config/ledger.properties` and the environment, read once. */
public record Settings(
    int port,
    String revision,
    Path dataDir,
    String tokenKey,
    int httpWorkers,
    int requestMillis,
    int journalConnections,
    int journalAcquireMillis,
    int postingQueueSize,
    int statementPageSize,
    int customers,
    int openingEntries,
    int revenueEntries,
    List<String> currencies) {

  public static Settings load() throws IOException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(System.getProperty("ledger.home", "."), "config", "ledger.properties"))) {
      file.load(reader);
    }
    return new Settings(
        Integer.parseInt(environment("PORT")),
        optional("DEPLOYED_REVISION"),
        Path.of(environment("DATA_DIR")),
        environment("TOKEN_KEY"),
        number(file, "http.workers"),
        number(file, "http.request.millis"),
        number(file, "journal.connections"),
        number(file, "journal.acquire.millis"),
        number(file, "posting.queue.size"),
        number(file, "statement.page.size"),
        number(file, "accounts.customers"),
        number(file, "accounts.opening.entries"),
        number(file, "accounts.revenue.entries"),
        List.of(text(file, "currencies").split(",")));
  }

  public static String logFile() {
    return environment("LOG_FILE");
  }

  /** null: the host keeps none. */
  public static Path timeOffsetFile() {
    return optional("TIME_OFFSET_FILE").isEmpty() ? null : Path.of(optional("TIME_OFFSET_FILE"));
  }

  private static String environment(String name) {
    String value = optional(name);
    if (value.isEmpty()) throw new IllegalStateException("environment variable " + name + " is not set");
    return value;
  }

  private static String optional(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  private static String text(Properties file, String name) {
    String value = file.getProperty(name);
    if (value == null) throw new IllegalStateException("missing setting " + name + " in config/ledger.properties");
    return value.trim();
  }

  private static int number(Properties file, String name) {
    return Integer.parseInt(text(file, name));
  }
}
