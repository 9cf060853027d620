/** Changes of the ledger, in Java, that use up its files, disk or memory, or that leave work undone. */
import { join } from 'node:path';
import type { FaultTemplate } from '../../template.ts';
import { BOOKS, booked, deployed, LEDGER_SOURCES } from '../fresh/shared.ts';
import { smallDisk } from '../small-disk.ts';

const OWN = { ...BOOKS, service: 'ledger', alerting: 'ledger', kind: 'code' } as const;
const JOURNAL = `${LEDGER_SOURCES}/journal/Journal.java`;
const QUEUE = `${LEDGER_SOURCES}/posting/PostingQueue.java`;
const REQUEST = `${LEDGER_SOURCES}/http/Request.java`;
const ROUTER = `${LEDGER_SOURCES}/http/Router.java`;
const ROUTES = `${LEDGER_SOURCES}/http/Routes.java`;
const STATEMENTS = `${LEDGER_SOURCES}/accounts/Statements.java`;

export const ledgerResourcesLatest: readonly FaultTemplate[] = [
  /** Divides by milliseconds of which there were none; what is done again and again is then done no more, and nobody is told. */
  booked(
    {
      ...OWN,
      id: 'ledger-posting-in-rounds',
      class: 'queue-backlog',
      seconds: { baseline: 60, incident: 55, recovery: 10 },
      culprit: deployed({
        service: 'ledger',
        file: QUEUE,
        marker: 'perSecond = round.size() * 1000L / (System.currentTimeMillis() - began);',
        messages: ['posting: in rounds, and how many a second', 'posting: four rounds a second instead of one by one'],
        edits: {
          [QUEUE]: [
            [
              'import java.util.concurrent.ArrayBlockingQueue;\nimport java.util.concurrent.BlockingQueue;\n',
              'import java.util.ArrayList;\nimport java.util.List;\nimport java.util.concurrent.ArrayBlockingQueue;\nimport java.util.concurrent.BlockingQueue;\n' +
                'import java.util.concurrent.Executors;\nimport java.util.concurrent.ScheduledExecutorService;\nimport java.util.concurrent.TimeUnit;\n',
            ],
            [
              '  private final BlockingQueue<Entry> waiting;\n',
              '  private static final long ROUND_MILLIS = 250;\n  private final BlockingQueue<Entry> waiting;\n',
            ],
            [
              '    Thread thread = new Thread(this::run, "posting");\n    thread.setDaemon(true);\n    thread.start();\n',
              '    ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(task -> {\n' +
                '      Thread thread = new Thread(task, "posting");\n      thread.setDaemon(true);\n      return thread;\n    });\n' +
                '    rounds.scheduleWithFixedDelay(this::run, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);\n',
            ],
            [
              '    while (true) {\n      try {\n        post(waiting.take());\n      } catch (InterruptedException error) {\n        return;\n      } catch (Exception error) {\n',
              '    List<Entry> round = new ArrayList<>();\n    waiting.drainTo(round);\n    if (round.isEmpty()) return;\n    long began = System.currentTimeMillis();\n' +
                '    for (Entry entry : round) {\n      try {\n        post(entry);\n      } catch (IOException error) {\n',
            ],
            [
              '"an entry could not be posted", error);\n      }\n    }\n',
              '"an entry could not be posted", error);\n      }\n    }\n    long perSecond = round.size() * 1000L / (System.currentTimeMillis() - began);\n    LOGGER.fine(() -> perSecond + " entries a second");\n',
            ],
          ],
        },
      }),
    },
    { weights: { place: 18 }, times: 1.5 },
  ),

  /** A folder that is listed stays open until somebody closes what lists it. */
  booked(
    {
      ...OWN,
      id: 'ledger-archives-listed',
      class: 'file-descriptor-limit',
      seconds: { baseline: 60, incident: 60, recovery: 8 },
      culprit: deployed({
        service: 'ledger',
        file: STATEMENTS,
        marker: 'return Files.list(dataDir)',
        messages: ['statements: which earlier journals there are', 'statements: archives, for the auditors'],
        edits: {
          [STATEMENTS]: [
            [
              'import java.util.ArrayList;\n',
              'import java.nio.file.Files;\nimport java.nio.file.Path;\nimport java.util.ArrayList;\n',
            ],
            [
              '  private final JournalPool pool;\n\n  public Statements(JournalPool pool) {\n    this.pool = pool;\n  }\n',
              '  private final JournalPool pool;\n  private final Path dataDir;\n\n  public Statements(JournalPool pool, Path dataDir) {\n    this.pool = pool;\n    this.dataDir = dataDir;\n  }\n\n' +
                '  /** Names of the journals that are kept here. */\n  public List<String> archives() {\n    try {\n' +
                '      return Files.list(dataDir).map(path -> path.getFileName().toString()).filter(name -> name.endsWith(".journal")).sorted().toList();\n' +
                '    } catch (IOException error) {\n      throw new HttpError(500, "the journals could not be listed", error);\n    }\n  }\n',
            ],
          ],
          [ROUTES]: [
            ['new Statements(pool);', 'new Statements(pool, settings.dataDir());'],
            [
              '    body.put("entries", statements.lines(entries));\n',
              '    body.put("entries", statements.lines(entries));\n    body.put("archives", statements.archives());\n',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 40 }, times: 1.8 },
  ),

  /** All of the journal, for each transfer, on a disk of a few megabytes. */
  booked(
    {
      ...OWN,
      id: 'ledger-copy-before-a-transfer',
      class: 'disk-full',
      environment(_variant, scratch) {
        smallDisk(join(scratch, 'books'));
        return { ledger: { DATA_DIR: join(scratch, 'books') } };
      },
      culprit: deployed({
        service: 'ledger',
        file: JOURNAL,
        marker: 'Files.copy(file, file.resolveSibling(',
        messages: ['transfers: the books as they were before', 'transfers: one can go back to before each of them'],
        edits: {
          [JOURNAL]: [
            ['import java.nio.file.Path;\n', 'import java.nio.file.Path;\nimport java.nio.file.StandardCopyOption;\n'],
            [
              '  public void replay(',
              '  /** As it is now, beside itself. */\n  public synchronized void copied(String name) throws IOException {\n' +
                '    Files.copy(file, file.resolveSibling("before-" + name + ".journal"), StandardCopyOption.REPLACE_EXISTING);\n  }\n\n  public void replay(',
            ],
          ],
          [QUEUE]: [
            ['import java.io.IOException;\n', 'import java.io.IOException;\nimport java.io.UncheckedIOException;\n'],
            [
              '  private void run() {\n',
              '  public void keepBooksBefore(String reference) {\n    try {\n      journal.copied(reference);\n    } catch (IOException error) {\n' +
                '      throw new UncheckedIOException("the books could not be kept", error);\n    }\n  }\n\n  private void run() {\n',
            ],
          ],
          [ROUTES]: [
            [
              '    accounts.transfer(from, to, cents,',
              '    queue.keepBooksBefore(EntryReader.text(body, "reference"));\n    accounts.transfer(from, to, cents,',
            ],
          ],
        },
      }),
    },
    { weights: { refund: 5 } },
  ),

  /** Kept for each caller, of whom each second makes a new one: it comes with another token. */
  booked(
    {
      ...OWN,
      id: 'ledger-pages-kept-for-a-caller',
      class: 'out-of-memory',
      seconds: { baseline: 60, incident: 60, recovery: 8 },
      culprit: deployed({
        service: 'ledger',
        file: ROUTES,
        marker: 'pages.computeIfAbsent(request.caller()',
        messages: ['statements: who turns back finds the page as it was', 'statements: no page is made twice'],
        edits: {
          [REQUEST]: [['Map<String, String> parts) {', 'Map<String, String> parts, String caller) {']],
          [ROUTER]: [
            [
              '.getQuery()), body, parts);\n',
              '.getQuery()), body, parts,\n        exchange.getRequestHeaders().getFirst("Authorization"));\n',
            ],
          ],
          [ROUTES]: [
            ['import java.util.Map;\n', 'import java.util.Map;\nimport java.util.concurrent.ConcurrentHashMap;\n'],
            [
              '  private final int pageSize;\n',
              '  private final int pageSize;\n  /** Nobody gets a page that was made for somebody else. */\n  private final Map<String, Answer> pages = new ConcurrentHashMap<>();\n',
            ],
            [
              '  private Answer statement(Request request) {\n',
              '  private Answer statement(Request request) {\n    return pages.computeIfAbsent(request.caller() + request.path() + request.query(), any -> made(request));\n  }\n\n  private Answer made(Request request) {\n',
            ],
          ],
        },
      }),
    },
    { weights: { revenueStatement: 14 }, revenueEntries: 1_500, times: 1.5 },
  ),
];
