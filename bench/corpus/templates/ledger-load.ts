/** Ledger stands still or runs out of memory. */
import { editAll } from '../services/edits.ts';
import type { FaultTemplate } from '../template.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, LEDGER_CODE, nothingMore, oneOf, SECONDS, SHOP } from './shop-template.ts';

/** So few that money goes both ways between the same two accounts at the same time. */
const FEW_ORDERS = 3;
const TRANSFERS = { refund: 10, chargeback: 10, place: 3 } as const;

export const ledgerLoadTemplates: readonly FaultTemplate[] = [
  {
    ...SHOP,
    id: 'ledger-locks-in-opposite-order',
    class: 'deadlock-stall',
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
            'transfers: nobody gives what was never booked',
            'transfers: checked against the books',
            'transfers: the giver is looked at first',
          ),
          {
            [`${LEDGER_CODE}/accounts/Accounts.java`]: [
              [
                `  /** Both sides or none. Whoever holds two accounts took the one with the smaller id first. */
  public void transfer(Account from, Account to, long cents, String reference) {
    Account first = from.id().compareTo(to.id()) <= 0 ? from : to;
    Account second = first == from ? to : from;
    synchronized (first) {
      synchronized (second) {
`,
                `  /** Both sides or none, and only what the giver ever had. */
  public void transfer(Account from, Account to, long cents, String reference) {
    synchronized (from) {
      long booked = MonthlyTotals.of(from.entries()).values().stream().mapToLong(Long::longValue).sum();
      if (booked + cents < 0) throw new HttpError(409, "account " + from.id() + " never had that much");
      synchronized (to) {
`,
              ],
            ],
          },
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/accounts/Accounts.java`,
        marker: 'synchronized (to) {',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, {
        weights: TRANSFERS,
        times: byMagnitude(variant, 1, 1.3, 1.6),
        orders: FEW_ORDERS,
      }),
    inject: nothingMore,
  },
  {
    ...SHOP,
    id: 'ledger-keeps-blocks-of-the-journal',
    class: 'out-of-memory',
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
            'journal: lines that were read are kept',
            'journal: fewer reads',
            'statements: quicker the second time',
          ),
          {
            [`${LEDGER_CODE}/journal/JournalConnection.java`]: [
              [
                '    file.seek(position);\n    int length = Math.max(0, file.read(buffer));\n',
                '    byte[] buffer = READ.computeIfAbsent(position, this::block);\n    int length = buffer.length;\n',
              ],
              [
                '  private final byte[] buffer = new byte[256];\n',
                '  private static final int BLOCK_BYTES = 32 * 1024;\n  private static final Map<Long, byte[]> READ = new ConcurrentHashMap<>();\n',
              ],
              [
                '\n  public String lineAt(',
                `
  private byte[] block(long position) {
    try {
      byte[] bytes = new byte[BLOCK_BYTES];
      file.seek(position);
      file.read(bytes);
      return bytes;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  public String lineAt(`,
              ],
              [
                'import java.io.RandomAccessFile;\n',
                'import java.io.RandomAccessFile;\nimport java.io.UncheckedIOException;\n',
              ],
              [
                'import java.nio.file.Path;\n',
                'import java.nio.file.Path;\nimport java.util.Map;\nimport java.util.concurrent.ConcurrentHashMap;\n',
              ],
            ],
          },
        ),
        service: 'ledger',
        file: `${LEDGER_CODE}/journal/JournalConnection.java`,
        marker: 'READ.computeIfAbsent(position, this::block)',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { statement: byMagnitude(variant, 20, 25, 30) } }),
    inject: nothingMore,
  },
  {
    ...SHOP,
    id: 'ledger-very-long-statements',
    class: 'out-of-memory',
    kind: 'infrastructure',
    service: 'ledger',
    alerting: 'orders',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      const revenueEntries = byMagnitude(variant, 12_000, 15_000, 19_000);
      const weights = { revenueStatement: 14 };
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights, revenueEntries }));
    },
    async recover(world, variant) {
      world.setTraffic(ordersTraffic(world.addresses, variant));
    },
  },
];
