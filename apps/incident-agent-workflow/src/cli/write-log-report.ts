/** The Word report of a host tool as a file. */
import { join } from 'node:path';
import type { LogReport } from '../domain/log-finding.ts';
import type { LogReportRenderer } from '../host-ports.ts';
import { writeWhole } from '../lib/write-whole.ts';

/** Its path. Named by the time of the look, to the millisecond. */
export async function writeLogReport(report: LogReport, folder: string, renderer: LogReportRenderer): Promise<string> {
  const name = `log-report-${report.look.at.slice(0, 23).replaceAll(':', '-')}Z.docx`;
  return writeWhole(join(folder, name), await renderer.render(report));
}
