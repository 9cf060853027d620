/** What the team of ledger does on ordinary days; each change leaves the service working. */
import type { Change } from '../template.ts';
import { addFile, append, edit, editAll } from './edits.ts';

const FOLDER = 'services/ledger';
const CODE = `${FOLDER}/src/main/java/shop/ledger`;
const TESTS = `${FOLDER}/src/test/java/shop/ledger`;

const JSON_TEST = `package shop.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import shop.ledger.http.Json;

class JsonTest {
  @Test
  void whatIsWrittenIsReadBack() {
    Map<String, Object> value = Map.of("reference", "order \\"7\\"");
    assertEquals(value, Json.object(Json.write(value)));
  }
}
`;

const JOURNAL_DOC = `# The journal

One line an entry, parted by tabs: account, reference, cents, currency, time. The file only grows; at start all of it is
read, so that balances are right after any crash.
`;

export const ledgerChanges: readonly Change[] = [
  addFile('ledger docs: what the journal looks like', `${FOLDER}/docs/journal.md`, JOURNAL_DOC),
  edit('ledger: junit 5.11', `${FOLDER}/pom.xml`, [
    '<junit.version>5.10.3</junit.version>',
    '<junit.version>5.11.0</junit.version>',
  ]),
  edit('http: threads have names', `${CODE}/Main.java`, [
    'Executors.newCachedThreadPool()',
    'Executors.newCachedThreadPool(task -> new Thread(task, "http"))',
  ]),
  addFile('json: a test', `${TESTS}/JsonTest.java`, JSON_TEST),
  edit('posting: room for a busy evening', `${FOLDER}/config/ledger.properties`, [
    'posting.queue.size = 500',
    'posting.queue.size = 600',
  ]),
  edit('entries: the answer repeats the currency', `${CODE}/http/Routes.java`, [
    'Map.of("account", entry.account(), "reference", entry.reference())',
    'Map.of("account", entry.account(), "reference", entry.reference(), "currency", entry.currency())',
  ]),
  edit('tokens: clocks may differ by ten seconds', `${CODE}/auth/Tokens.java`, [
    'LEEWAY_SECONDS = 5;',
    'LEEWAY_SECONDS = 10;',
  ]),
  edit('ledger: target/ is not ours', `${FOLDER}/.gitignore`, ['build/\n', 'build/\ntarget/\n']),
  edit('metrics: threads that do not hold up the end', `${CODE}/metrics/ProcessMetrics.java`, [
    '    line(out, "jvm_threads_current", threads.getThreadCount());\n',
    '    line(out, "jvm_threads_current", threads.getThreadCount());\n    line(out, "jvm_threads_daemon", threads.getDaemonThreadCount());\n',
  ]),
  edit('entries: plainer words about amounts', `${CODE}/posting/EntryReader.java`, [
    'cents must be a whole number above 0',
    'cents must be a whole number above zero',
  ]),
  append(
    'ledger: how to look into the journal',
    `${FOLDER}/README.md`,
    `
The journal is plain text:

    tail -f $DATA_DIR/ledger.journal
`,
  ),
  editAll('ledger: the first line of the log names the runtime', {
    [`${CODE}/Main.java`]: [
      [
        '" listens on port " + settings.port());',
        '" listens on port " + settings.port() + ", Java " + Runtime.version());',
      ],
    ],
  }),
  edit('metrics: a word on what is counted', `${CODE}/metrics/Metrics.java`, [
    '    out.append("# TYPE http_requests_total counter\\n");\n',
    '    out.append("# HELP http_requests_total Requests answered, by route, method and class of status.\\n");\n    out.append("# TYPE http_requests_total counter\\n");\n',
  ]),
  edit('ledger 2.7', `${FOLDER}/pom.xml`, ['<version>2.6.0</version>', '<version>2.7.0</version>']),
];
