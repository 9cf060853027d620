/** Changes of the ledger, in Java, after which it refuses, fails or does not start. */
import type { TrafficRequest } from '../../../../demo/traffic.ts';
import type { FaultTemplate } from '../../template.ts';
import { BOOKS, booked, deployed, LEDGER_SOURCES, latent } from '../fresh/shared.ts';
import { ordersTraffic } from '../orders-traffic.ts';
import { get, post } from '../shoppers.ts';

const OWN = { ...BOOKS, service: 'ledger', alerting: 'ledger', kind: 'code' } as const;
const VICTIM = { ...OWN, alerting: 'orders' } as const;
const ACCOUNT = `${LEDGER_SOURCES}/accounts/Account.java`;
const ACCOUNTS = `${LEDGER_SOURCES}/accounts/Accounts.java`;
const JOURNAL = `${LEDGER_SOURCES}/journal/Journal.java`;
const QUEUE = `${LEDGER_SOURCES}/posting/PostingQueue.java`;
const ROUTES = `${LEDGER_SOURCES}/http/Routes.java`;
const TOKENS = `${LEDGER_SOURCES}/auth/Tokens.java`;
const SETTINGS = 'config/ledger.properties';

const NO_MONEY_BACK = { refund: 0, chargeback: 0, statement: 8 } as const;
/** Orders of the old shop whose customers dispute what they paid. */
const DISPUTED = 60;
const FIRST_DISPUTED = 20_100;
const KNOWN_CUSTOMERS = 400;

