/** Reads the logs of services and flags what is worth a look. */
import { messageOf } from '../domain/error.ts';
import type { LogLook } from '../domain/log-finding.ts';
import type { Service } from '../domain/service.ts';
import type { LogReader, LogReadOptions, Progress } from '../host-ports.ts';
import { cleanText } from '../lib/clean-text.ts';
import { lineTime } from '../lib/line-time.ts';
import { redactLines } from '../lib/redact.ts';
import { findingsIn } from '../monitor/log-findings.ts';
import type { Clock } from '../ports.ts';

/** Path → the reader's mark. */
export type LogMarks = Readonly<Record<string, unknown>>;

export interface LookOptions extends LogReadOptions {
  readonly services: readonly Service[];
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly digest: (text: string) => string;
}

/** A log that cannot be read keeps its mark: it is read on when it is back. */
export async function lookAtLogs(
  options: LookOptions,
  marks: LogMarks,
): Promise<{ readonly look: LogLook; readonly marks: LogMarks }> {
  const { services, progress } = options;
  const logs = services.flatMap((service) =>
    [...new Set(Object.values(service.logPaths))].map((path) => ({ service: service.name, path })),
  );
  const read: LogLook['logs'][number][] = [];
  const unread: LogLook['unread'][number][] = services
    .filter(({ logPaths }) => Object.keys(logPaths).length === 0)
    .map(({ name }) => ({ service: name, path: '', reason: 'the service registry names no log_paths for it' }));
  const findings: LogLook['findings'][number][] = [];
  const kept: Record<string, unknown> = { ...marks };
  progress.begin('Reading logs', logs.length);
  for (const { service, path } of logs) {
    try {
      const news = await options.reader.read(path, marks[path], options);
      kept[path] = news.mark;
      read.push({ service, path, lines: news.lines.length });
      if (news.skippedBytes > 0)
        unread.push({
          service,
          path,
          reason: `too much at once: ${news.skippedBytes} bytes before the newest 32 MB were passed over`,
        });
      const texts = redactLines(news.lines.map((line) => cleanText(line)));
      const lines = texts.map((text, index) => ({ text, at: lineTime(news.lines[index] ?? '') }));
      findings.push(...findingsIn({ service, log: path, lines, firstLine: news.firstLine }, options.digest));
    } catch (error) {
      unread.push({ service, path, reason: messageOf(error) });
    }
    progress.step(`${service} ${path}`);
  }
  progress.end();
  return { look: { at: options.clock.now(), logs: read, unread, findings }, marks: kept };
}
