/** Changes to ledger after which some requests end in an exception of its own; orders feels it. */
import { editAll } from '../services/edits.ts';
import type { FaultTemplate } from '../template.ts';
import { addedTo } from './guilty-files.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, LEDGER_CODE, nothingMore, oneOf, SECONDS, SHOP } from './shop-template.ts';

const BROKEN = { ...SHOP, class: 'code-error', kind: 'code', service: 'ledger', seconds: SECONDS } as const;

export const ledgerCodeTemplates: readonly FaultTemplate[] = [
  {
    ...BROKEN,
    id: 'ledger-account-without-a-limit',
    alerting: 'orders',
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...addedTo(
          editAll(
            oneOf(
              variant,
              'balance: what may still be spent',
              'accounts have a credit limit',
              'limits of company accounts',
            ),
            {
              [`${LEDGER_CODE}/http/Routes.java`]: [
                [
                  'Map.of("account", account.id(), "cents", account.balance())',
                  'Map.of("account", account.id(), "cents", account.balance(), "limit", limits.of(account))',
                ],
                [
                  '  private final int pageSize;\n',
                  '  private final int pageSize;\n  private final Limits limits = new Limits();\n',
                ],
                [
                  'import shop.ledger.accounts.Entry;\n',
                  'import shop.ledger.accounts.Entry;\nimport shop.ledger.accounts.Limits;\n',
                ],
              ],
            },
          ),
          `${LEDGER_CODE}/accounts/Limits.java`,
          `package shop.ledger.accounts;

import java.util.Map;

/** Cents that an account may be overdrawn by. */
public final class Limits {
  private final Map<String, Long> byAccount =
      Map.of("customer-11", 500_000L, "customer-22", 500_000L, "customer-33", 900_000L, "shop-revenue", 0L);

  public long of(Account account) {
    return byAccount.get(account.id());
  }
}
`,
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/accounts/Limits.java`,
        marker: 'return byAccount.get(account.id());',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...BROKEN,
    id: 'ledger-journal-line-misread',
    alerting: 'ledger',
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...addedTo(
          editAll(
            oneOf(
              variant,
              'statements: figures as the journal has them',
              'statements are read back from the journal',
              'one source for statements',
            ),
            {
              [`${LEDGER_CODE}/accounts/Statements.java`]: [
                [
                  '    line.put("journal", entry.position() < 0 ? "" : connection.lineAt(entry.position()));\n',
                  '    if (entry.position() >= 0) line.put("booked", JournalLine.parse(connection.lineAt(entry.position())).cents());\n',
                ],
                [
                  'import shop.ledger.journal.JournalConnection;\n',
                  'import shop.ledger.journal.JournalConnection;\nimport shop.ledger.journal.JournalLine;\n',
                ],
              ],
            },
          ),
          `${LEDGER_CODE}/journal/JournalLine.java`,
          `package shop.ledger.journal;

import java.time.Instant;

/** A line of the journal, taken apart. */
public record JournalLine(String account, String reference, long cents, Instant at) {
  public static JournalLine parse(String line) {
    String[] parts = line.split("\\t");
    try {
      return read(parts);
    } catch (RuntimeException error) {
      throw new IllegalStateException("the journal holds a line of " + parts.length + " parts that cannot be read", error);
    }
  }

  private static JournalLine read(String[] parts) {
    Instant at = Instant.parse(parts[4]);
    return new JournalLine(parts[0], parts[1], Long.parseLong(parts[3]), at);
  }
}
`,
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/journal/JournalLine.java`,
        marker: 'Long.parseLong(parts[3])',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...BROKEN,
    id: 'ledger-last-page-cut-too-far',
    alerting: 'ledger',
    culprit: {
      when: 'latent',
      change: (variant) => ({
        ...editAll(
          oneOf(variant, 'statements: pages without a detour', 'accounts: simpler pages', 'pages: less arithmetic'),
          {
            [`${LEDGER_CODE}/accounts/Account.java`]: [
              [
                '    int to = entries.size() - (number - 1) * size;\n    if (to <= 0) return List.of();\n    List<Entry> found = new ArrayList<>(entries.subList(Math.max(0, to - size), to));\n',
                '    int from = entries.size() - number * size;\n    if (from + size <= 0) return List.of();\n    List<Entry> found = new ArrayList<>(entries.subList(from, from + size));\n',
              ],
            ],
          },
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/accounts/Account.java`,
        marker: 'entries.subList(from, from + size)',
      }),
    },
    // Accounts begin with two full pages: the third has a few entries once something was bought.
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant, { weights: { place: 12 } }),
    async inject(world, variant) {
      const weights = { place: 12, lastPage: byMagnitude(variant, 8, 12, 16) };
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights }));
    },
  },
  {
    ...BROKEN,
    id: 'ledger-list-changed-while-read',
    alerting: 'orders',
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'accounts: entries are not copied for readers',
            'accounts: less garbage',
            'accounts: a view of the entries',
          ),
          {
            [`${LEDGER_CODE}/accounts/Account.java`]: [
              ['    return new ArrayList<>(entries);\n', '    return Collections.unmodifiableList(entries);\n'],
              ['import java.util.ArrayList;\n', 'import java.util.ArrayList;\nimport java.util.Collections;\n'],
            ],
          },
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/accounts/Account.java`,
        marker: 'return Collections.unmodifiableList(entries);',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, {
        weights: { refund: byMagnitude(variant, 22, 28, 34), revenue: 22 },
        times: 2,
      }),
    inject: nothingMore,
  },
  {
    ...SHOP,
    id: 'ledger-empty-page-keeps-its-reader',
    class: 'pool-exhaustion',
    kind: 'code',
    service: 'ledger',
    alerting: 'orders',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'statements: nothing to do for an empty page',
            'statements: empty pages are quick',
            'statements: shortcut',
          ),
          {
            [`${LEDGER_CODE}/accounts/Statements.java`]: [
              [
                '    JournalConnection connection = pool.acquire();\n    try {\n',
                '    JournalConnection connection = pool.acquire();\n    if (entries.isEmpty()) return List.of();\n    try {\n',
              ],
            ],
          },
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/accounts/Statements.java`,
        marker: 'if (entries.isEmpty()) return List.of();',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { statement: 6, emptyPage: byMagnitude(variant, 1, 2, 3) } }),
    inject: nothingMore,
  },
];
