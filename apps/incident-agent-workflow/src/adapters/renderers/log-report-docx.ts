/** What a host tool saw, as a Word document: the findings with their lines, then each incident with its cause. */

import type { Severity } from '../../domain/incident.ts';
import type { LogFinding, LogGravity, LogReport } from '../../domain/log-finding.ts';
import type { LogReportRenderer } from '../../host-ports.ts';
import { clockTime } from '../../lib/instants.ts';
import { counted, thousands } from '../../lib/wording.ts';
import type { DocxRenderer } from './docx.ts';
import {
  codeOf,
  faintLine,
  heading,
  type Part,
  partsOf,
  severityStrip,
  tableOf,
  titleLine,
  wordFile,
} from './docx-parts.ts';
import { dayAndTime, SEVERITY_WORDS } from './labels.ts';
import { list, plain } from './outline.ts';

const SEVERITIES = { critical: 'critical', error: 'warning', warning: 'info' } as const satisfies Record<
  LogGravity,
  Severity
>;
const WORDS = { critical: 'Critical', error: 'Error', warning: 'Warning' } as const satisfies Record<
  LogGravity,
  string
>;
/** What is beyond is in the table. */
const MAX_EXCERPTS = 40;

/** `incidents`: renders what an agent found. */
export function logReportRenderer({ incidents }: { readonly incidents: DocxRenderer }): LogReportRenderer {
  return {
    async render(report) {
      const { look } = report;
      const parts: Part[] = [
        ...coverOf(report),
        ...outagesOf(report),
        ...findingsOf(look.findings),
        ...notReadOf(report),
      ];
      let pictures = 1;
      for (const one of report.incidents) {
        const sections = await incidents.sections(one, pictures);
        pictures += sections.pictures;
        parts.push(
          heading(`${one.incident.id} ${one.incident.title}`, 1),
          severityStrip(one.incident.severity, SEVERITY_WORDS[one.incident.severity], [
            one.incident.service,
            dayAndTime(one.incident.startedAt),
          ]),
          ...sections.parts,
        );
      }
      return wordFile({
        title: `Log report of ${dayAndTime(look.at)}`,
        footer: `Log report  ${dayAndTime(look.at)}`,
        writtenAt: look.at,
        parts,
      });
    },
  };
}

function coverOf({ look, outages, incidents, notes }: LogReport): Part[] {
  const gravest = look.findings.map(({ gravity }) => SEVERITIES[gravity]);
  const severity: Severity =
    gravest.includes('critical') || outages.length > 0 ? 'critical' : gravest.includes('warning') ? 'warning' : 'info';
  const lines = look.logs.reduce((sum, log) => sum + log.lines, 0);
  return [
    severityStrip(severity, SEVERITY_WORDS[severity], [
      counted(look.findings.length, 'finding'),
      counted(outages.length, 'outage'),
      counted(incidents.length, 'incident'),
    ]),
    titleLine('Log report'),
    faintLine(`${dayAndTime(look.at)}   ${counted(lines, 'line')} of ${counted(look.logs.length, 'log')} read`),
    ...partsOf(notes.length === 0 ? [] : [list(notes.map(plain))]),
  ];
}

function outagesOf({ outages }: LogReport): Part[] {
  if (outages.length === 0) return [];
  const rows = outages.map(({ service, since, until, reason }) => [
    plain(until === null ? 'API down' : 'Over'),
    plain(service),
    plain(dayAndTime(since)),
    plain(until === null ? '' : dayAndTime(until)),
    plain(reason),
  ]);
  const severities = outages.map(({ until }): Severity => (until === null ? 'critical' : 'info'));
  return [
    heading('Services that did not answer', 2),
    tableOf({ head: ['State', 'Service', 'Since', 'Until', 'What was seen'], rows }, severities),
  ];
}

function findingsOf(findings: readonly LogFinding[]): Part[] {
  if (findings.length === 0) return [heading('Findings', 2), faintLine('No line speaks of an error.')];
  const rows = findings.map(({ gravity, service, count, firstAt, template }) => [
    plain(WORDS[gravity]),
    plain(service),
    plain(thousands(count)),
    plain(firstAt === null ? '' : clockTime(firstAt)),
    plain(template),
  ]);
  const severities = findings.map(({ gravity }) => SEVERITIES[gravity]);
  const hidden = findings.length - MAX_EXCERPTS;
  return [
    heading('Findings', 2),
    tableOf({ head: ['Gravity', 'Service', 'Lines', 'First', 'What the lines say'], rows }, severities),
    ...findings.slice(0, MAX_EXCERPTS).flatMap(excerptOf),
    ...(hidden > 0 ? [faintLine(`${counted(hidden, 'more finding')} only in the table above`)] : []),
  ];
}

function excerptOf({ gravity, service, log, line, excerpt, template }: LogFinding): Part[] {
  return [
    heading(`${WORDS[gravity]} in ${service}: ${template}`, 3),
    faintLine(`${log}${line === null ? '' : `, line ${line}`}`),
    ...codeOf({ kind: 'code', lines: excerpt.lines, markedLine: excerpt.marked }),
  ];
}

function notReadOf({ look }: LogReport): Part[] {
  if (look.unread.length === 0) return [];
  const rows = look.unread.map(({ service, path, reason }) => [plain(service), plain(path), plain(reason)]);
  return [heading('Not read', 2), tableOf({ head: ['Service', 'Log', 'Why'], rows })];
}
