/** What a provider's or platform's status page says, whatever its shape: entries with a time and words. */
import { z } from 'zod';
import type { ChangeEvent } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';

const Page = z.looseObject({ provider: z.string().optional(), source: z.string().optional() });
const Entry = z.record(z.string(), z.unknown());
const TIMES = ['started_at', 'timestamp', 'created_at', 'updated_at'];
const WORDS = ['status', 'impact', 'title', 'name', 'detail', 'body', 'component', 'service', 'region'];

export function statusEvents(feed: unknown): ChangeEvent[] {
  const page = Page.safeParse(feed);
  if (!page.success) return [];
  const name = page.data.provider ?? page.data.source ?? 'status page';
  return entriesIn(feed).flatMap((entry) => {
    const at = TIMES.map((key) => entry[key]).find(
      (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    );
    const words = WORDS.map((key) => entry[key]).filter((value) => typeof value === 'string');
    if (typeof at !== 'string' || words.length === 0) return [];
    return [{ at: new Date(at).toISOString(), kind: 'status', service: null, name, text: words.join(': ') }];
  });
}

/** Every object in a list, at any depth. */
function entriesIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap((item) => [...asEntry(item), ...entriesIn(item)]);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap((item) => entriesIn(item));
  return [];
}

function asEntry(value: unknown): Record<string, unknown>[] {
  const entry = Entry.safeParse(value);
  return entry.success ? [entry.data] : [];
}
