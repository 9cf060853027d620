package shop.ledger.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One reader of the journal. Not for two threads at once. */
public final class JournalConnection {
  private final RandomAccessFile file;
  private final byte[] buffer = new byte[256];

  JournalConnection(Path path) throws IOException {
    this.file = new RandomAccessFile(path.toFile(), "r");
  }

  public String lineAt(long position) throws IOException {
    file.seek(position);
    int length = Math.max(0, file.read(buffer));
    int end = 0;
    while (end < length && buffer[end] != '\n') end += 1;
    return new String(buffer, 0, end, StandardCharsets.UTF_8);
  }
}
