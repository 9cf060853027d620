/** Changes of the ledger, in Java, after which it waits, stands still or eats what its machine has. */
import type { FaultTemplate } from '../../template.ts';
import { BOOKS, booked, deployed, LEDGER_SOURCES, withNewFile } from '../fresh/shared.ts';

const OWN = { ...BOOKS, service: 'ledger', alerting: 'ledger', kind: 'code' } as const;
const ACCOUNT = `${LEDGER_SOURCES}/accounts/Account.java`;
const MONTHS = `${LEDGER_SOURCES}/accounts/MonthlyTotals.java`;
const STATEMENTS = `${LEDGER_SOURCES}/accounts/Statements.java`;
const TRAIL = `${LEDGER_SOURCES}/accounts/AuditTrail.java`;
const QUEUE = `${LEDGER_SOURCES}/posting/PostingQueue.java`;
const ROUTES = `${LEDGER_SOURCES}/http/Routes.java`;

const AUDIT_TRAIL = `package shop.ledger.accounts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What both sides had before money moved. Written down behind the requests' back. */
public final class AuditTrail {
  private static final Logger LOGGER = Logger.getLogger("shop.ledger.accounts.AuditTrail");
  private static final long EVERY_SECONDS = 4;
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private final Path file;

  public AuditTrail(Path file) {
    this.file = file;
    ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "audit"));
    writer.scheduleWithFixedDelay(this::writeNext, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
  }

  public void note(String reference, Account from, Account to) {
    waiting.add(reference + " " + from.entries() + " " + to.entries() + "\\n");
  }

  private void writeNext() {
    String next = waiting.poll();
    if (next == null) return;
    try {
      Files.writeString(file, next, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException error) {
      LOGGER.log(Level.WARNING, "the audit trail could not be written", error);
    }
  }
}
`;

