/** Which resource a metric speaks of, by the words of its name: the same list for what an alert says and what is shown. */

export type Topic = 'memory' | 'cpu' | 'pool' | 'queue' | 'event loop' | 'open files' | 'disk' | 'threads' | 'handles';

/** The first that fits: a queue of a thread pool is a queue. */
const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['event loop', /event_?loop/],
  ['queue', /queue|backlog|consumer_lag|pending_(?:jobs|tasks|messages)|(?:^|_)lag(?:_messages)?$|outbox|mailbox/],
  ['pool', /pool|connections?_(?:in_use|active|busy|waiting|max)|waiters/],
  ['memory', /memory|heap|(?:^|_)rss(?:_|$)|resident/],
  ['cpu', /cpu|throttl/],
  ['open files', /(?:open|max)_fds|file_descriptors|open_files/],
  ['disk', /disk|filesystem|storage|inodes/],
  ['handles', /nodejs_active_|handles|active_(?:requests|resources)/],
  ['threads', /threads|goroutines|workers/],
];

export function topicOf(metric: string): Topic | undefined {
  const name = metric.toLowerCase();
  return TOPICS.find(([, pattern]) => pattern.test(name))?.[0];
}

/** How people name it in the words of an alert. */
const SPOKEN: Readonly<Partial<Record<Topic, RegExp>>> = {
  memory: /memory|heap|\brss\b|\boom\b/,
  cpu: /\bcpu|highcpu|processor|throttl/,
  queue: /queue|backlog|consumer lag/,
  pool: /\bpool|connections? (?:in use|left)/,
  disk: /\bdisk|filesystem|storage|no space/,
  'open files': /file descriptor|open files|\bfds\b/,
};

/** The resources that a text in lower case speaks of. */
export function topicsIn(said: string): Topic[] {
  return TOPICS.map(([topic]) => topic).filter((topic) => SPOKEN[topic]?.test(said) ?? false);
}
