package shop.ledger;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import shop.ledger.time.ShopClock;

/** One line a record, the stack trace below it; times in UTC. */
final class LineFormatter extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private final ShopClock clock;

  LineFormatter(ShopClock clock) {
    this.clock = clock;
  }

  @Override
  public String format(LogRecord logged) {
    StringBuilder line = new StringBuilder(160);
    line.append(TIME.format(logged.getInstant().plus(clock.offset())));
    line.append(' ').append(logged.getLevel().getName());
    line.append(" [").append(Thread.currentThread().getName()).append("] ");
    line.append(logged.getLoggerName()).append(" - ").append(formatMessage(logged)).append('\n');
    if (logged.getThrown() != null) {
      StringWriter trace = new StringWriter();
      logged.getThrown().printStackTrace(new PrintWriter(trace));
      line.append(trace);
    }
    return line.toString();
  }
}