export const ledgerResourcesLater: readonly FaultTemplate[] = [
  /** Hands for each statement, which nobody sends home. */
  booked(
    {
      ...OWN,
      id: 'ledger-hands-for-a-statement',
      class: 'memory-leak',
      seconds: { baseline: 60, incident: 75, recovery: 8 },
      culprit: deployed({
        service: 'ledger',
        file: STATEMENTS,
        marker: 'Executors.newFixedThreadPool(HANDS)',
        messages: ['statements: lines are read side by side', 'statements: several hands for a long page'],
        edits: {
          [STATEMENTS]: [
            [
              'import java.util.Map;\n',
              'import java.util.Map;\nimport java.util.concurrent.ExecutorService;\nimport java.util.concurrent.Executors;\nimport java.util.concurrent.Future;\n',
            ],
            [
              '  private final JournalPool pool;\n',
              '  private static final int HANDS = 5;\n  private static final int LINES_EACH = 4;\n  private final JournalPool pool;\n',
            ],
            [
              '  public List<Object> lines(List<Entry> entries) {\n',
              '  public List<Object> lines(List<Entry> entries) {\n    ExecutorService reading = Executors.newFixedThreadPool(HANDS);\n    try {\n' +
                '      List<Future<List<Object>>> parts = new ArrayList<>();\n' +
                '      for (int from = 0; from < entries.size(); from += LINES_EACH) {\n' +
                '        List<Entry> part = entries.subList(from, Math.min(entries.size(), from + LINES_EACH));\n' +
                '        parts.add(reading.submit(() -> read(part)));\n      }\n' +
                '      List<Object> lines = new ArrayList<>(entries.size());\n' +
                '      for (Future<List<Object>> part : parts) lines.addAll(part.get());\n      return lines;\n' +
                '    } catch (Exception error) {\n      throw new HttpError(500, "a statement could not be read", error);\n    }\n  }\n\n' +
                '  private List<Object> read(List<Entry> entries) {\n',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 26 }, times: 1.6 },
  ),

  /** Whether an entry was seen is asked of a list that gets longer with each. */
  {
    ...booked(
      {
        ...OWN,
        id: 'ledger-months-seen-in-a-list',
        class: 'cpu-saturation',
        culprit: deployed({
          service: 'ledger',
          file: MONTHS,
          marker: 'if (counted.contains(entry.reference())) continue;',
          messages: ['months: a reference counts once', 'months: repeats do not count'],
          edits: {
            [MONTHS]: [
              ['import java.util.List;\n', 'import java.util.ArrayList;\nimport java.util.List;\n'],
              [
                '    for (Entry entry : entries) {\n',
                '    List<String> counted = new ArrayList<>();\n    for (Entry entry : entries) {\n      if (counted.contains(entry.reference())) continue;\n      counted.add(entry.reference());\n',
              ],
            ],
          },
        }),
      },
      { weights: { revenue: 2.5 } },
    ),
    weight: 'cpu',
  },

  /** Whoever asks for an empty page keeps the lock: the next entry of that account waits for ever, and all behind it. */
  booked(
    {
      ...OWN,
      id: 'ledger-empty-page-keeps-the-lock',
      class: 'deadlock-stall',
      seconds: { baseline: 60, incident: 60, recovery: 8 },
      culprit: deployed({
        service: 'ledger',
        file: ACCOUNT,
        marker: 'if (to < 1) return List.of();',
        messages: ['accounts: readers do not wait for each other', 'accounts: reading side by side'],
        edits: {
          [ACCOUNT]: [
            [
              'import java.util.List;\n',
              'import java.util.List;\nimport java.util.concurrent.locks.ReadWriteLock;\nimport java.util.concurrent.locks.ReentrantReadWriteLock;\n',
            ],
            ['/** Guarded by itself. */', '/** Read by many at once, written by one. */'],
            [
              '  private long balance;\n',
              '  private final ReadWriteLock lock = new ReentrantReadWriteLock();\n  private long balance;\n',
            ],
            [
              '  public synchronized long balance() {\n    return balance;\n  }\n',
              '  public long balance() {\n    lock.readLock().lock();\n    try {\n      return balance;\n    } finally {\n      lock.readLock().unlock();\n    }\n  }\n',
            ],
            [
              '  public synchronized void add(Entry entry) {\n    entries.add(entry);\n    balance += entry.cents();\n  }\n',
              '  public void add(Entry entry) {\n    lock.writeLock().lock();\n    try {\n      entries.add(entry);\n      balance += entry.cents();\n    } finally {\n      lock.writeLock().unlock();\n    }\n  }\n',
            ],
            [
              '  public synchronized List<Entry> entries() {\n    return new ArrayList<>(entries);\n  }\n',
              '  public List<Entry> entries() {\n    lock.readLock().lock();\n    try {\n      return new ArrayList<>(entries);\n    } finally {\n      lock.readLock().unlock();\n    }\n  }\n',
            ],
            [
              '  public synchronized List<Entry> page(int number, int size) {\n    int to = entries.size() - (number - 1) * size;\n    if (to <= 0) return List.of();\n',
              '  public List<Entry> page(int number, int size) {\n    lock.readLock().lock();\n    int to = entries.size() - (number - 1) * size;\n    if (to < 1) return List.of();\n',
            ],
            [
              '    java.util.Collections.reverse(found);\n',
              '    lock.readLock().unlock();\n    java.util.Collections.reverse(found);\n',
            ],
          ],
        },
      }),
    },
    { weights: { emptyPage: 8, place: 12 }, times: 1.4 },
  ),

  /** A write waits for company, and the only caller sends its entries one after the other. */
  booked(
    {
      ...OWN,
      id: 'ledger-entries-written-together',
      class: 'timeout-latency',
      culprit: deployed({
        service: 'ledger',
        file: QUEUE,
        marker: 'GATHER_MILLIS = 1_200;',
        messages: ['posting: one write for many entries', 'posting: an answer means that it is written'],
        edits: {
          [QUEUE]: [
            [
              'import java.io.IOException;\n',
              'import java.io.IOException;\nimport java.util.ArrayList;\nimport java.util.List;\n',
            ],
            [
              'import java.util.concurrent.BlockingQueue;\n',
              'import java.util.concurrent.BlockingQueue;\nimport java.util.concurrent.CountDownLatch;\nimport java.util.concurrent.TimeUnit;\n',
            ],
            [
              '  private final BlockingQueue<Entry> waiting;\n',
              '  private static final int TOGETHER = 16;\n  private static final long GATHER_MILLIS = 1_200;\n\n  private record Pending(Entry entry, CountDownLatch written) {}\n\n  private final BlockingQueue<Pending> waiting;\n',
            ],
            [
              '  public void add(Entry entry) {\n    if (!waiting.offer(entry)) throw',
              '  /** Ends when the entry is in the journal. */\n  public void add(Entry entry) {\n    Pending pending = new Pending(entry, new CountDownLatch(1));\n    if (!waiting.offer(pending)) throw',
            ],
            [
              '" entries wait");\n  }\n',
              '" entries wait");\n    try {\n      pending.written().await();\n    } catch (InterruptedException error) {\n      throw new HttpError(503, "interrupted while an entry was written", error);\n    }\n  }\n',
            ],
            ['        post(waiting.take());\n', '        for (Pending pending : gathered()) post(pending);\n'],
            [
              '  private void post(Entry entry) throws IOException {\n',
              '  private List<Pending> gathered() throws InterruptedException {\n    List<Pending> together = new ArrayList<>();\n    together.add(waiting.take());\n' +
                '    long until = System.currentTimeMillis() + GATHER_MILLIS;\n' +
                '    while (together.size() < TOGETHER) {\n' +
                '      Pending next = waiting.poll(until - System.currentTimeMillis(), TimeUnit.MILLISECONDS);\n' +
                '      if (next == null) break;\n      together.add(next);\n    }\n    return together;\n  }\n\n' +
                '  private void post(Pending pending) throws IOException {\n    Entry entry = pending.entry();\n',
            ],
            ['    posted.incrementAndGet();\n', '    posted.incrementAndGet();\n    pending.written().countDown();\n'],
          ],
        },
      }),
    },
    { weights: { place: 9 } },
  ),

  /** One note of some megabytes is written every few seconds, and more than one comes. */
  booked(
    {
      ...OWN,
      id: 'ledger-audit-behind-requests',
      class: 'out-of-memory',
      culprit: withNewFile(
        {
          service: 'ledger',
          file: TRAIL,
          marker: 'waiting.add(reference + " " + from.entries()',
          messages: ['transfers: an audit trail', 'transfers: what both sides had before'],
          edits: {
            [ROUTES]: [
              [
                'import shop.ledger.accounts.Accounts;\n',
                'import shop.ledger.accounts.Accounts;\nimport shop.ledger.accounts.AuditTrail;\n',
              ],
              ['  private final int pageSize;\n', '  private final int pageSize;\n  private final AuditTrail trail;\n'],
              [
                '    this.pageSize = settings.statementPageSize();\n',
                '    this.pageSize = settings.statementPageSize();\n    this.trail = new AuditTrail(settings.dataDir().resolve("audit.log"));\n',
              ],
              [
                '    accounts.transfer(from, to, cents,',
                '    trail.note(EntryReader.text(body, "reference"), from, to);\n    accounts.transfer(from, to, cents,',
              ],
            ],
          },
        },
        TRAIL,
        AUDIT_TRAIL,
      ),
    },
    { weights: { refund: 6 } },
  ),
];
