/** Words that every format of the report shares: the same fact reads the same in PDF, Word and Markdown. */
import type { Evidence } from '../../domain/evidence.ts';
import type { IncidentStatus, Severity } from '../../domain/incident.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import { clockTime } from '../../lib/instants.ts';
import { duration, percent, shortHash, upperFirst } from '../../lib/wording.ts';

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = WORDS.severity;
export const STATUS_WORDS: Readonly<Record<IncidentStatus, string>> = WORDS.status;
export const TIMELINE_WORDS: Readonly<Record<Report['timeline'][number]['kind'], string>> = WORDS.timeline;

/** `Likely, 87 %`: the word and the number, or what stands instead of them. */
export function verdictHeading({ verdict }: Pick<Report, 'verdict'>): string {
  if (verdict.status === 'not-confirmed') return WORDS.notConfirmed;
  if (verdict.confidence === null) return WORDS.notEstablished;
  const word = WORDS.bands[verdict.band];
  return `${upperFirst(word)}, ${percent(verdict.confidence)}`;
}

export function causeHeading({ verdict }: Pick<Report, 'verdict'>): string {
  return verdict.status === 'established' ? WORDS.headings.rootCause : WORDS.headings.whatWasSeen;
}

/** `12 Nov 2026`, UTC. Text that is no instant stays as it is. */
export function day(at: string): string {
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds)) return at;
  const date = new Date(milliseconds);
  return `${date.getUTCDate()} ${WORDS.months[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
}

export function dayAndTime(at: string): string {
  return `${day(at)} ${clockTime(at)} UTC`;
}

/** `10:42:10`, with the day in front where it is another than that of the report. */
export function timeOfReport(at: string, { generatedAt }: Pick<Report, 'generatedAt'>): string {
  return day(at) === day(generatedAt) ? clockTime(at) : `${day(at)} ${clockTime(at)}`;
}

/** How long before the report: `5 months`. */
export function age(at: string, { generatedAt }: Pick<Report, 'generatedAt'>): string {
  const seconds = (Date.parse(generatedAt) - Date.parse(at)) / 1000;
  if (Number.isNaN(seconds) || seconds < 0) return '';
  const days = Math.floor(seconds / 86_400);
  if (days < 2) return duration(seconds);
  if (days < 60) return WORDS.age.days(days);
  return days < 730 ? WORDS.age.months(Math.round(days / 30.4)) : WORDS.age.years(Math.round(days / 365));
}

export function alertLine({ incident }: Report): string {
  const name = incident.alerts[0]?.name ?? WORDS.noAlert;
  return incident.alertCount > 1 ? WORDS.alertCount(name, incident.alertCount) : name;
}

export function subtitle(report: Report): string {
  const { incident, version } = report;
  const written = clockTime(report.generatedAt);
  return incident.resolvedAt === null
    ? WORDS.writtenWhileOpen(version, written)
    : WORDS.writtenAfter(version, written, clockTime(incident.resolvedAt));
}

const LANGUAGE_OF_SOURCE: Readonly<Record<string, string>> = { prometheus: 'PromQL', loki: 'LogQL', git: 'git' };

/** `PromQL on prometheus, 09:44:30 to 10:45:02`; without the time where it is the `usual` one, which is said elsewhere. */
export function originOf({ source, window }: Pick<Evidence, 'source' | 'window'>, usual?: Evidence['window']): string {
  const language = LANGUAGE_OF_SOURCE[source];
  const name = language === undefined || language === source ? source : WORDS.languageOn(language, source);
  return window.from === usual?.from && window.to === usual.to ? name : `${name}, ${spanOf(window)}`;
}

/** `09:44:30 to 10:45:02`. */
export function spanOf({ from, to }: Evidence['window']): string {
  return from === to ? clockTime(from) : WORDS.span(clockTime(from), clockTime(to));
}

/** What the entry says, without the time that stands beside it. */
export function withoutItsTime({ at, text }: Pick<Report['timeline'][number], 'at' | 'text'>): string {
  return text.replace(` at ${clockTime(at)}`, '');
}

export function revisionLine({ repository }: Report): string | undefined {
  if (repository === null) return undefined;
  const { deployed } = WORDS;
  const line = deployed.line(shortHash(repository.deployedRevision), deployed[repository.deployedFrom]);
  return repository.shallow ? `${line}${deployed.shallow}` : line;
}
