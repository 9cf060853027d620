/** Changes of the Java service. */
import type { FaultTemplate } from '../../template.ts';
import { BOOKS, booked, COUNTER, deployed, LEDGER_SOURCES, mixed, withNewFile } from './shared.ts';

const OWN = { ...BOOKS, service: 'ledger', alerting: 'ledger', kind: 'code' } as const;
const VICTIM = { ...OWN, alerting: 'orders' } as const;
const QUEUE = `${LEDGER_SOURCES}/posting/PostingQueue.java`;
const STATEMENTS = `${LEDGER_SOURCES}/accounts/Statements.java`;
const MONTHS = `${LEDGER_SOURCES}/accounts/MonthlyTotals.java`;
const READER = `${LEDGER_SOURCES}/posting/EntryReader.java`;
const ROUTER = `${LEDGER_SOURCES}/http/Router.java`;
const CALLS = `${LEDGER_SOURCES}/http/CallsPerSecond.java`;

const CALLS_PER_SECOND = `package shop.ledger.http;

import java.util.HashMap;
import java.util.Map;

/** Nobody keeps the others from their turn. */
final class CallsPerSecond {
  private static final int ALLOWED = 2;
  private final Map<String, Integer> calls = new HashMap<>();
  private long second;

  synchronized void count(String caller) {
    long now = System.currentTimeMillis() / 1000;
    if (now != second) calls.clear();
    second = now;
    if (calls.merge(caller, 1, Integer::sum) > ALLOWED)
      throw new HttpError(429, caller + " may call " + ALLOWED + " times a second");
  }
}
`;

