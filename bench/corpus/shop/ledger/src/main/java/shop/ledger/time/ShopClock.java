package shop.ledger.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The time of the host, put right by what the host's time keeper writes down (seconds, may be absent). */
public final class ShopClock {
  private static final long LOOK_EVERY_MILLIS = 500;
  private final Path offsetFile;
  private volatile Duration offset = Duration.ZERO;
  private volatile long lookedAt;

  public ShopClock(Path offsetFile) {
    this.offsetFile = offsetFile;
  }

  public Instant now() {
    return Instant.now().plus(offset());
  }

  public Duration offset() {
    long millis = System.currentTimeMillis();
    if (offsetFile != null && millis - lookedAt > LOOK_EVERY_MILLIS) {
      lookedAt = millis;
      offset = read();
    }
    return offset;
  }

  private Duration read() {
    try {
      return Files.exists(offsetFile)
          ? Duration.ofSeconds(Long.parseLong(Files.readString(offsetFile).trim()))
          : Duration.ZERO;
    } catch (IOException | NumberFormatException error) {
      return offset;
    }
  }
}