export const ledgerLater: readonly FaultTemplate[] = [
  /** A list that cannot be turned round comes out of the stream, and is turned round. */
  booked(
    {
      ...OWN,
      id: 'ledger-page-not-turned',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: ACCOUNT,
        marker: '.filter(entry -> entry.cents() != 0).toList();',
        messages: ['statements: entries of nothing are left out', 'accounts: pages without empty entries'],
        edits: {
          [ACCOUNT]: [
            [
              '    List<Entry> found = new ArrayList<>(entries.subList(Math.max(0, to - size), to));\n',
              '    List<Entry> found =\n        entries.subList(Math.max(0, to - size), to).stream().filter(entry -> entry.cents() != 0).toList();\n',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 5 } },
  ),

  /** An exact quotient of which there is none; the money has moved by then. */
  booked(
    {
      ...OWN,
      id: 'ledger-tax-of-a-transfer',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: ROUTES,
        marker: '.divide(BigDecimal.valueOf(100 + TAX_PERCENT))',
        messages: ['transfers: the answer says how much tax is in it', 'transfers: tax for the accountants'],
        edits: {
          [ROUTES]: [
            ['import java.util.LinkedHashMap;\n', 'import java.math.BigDecimal;\nimport java.util.LinkedHashMap;\n'],
            [
              '  private final Accounts accounts;\n',
              '  private static final long TAX_PERCENT = 19;\n  private final Accounts accounts;\n',
            ],
            ['"to", to.id(), "cents", cents));', '"to", to.id(), "cents", cents, "tax", taxIn(cents)));'],
            [
              '  private Answer balance(Request request) {\n',
              '  /** Of an amount that holds it already. */\n  private static BigDecimal taxIn(long cents) {\n' +
                '    return BigDecimal.valueOf(cents * TAX_PERCENT).divide(BigDecimal.valueOf(100 + TAX_PERCENT)).movePointLeft(2);\n  }\n\n' +
                '  private Answer balance(Request request) {\n',
            ],
          ],
        },
      }),
    },
    { weights: { refund: 5, chargeback: 2 } },
  ),

  /** Tokens of a minute, which all callers have, live too long for it. */
  booked({
    ...VICTIM,
    id: 'ledger-tokens-of-half-a-minute',
    class: 'auth-secret',
    culprit: deployed({
      service: 'ledger',
      file: TOKENS,
      marker: 'LONGEST_SECONDS = 30;',
      messages: ['tokens: short ones only', 'tokens: what the review asked for'],
      edits: {
        [TOKENS]: [
          [
            '  private final SecretKeySpec key;\n',
            '  /** Nobody needs a token for more than one call. */\n  private static final long LONGEST_SECONDS = 30;\n  private final SecretKeySpec key;\n',
          ],
          [
            '    if (issuedAt > now + LEEWAY_SECONDS)\n',
            '    if (expiresAt - issuedAt > LONGEST_SECONDS) throw refused("token is not acceptable: valid for " + (expiresAt - issuedAt) + " s");\n    if (issuedAt > now + LEEWAY_SECONDS)\n',
          ],
        ],
      },
    }),
  }),

  /** Blanks behind the commas become part of the names: only the first currency is still known. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-currencies-with-blanks',
      class: 'bad-config',
      kind: 'config',
      culprit: deployed({
        service: 'ledger',
        file: SETTINGS,
        marker: 'currencies = CHF, EUR, GBP, USD',
        messages: ['ledger settings: francs are booked from now on', 'ledger settings: one more currency'],
        edits: { [SETTINGS]: [['currencies = EUR,USD,GBP', 'currencies = CHF, EUR, GBP, USD']] },
      }),
    },
    { weights: { place: 14 } },
  ),

  /** A sale and the money given back for it have the same reference, and a reference is taken once. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-reference-taken-once',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: ACCOUNTS,
        marker: 'if (!isFirst(reference))',
        messages: ['books: what is sent again is not booked again', 'books: a reference stands for itself'],
        edits: {
          [ACCOUNTS]: [
            ['import java.util.Map;\n', 'import java.util.Map;\nimport java.util.Set;\n'],
            [
              '  private final Map<String, Account> byId = new ConcurrentHashMap<>();\n',
              '  private final Map<String, Account> byId = new ConcurrentHashMap<>();\n  private final Set<String> references = ConcurrentHashMap.newKeySet();\n',
            ],
            [
              '  public int count() {\n',
              '  /** Whether this reference was not there before; from now on it is. */\n  public boolean isFirst(String reference) {\n    return references.add(reference);\n  }\n\n  public int count() {\n',
            ],
            [
              '    Account first = from.id().compareTo(to.id()) <= 0 ? from : to;\n',
              '    if (!isFirst(reference)) throw new HttpError(409, reference + " is in the books already");\n    Account first = from.id().compareTo(to.id()) <= 0 ? from : to;\n',
            ],
          ],
          [JOURNAL]: [
            [
              '        accounts.named(parts[0]).add(new Entry(\n',
              '        accounts.isFirst(parts[1]);\n        accounts.named(parts[0]).add(new Entry(\n',
            ],
          ],
          [QUEUE]: [
            [
              '    long position = journal.append(entry);\n',
              '    if (!accounts.isFirst(entry.reference())) return;\n    long position = journal.append(entry);\n',
            ],
          ],
        },
      }),
    },
    { weights: { refund: 14 } },
  ),

  /** Amounts by reference, until a reference comes twice on a page: money given back and taken again for one order. */
  {
    ...booked({
      ...OWN,
      id: 'ledger-amounts-by-reference',
      class: 'code-error',
      culprit: latent({
        service: 'ledger',
        file: ROUTES,
        marker: 'Collectors.toMap(Entry::reference, Entry::cents)',
        messages: ['statements: amounts by reference, for the app', 'statements: quick to look an order up'],
        edits: {
          [ROUTES]: [
            ['import java.util.Map;\n', 'import java.util.Map;\nimport java.util.stream.Collectors;\n'],
            [
              '    body.put("entries", statements.lines(entries));\n',
              '    body.put("entries", statements.lines(entries));\n    body.put("amounts", entries.stream().collect(Collectors.toMap(Entry::reference, Entry::cents)));\n',
            ],
          ],
        },
      }),
    }),
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant, { weights: NO_MONEY_BACK }),
    async inject(world, variant) {
      const usual = ordersTraffic(world.addresses, variant, { weights: NO_MONEY_BACK });
      const disputes = Array.from({ length: DISPUTED }, (_none, index) =>
        disputed(world.addresses.orders, index),
      ).flat();
      const requests = usual.requests.flatMap((request, index) => {
        const next = disputes[index % disputes.length];
        return next && index % 2 === 0 ? [request, next] : [request];
      });
      world.setTraffic({ requests, requestsPerSecond: usual.requestsPerSecond * 1.3 });
    },
  },

  /** Lines get a sixth part, and those that were written before have five: the books cannot be opened. */
  {
    ...booked({
      ...VICTIM,
      id: 'ledger-lines-with-a-checksum',
      class: 'schema-migration',
      culprit: deployed({
        service: 'ledger',
        file: JOURNAL,
        marker: 'if (!checksum(entry).equals(parts[5]))',
        messages: ['journal: each line has a checksum', 'journal: lines that can be checked'],
        edits: {
          [JOURNAL]: [
            [
              '        accounts.named(parts[0]).add(new Entry(\n            parts[0], parts[1], Long.parseLong(parts[2]), parts[3], Instant.parse(parts[4]), position));\n',
              '        Entry entry = new Entry(\n            parts[0], parts[1], Long.parseLong(parts[2]), parts[3], Instant.parse(parts[4]), position);\n' +
                '        if (!checksum(entry).equals(parts[5])) throw new IOException("the journal was changed at byte " + position);\n' +
                '        accounts.named(parts[0]).add(entry);\n',
            ],
            [
              '        + entry.at() + "\\n";\n  }\n',
              '        + entry.at() + "\\t" + checksum(entry) + "\\n";\n  }\n\n' +
                '  private static String checksum(Entry entry) {\n    return Integer.toHexString((entry.account() + entry.reference() + entry.cents()).hashCode());\n  }\n',
            ],
          ],
        },
      }),
    }),
    async inject(world) {
      world.keepRestarting('ledger', 4);
    },
  },
];

/** Money back, the bank takes it again, and its owner looks at the account. */
function disputed(orders: string | undefined, index: number): TrafficRequest[] {
  const order = FIRST_DISPUTED + index;
  const customer = 1 + ((order * 7) % KNOWN_CUSTOMERS);
  return [
    post(orders, `/orders/${order}/refund`, {}),
    post(orders, `/orders/${order}/chargeback`, {}),
    get(orders, `/customers/${customer}/statement?page=1`),
    get(orders, `/customers/${customer}/statement`),
  ];
}
