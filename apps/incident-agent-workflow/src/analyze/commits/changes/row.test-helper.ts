/** One row of the tables of changes, and the commit that it stands for. */
import type { FaultClass } from '../../../domain/fault-class.ts';
import type { ChangedFile, Commit } from '../../../domain/telemetry.ts';
import { commitOf } from '../commit.test-helper.ts';

/** The class, the path, what the change does, its lines with their signs, and what was said of the failure, if anything. */
export type Row = readonly [FaultClass, string, string, string, string?];

const MARK = ' ◂';
const FIRST_LINE = 40;
/** Further files of a row begin with this and their path. */
const NEXT_FILE = '=== ';

export function changeOf([, path, says, diff]: Row): { readonly commit: Commit; readonly at: readonly string[] } {
  const files: ChangedFile[] = [];
  const at: string[] = [];
  let [file, lines]: [string, string[]] = [path, []];
  const close = () => {
    if (lines.length > 0) files.push(fileOf(file, lines, at));
  };
  for (const line of diff.split('\n').slice(1)) {
    if (line.startsWith(NEXT_FILE)) {
      close();
      [file, lines] = [line.slice(NEXT_FILE.length), []];
    } else lines.push(line === '' ? ' ' : line);
  }
  close();
  return { commit: { ...commitOf(9, path, '', {}), subject: says, files }, at };
}

function fileOf(path: string, lines: readonly string[], at: string[]): ChangedFile {
  const plain = lines.map((line) => line.replace(MARK, ''));
  let newLine = FIRST_LINE;
  for (const line of lines) {
    if (line.endsWith(MARK)) at.push(`${path}:${newLine}`);
    if (!line.startsWith('-')) newLine += 1;
  }
  const old = plain.filter((line) => !line.startsWith('+')).length;
  const now = plain.filter((line) => !line.startsWith('-')).length;
  const patch = [`@@ -${FIRST_LINE},${old} +${FIRST_LINE},${now} @@`, ...plain].join('\n');
  return { path, status: old === 0 ? 'added' : 'modified', patch };
}
