package shop.ledger.journal;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import shop.ledger.Settings;
import shop.ledger.accounts.Accounts;
import shop.ledger.accounts.Entry;

/** Every entry as a line of a file that only grows: account, reference, cents, currency, time. */
public final class Journal {
  private static final long OPENED_AT = 1_700_000_000L;
  private final Path file;
  private final OutputStream out;
  private long length;

  private Journal(Path file) throws IOException {
    this.file = file;
    this.out = new FileOutputStream(file.toFile(), true);
    this.length = Files.size(file);
  }

  public static Journal open(Settings settings) throws IOException {
    Files.createDirectories(settings.dataDir());
    Path file = settings.dataDir().resolve("ledger.journal");
    if (!Files.exists(file)) Files.writeString(file, openingEntries(settings));
    return new Journal(file);
  }

  public Path file() {
    return file;
  }

  /** Position of the new line. */
  public synchronized long append(Entry entry) throws IOException {
    byte[] line = line(entry).getBytes(StandardCharsets.UTF_8);
    long position = length;
    out.write(line);
    length += line.length;
    return position;
  }

  public void replay(Accounts accounts) throws IOException {
    long position = 0;
    accounts.named("shop-revenue");
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] parts = line.split("\t");
        accounts.named(parts[0]).add(new Entry(
            parts[0], parts[1], Long.parseLong(parts[2]), parts[3], Instant.parse(parts[4]), position));
        position += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
    }
  }

  private static String openingEntries(Settings settings) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < settings.customers() * settings.openingEntries(); i += 1) {
      String account = "customer-" + (1 + i % settings.customers());
      Instant at = Instant.ofEpochSecond(OPENED_AT + i * 1800L);
      lines.append(line(new Entry(account, "order-" + (i + 1), 900 + (i * 311L) % 20_000, "EUR", at, -1)));
    }
    for (int i = 0; i < settings.revenueEntries(); i += 1) {
      Instant at = Instant.ofEpochSecond(OPENED_AT + i * 2400L);
      lines.append(line(new Entry("shop-revenue", "day-" + (i + 1), 90_000 + (i * 977L) % 50_000, "EUR", at, -1)));
    }
    return lines.toString();
  }

  private static String line(Entry entry) {
    return entry.account() + "\t" + entry.reference() + "\t" + entry.cents() + "\t" + entry.currency() + "\t"
        + entry.at() + "\n";
  }
}
