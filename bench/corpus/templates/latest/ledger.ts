/** Changes of the ledger, in Java, after which it refuses, throws or answers as nobody expects; and one alert of nothing. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude } from '../fault.ts';
import { BOOKS, booked, deployed, LEDGER_SOURCES, latent } from '../fresh/shared.ts';
import { ordersTraffic } from '../orders-traffic.ts';

const OWN = { ...BOOKS, service: 'ledger', alerting: 'ledger', kind: 'code' } as const;
const VICTIM = { ...OWN, alerting: 'orders' } as const;
const ROUTER = `${LEDGER_SOURCES}/http/Router.java`;
const ROUTES = `${LEDGER_SOURCES}/http/Routes.java`;
const TOKENS = `${LEDGER_SOURCES}/auth/Tokens.java`;
const SETTINGS = 'config/ledger.properties';
const OFFSET_FILE = 'seconds-off';

export const ledgerLatest: readonly FaultTemplate[] = [
  /** Two calls of one second carry the same token, letter by letter, and a token is taken once. */
  booked({
    ...VICTIM,
    id: 'ledger-token-for-one-call',
    class: 'auth-secret',
    culprit: deployed({
      service: 'ledger',
      file: TOKENS,
      marker: 'if (!seen.add(parts[2]))',
      messages: ['tokens: what was overheard is of no use', 'tokens: second finding of the audit'],
      edits: {
        [TOKENS]: [
          [
            'import java.util.Map;\n',
            'import java.util.Map;\nimport java.util.Set;\nimport java.util.concurrent.ConcurrentHashMap;\n',
          ],
          [
            '  private final SecretKeySpec key;\n',
            '  /** Signatures of the tokens that have come. */\n  private final Set<String> seen = ConcurrentHashMap.newKeySet();\n  private final SecretKeySpec key;\n',
          ],
          [
            '    checkTimes(claims);\n    return',
            '    checkTimes(claims);\n    if (!seen.add(parts[2])) throw refused("token was used before");\n    return',
          ],
        ],
      },
    }),
  }),

  /** The old addresses say where the new ones are, which the caller takes for an answer with nothing in it. */
  booked(
    {
      ...VICTIM,
      id: 'ledger-addresses-with-a-version',
      class: 'code-error',
      culprit: deployed({
        service: 'ledger',
        file: ROUTER,
        marker: 'else moved(exchange, "/v1" + exchange.getRequestURI());',
        messages: ['http: addresses with a version, the old ones lead there', 'http: /v1'],
        edits: {
          [ROUTER]: [
            [
              '      default -> route(exchange, path);\n',
              '      default -> {\n        if (path.startsWith("/v1/")) route(exchange, path);\n        else moved(exchange, "/v1" + exchange.getRequestURI());\n      }\n',
            ],
            [
              '  private void route(HttpExchange exchange, String path) throws IOException {\n',
              '  private void moved(HttpExchange exchange, String address) throws IOException {\n' +
                '    metrics.observe("moved", exchange.getRequestMethod(), 308, 0);\n' +
                '    exchange.getResponseHeaders().set("Location", address);\n    exchange.sendResponseHeaders(308, -1);\n    exchange.close();\n  }\n\n' +
                '  private void route(HttpExchange exchange, String path) throws IOException {\n',
            ],
          ],
          [ROUTES]: [
            ['router.add("POST", "/entries"', 'router.add("POST", "/v1/entries"'],
            ['router.add("POST", "/transfers"', 'router.add("POST", "/v1/transfers"'],
            ['router.add("GET", "/accounts/{id}/balance"', 'router.add("GET", "/v1/accounts/{id}/balance"'],
            ['router.add("GET", "/accounts/{id}/statement"', 'router.add("GET", "/v1/accounts/{id}/statement"'],
            ['router.add("GET", "/accounts/{id}/monthly"', 'router.add("GET", "/v1/accounts/{id}/monthly"'],
          ],
        },
      }),
    },
    { weights: { place: 10 } },
  ),

  /** The setting counts milliseconds; whoever wrote it thought of seconds. */
  booked(
    {
      ...OWN,
      id: 'ledger-two-seconds-meant',
      class: 'timeout-latency',
      kind: 'config',
      culprit: deployed({
        service: 'ledger',
        file: SETTINGS,
        marker: 'http.request.millis = 2',
        messages: ['ledger settings: nobody waits longer than two seconds', 'ledger settings: limits for the winter'],
        edits: { [SETTINGS]: [['http.request.millis = 3000', 'http.request.millis = 2']] },
      }),
    },
    { weights: { revenue: 2, revenueStatement: 2 } },
  ),

  /** From its oldest entry to its newest, of a page that has none. */
  {
    ...booked({
      ...OWN,
      id: 'ledger-span-of-a-page',
      class: 'code-error',
      culprit: latent({
        service: 'ledger',
        file: ROUTES,
        marker: 'body.put("from", entries.get(entries.size() - 1)',
        messages: ['statements: from when to when', 'statements: a page says what days it covers'],
        edits: {
          [ROUTES]: [
            [
              '    body.put("page", page);\n',
              '    body.put("page", page);\n    body.put("from", entries.get(entries.size() - 1).at().toString());\n    body.put("to", entries.get(0).at().toString());\n',
            ],
          ],
        },
      }),
    }),
    async inject(world, variant) {
      const emptyPage = byMagnitude(variant, { low: 4, middle: 6, high: 8 });
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights: { emptyPage } }));
    },
  },

  /** The clock of the host is put back by hand, and right again as soon as the one who did it has seen it. */
  booked({
    ...BOOKS,
    id: 'calm-clock-put-right',
    class: null,
    kind: 'none',
    service: 'orders',
    alerting: 'orders',
    seconds: { baseline: 60, incident: 50, recovery: 12 },
    environment: (_variant, scratch) => ({ ledger: { TIME_OFFSET_FILE: join(scratch, OFFSET_FILE) } }),
    async inject(world, variant) {
      writeFileSync(join(world.scratch, OFFSET_FILE), '-1800\n');
      await world.pause(byMagnitude(variant, { low: 3.5, middle: 4.5, high: 5.5 }));
      rmSync(join(world.scratch, OFFSET_FILE), { force: true });
    },
  }),
];
