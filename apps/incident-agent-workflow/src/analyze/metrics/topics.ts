/** Which resource a metric speaks of, by the words of its name: the same list for what an alert says and what is shown. */

export type Topic =
  | 'memory'
  | 'cpu'
  | 'pool'
  | 'queue'
  | 'event loop'
  | 'open files'
  | 'disk'
  | 'locks'
  | 'under way'
  | 'threads'
  | 'handles';

/** The first that fits: a queue of a thread pool is a queue. */
const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['event loop', /event_?loop/],
  ['locks', /deadlock|(?:^|_)locks?(?:_|$)|blocked|lock_wait|row_lock/],
  [
    'under way',
    /in_?flight|active_requests|requests_(?:active|under_way)|(?:workers?|threads?|executor)_(?:busy|active|in_use|waiting|max)|(?:busy|active)_(?:workers|threads)/,
  ],
  [
    'queue',
    /queue|backlog|consumer(?:group)?_lag|pending_(?:jobs|tasks|messages|entries)|(?:jobs|tasks|messages|entries)_(?:pending|waiting|ready|unacked)|messages_(?:ready|unacknowledged)|(?:^|_)lag(?:_messages|_records|_sum)?$|lag_max$|outbox|mailbox|replication_?lag|seconds_behind_|(?:oldest|unprocessed|unsent)/,
  ],
  [
    'pool',
    /pool|connections?_(?:in_use|active|busy|waiting|max|usage|pending|acquired|idle)|waiters|(?:in_use|open)_connections|acquired_conns|conns_(?:open|in_use)|checked_?out|go_sql_|db_client_connections?|numbackends|pg_stat_activity_count|threads_connected|connected_clients|max_connections|maxclients|mongodb_\w*connections/,
  ],
  ['memory', /memory|heap|(?:^|_)rss(?:_|$)|resident|working_set|(?:alloc|inuse)_bytes/],
  ['cpu', /cpu|throttl|processor|eventloop_utili[sz]ation/],
  ['open files', /(?:open|max)_fds|file_descriptor|filefd|open_files|files_open/],
  ['disk', /disk|filesystem|storage|inodes|volume_stats|container_fs_/],
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
  queue: /queue|backlog|consumers? ?(?:group)? ?lag|replication ?lag/,
  pool: /\bpool|connections? (?:in use|left)|(?:too ?many|max|rejected) ?connections/,
  disk: /\bdisk|filesystem|storage|no space|persistentvolume|out ?of ?(?:space|files|inodes)|volumeusage/,
  'open files': /file ?descriptor|open files|\bfds\b/,
  locks: /(?<![bc])lock/,
};

/** The resources that a text in lower case speaks of. */
export function topicsIn(said: string): Topic[] {
  return TOPICS.map(([topic]) => topic).filter((topic) => SPOKEN[topic]?.test(said) ?? false);
}