export const ledgerCode: readonly FaultTemplate[] = [
  /** Waits for so many nanoseconds where milliseconds were meant: none of the writers ever rests. */
  {
    ...booked({
      ...OWN,
      id: 'ledger-waits-nanoseconds',
      class: 'cpu-saturation',
      culprit: deployed({
        service: 'ledger',
        file: QUEUE,
        marker: 'waiting.poll(IDLE, TimeUnit.NANOSECONDS)',
        messages: ['posting: several writers for a busy evening', 'posting: four hands instead of one'],
        edits: {
          [QUEUE]: [
            [
              'import java.util.concurrent.BlockingQueue;\n',
              'import java.util.concurrent.BlockingQueue;\nimport java.util.concurrent.TimeUnit;\n',
            ],
            [
              '  private final BlockingQueue<Entry> waiting;\n',
              '  private static final int WRITERS = 4;\n  private static final long IDLE = 500;\n  private final BlockingQueue<Entry> waiting;\n',
            ],
            [
              '        post(waiting.take());\n',
              '        Entry next = waiting.poll(IDLE, TimeUnit.NANOSECONDS);\n        if (next != null) post(next);\n',
            ],
            [
              '    Thread thread = new Thread(this::run, "posting");\n    thread.setDaemon(true);\n    thread.start();\n',
              '    for (int number = 1; number <= WRITERS; number += 1) {\n      Thread thread = new Thread(this::run, "posting-" + number);\n      thread.setDaemon(true);\n      thread.start();\n    }\n',
            ],
          ],
        },
      }),
    }),
    weight: 'cpu',
  },

  /** A reader for each page that was ever turned. */
  booked(
    {
      ...OWN,
      id: 'ledger-reader-per-account',
      class: 'file-descriptor-limit',
      seconds: { baseline: 60, incident: 60, recovery: 8 },
      culprit: deployed({
        service: 'ledger',
        file: `${LEDGER_SOURCES}/journal/JournalPool.java`,
        marker: 'readers.computeIfAbsent(page',
        messages: ['journal: nobody waits for a stranger', 'journal: a page has its reader'],
        edits: {
          [`${LEDGER_SOURCES}/journal/JournalPool.java`]: [
            ['import java.io.IOException;\n', 'import java.io.IOException;\nimport java.io.UncheckedIOException;\n'],
            [
              'import java.util.concurrent.BlockingQueue;\n',
              'import java.util.concurrent.BlockingQueue;\nimport java.util.concurrent.ConcurrentHashMap;\n',
            ],
            [
              '  private final int size;\n',
              '  private final ConcurrentHashMap<String, JournalConnection> readers = new ConcurrentHashMap<>();\n  private final Path file;\n  private final int size;\n',
            ],
            ['    this.size = size;\n', '    this.file = file;\n    this.size = size;\n'],
            [
              '  public void release(',
              '  public JournalConnection readerOf(String page) {\n    return readers.computeIfAbsent(page, any -> opened());\n  }\n\n' +
                '  private JournalConnection opened() {\n    try {\n      return new JournalConnection(file);\n    } catch (IOException error) {\n      throw new UncheckedIOException(error);\n    }\n  }\n\n' +
                '  public void release(',
            ],
          ],
          [STATEMENTS]: [
            [
              '    JournalConnection connection = pool.acquire();\n    try {\n',
              '    if (entries.isEmpty()) return List.of();\n    JournalConnection connection = pool.readerOf(entries.get(0).account() + entries.get(0).reference());\n    try {\n',
            ],
            ['    } finally {\n      pool.release(connection);\n    }\n', '    }\n'],
          ],
        },
      }),
    },
    { weights: { statement: 150, order: 3, invoice: 2 }, times: 2 },
  ),

  /** The thread that reads waits for what only it could read; the counter in front of it all runs out of places. */
  {
    ...booked({
      ...COUNTER,
      id: 'ledger-reader-waits-for-itself',
      class: 'deadlock-stall',
      kind: 'code',
      service: 'ledger',
      alerting: 'storefront',
      culprit: deployed({
        service: 'ledger',
        file: STATEMENTS,
        marker: 'READING.submit(() -> read(entries)).get()',
        messages: ['statements: one reader, in the order of the journal', 'statements: short reads'],
        edits: {
          [STATEMENTS]: [
            [
              'import java.util.Map;\n',
              'import java.util.Map;\nimport java.util.concurrent.ExecutorService;\nimport java.util.concurrent.Executors;\n',
            ],
            [
              '  private final JournalPool pool;\n',
              '  private static final ExecutorService READING = Executors.newSingleThreadExecutor();\n  private static final int MOST_AT_ONCE = 12;\n  private final JournalPool pool;\n',
            ],
            [
              '  public List<Object> lines(List<Entry> entries) {\n',
              '  public List<Object> lines(List<Entry> entries) {\n    try {\n      return READING.submit(() -> read(entries)).get();\n    } catch (Exception error) {\n      throw new HttpError(500, "the journal could not be read", error);\n    }\n  }\n\n' +
                '  private List<Object> read(List<Entry> entries) {\n    if (entries.size() > MOST_AT_ONCE) {\n      List<Object> all = new ArrayList<>(lines(entries.subList(0, MOST_AT_ONCE)));\n      all.addAll(lines(entries.subList(MOST_AT_ONCE, entries.size())));\n      return all;\n    }\n',
            ],
          ],
        },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant, { weights: { statement: 70 }, times: 2.4 }),
  },

  /** A rest after each entry, longer than the entries are apart. */
  booked(
    {
      ...OWN,
      id: 'ledger-rests-between-entries',
      class: 'queue-backlog',
      seconds: { baseline: 60, incident: 60, recovery: 8 },
      culprit: deployed({
        service: 'ledger',
        file: QUEUE,
        marker: 'Thread.sleep(REST_MILLIS);',
        messages: ['posting: gentler on the disk', 'posting: statements come first'],
        edits: {
          [QUEUE]: [
            [
              '  private final BlockingQueue<Entry> waiting;\n',
              '  private static final long REST_MILLIS = 1_500;\n  private final BlockingQueue<Entry> waiting;\n',
            ],
            ['        post(waiting.take());\n', '        post(waiting.take());\n        Thread.sleep(REST_MILLIS);\n'],
          ],
        },
      }),
    },
    { weights: { place: 18 }, times: 1.5 },
  ),

  /** Keeps a copy of all that came before, for each entry of an account. */
  booked(
    {
      ...OWN,
      id: 'ledger-copies-for-each-entry',
      class: 'out-of-memory',
      culprit: deployed({
        service: 'ledger',
        file: MONTHS,
        marker: 'upTo.add(new ArrayList<>(entries.subList(0, upTo.size() + 1)));',
        messages: ['months: the balance of any day can be asked for', 'months: running totals, first part'],
        edits: {
          [MONTHS]: [
            ['import java.util.List;\n', 'import java.util.ArrayList;\nimport java.util.List;\n'],
            [
              '    for (Entry entry : entries) {\n',
              '    List<List<Entry>> upTo = new ArrayList<>();\n    for (Entry entry : entries) {\n      upTo.add(new ArrayList<>(entries.subList(0, upTo.size() + 1)));\n',
            ],
          ],
        },
      }),
    },
    { weights: { revenue: 4 } },
  ),

  /** So many calls a second for each caller, and one caller who is everybody. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-calls-counted',
      class: 'rate-limit',
      culprit: withNewFile(
        {
          service: 'ledger',
          file: CALLS,
          marker: 'ALLOWED = 2;',
          messages: ['http: nobody keeps the others from their turn', 'http: calls are shared fairly'],
          edits: {
            [ROUTER]: [
              [
                '  private final int requestMillis;\n',
                '  private final CallsPerSecond calls = new CallsPerSecond();\n  private final int requestMillis;\n',
              ],
              [
                '      tokens.subject(exchange.getRequestHeaders().getFirst("Authorization"));\n',
                '      calls.count(tokens.subject(exchange.getRequestHeaders().getFirst("Authorization")));\n',
              ],
            ],
          },
        },
        CALLS,
        CALLS_PER_SECOND,
      ),
    },
    { weights: { statement: 6 } },
  ),

  /** A month of no zone. */
  booked(
    {
      ...OWN,
      id: 'ledger-months-of-no-zone',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: MONTHS,
        marker: 'DateTimeFormatter.ofPattern("uuuu-MM");',
        messages: ['months: years as ISO has them', 'months: tidied'],
        edits: {
          [MONTHS]: [
            ['import java.time.ZoneOffset;\n', ''],
            [
              'DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);',
              'DateTimeFormatter.ofPattern("uuuu-MM");',
            ],
          ],
        },
      }),
    },
    { weights: { revenue: 5 } },
  ),

  /** Whole numbers come as Long and are taken for Integer. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-cents-narrowed',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: READER,
        marker: 'Integer cents = (Integer) body.get("cents");',
        messages: ['entries: amounts have a limit', 'entries: no entry above twenty millions'],
        edits: {
          [READER]: [
            [
              '    if (body.get("cents") instanceof Long cents && cents > 0) return cents;\n',
              '    Integer cents = (Integer) body.get("cents");\n    if (cents != null && cents > 0) return cents;\n',
            ],
          ],
        },
      }),
    },
    { weights: { refund: 5, place: 9 } },
  ),

  /** The answer has another shape, which its reader learns too late. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-balance-by-currency',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: `${LEDGER_SOURCES}/http/Routes.java`,
        marker: '"balances", Map.of("EUR", account.balance())',
        messages: ['balances by currency', 'accounts: ready for a second currency'],
        edits: {
          [`${LEDGER_SOURCES}/http/Routes.java`]: [
            [
              'Map.of("account", account.id(), "cents", account.balance())',
              'Map.of("account", account.id(), "balances", Map.of("EUR", account.balance()))',
            ],
          ],
        },
      }),
    },
    { weights: { place: 8 } },
  ),

  /** Readers are given back some seconds after they were used. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-readers-kept-warm',
      class: 'pool-exhaustion',
      culprit: deployed({
        service: 'ledger',
        file: `${LEDGER_SOURCES}/journal/JournalPool.java`,
        marker: 'RETURNS.schedule(() -> idle.add(connection)',
        messages: ['journal: a reader stays with its account for the next page', 'journal: turning pages is quicker'],
        edits: {
          [`${LEDGER_SOURCES}/journal/JournalPool.java`]: [
            [
              'import java.util.concurrent.BlockingQueue;\n',
              'import java.util.concurrent.BlockingQueue;\nimport java.util.concurrent.Executors;\nimport java.util.concurrent.ScheduledExecutorService;\n',
            ],
            [
              '  private final int size;\n',
              '  private static final ScheduledExecutorService RETURNS = Executors.newSingleThreadScheduledExecutor();\n  private static final int WARM_SECONDS = 6;\n  private final int size;\n',
            ],
            [
              '    idle.add(connection);\n',
              '    RETURNS.schedule(() -> idle.add(connection), WARM_SECONDS, TimeUnit.SECONDS);\n',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 8 } },
  ),

  /** A number as programmers write it, in a file that is not a program: the service does not start. */
  {
    ...booked({
      ...VICTIM,
      id: 'ledger-number-with-underscore',
      class: 'bad-config',
      kind: 'config',
      culprit: deployed({
        service: 'ledger',
        file: 'config/ledger.properties',
        marker: 'http.request.millis = 3_000',
        messages: ['ledger settings: numbers that can be read', 'ledger settings: tidied'],
        edits: {
          'config/ledger.properties': [
            ['http.request.millis = 3000', 'http.request.millis = 3_000'],
            ['journal.acquire.millis = 1000', 'journal.acquire.millis = 1_000'],
          ],
        },
      }),
    }),
    async inject(world) {
      world.keepRestarting('ledger', 4);
    },
  },
];
