/** What the failing line relies on: definitions of the names it uses, and of the names that those use. */
import type { Question } from '../domain/question.ts';
import type { CodeExcerpt, CodeMatch, Observation } from '../domain/telemetry.ts';
import { blamableTraces } from './blamable.ts';
import { identifiers } from './commits/identifiers.ts';
import { isNotRun } from './commits/inert.ts';
import type { SuspectFrame } from './commits/places.ts';
import { suspectFrames } from './crashes.ts';
import type { Lead, Place } from './lead.ts';
import { isName } from './origins.ts';

/** Names that are looked up, at the crash and again at what was found there. */
const NAMES_OF_HOP = [4, 3] as const;
const LEAST_CHARACTERS = 4;
const MAX_MATCHES = 100;
/** Lines of a definition that are read for further names. */
const BODY_LINES = 14;

export interface Definition extends Place {
  readonly name: string;
  /** 1: used at the crash; 2: used by what is used there. */
  readonly hop: number;
}

export function definitionQuestions(lead: Lead): Question[] {
  const names = [...namesAtCrash(lead), ...namesBehind(lead)];
  return names.map((text) => ({
    kind: 'grep',
    service: lead.context.service,
    revision: lead.repository.deployedRevision,
    text,
    paths: [],
    maxMatches: MAX_MATCHES,
  }));
}

export function definitionPlaces(lead: Lead): Definition[] {
  const crash = namesAtCrash(lead);
  return definitionsOf(lead.observations, lead.context.service.name, crash);
}

/** As frames of a call that is further away than any real one. */
export function definitionFrames(
  observations: readonly Observation[],
  service: string,
  crashNames: readonly string[],
): SuspectFrame[] {
  return definitionsOf(observations, service, crashNames).map(({ path, line, name, hop }) => ({
    path,
    line,
    function: name,
    depth: hop,
  }));
}

export function crashNamesOf(observations: readonly Observation[], frames: readonly Place[]): string[] {
  return namesIn(
    frames.slice(0, 1).flatMap((frame) => linesFrom(observations, frame, -1, 2)),
    NAMES_OF_HOP[0],
  );
}

function namesAtCrash({ observations, context, telemetry }: Lead): string[] {
  const frames = blamableTraces(telemetry, context).flatMap(({ data }) => suspectFrames(data));
  return crashNamesOf(observations, frames);
}

/** Names in the bodies of what was found for the first ones. */
function namesBehind(lead: Lead): string[] {
  const first = namesAtCrash(lead);
  const bodies = definitionsOf(lead.observations, lead.context.service.name, first)
    .filter(({ hop }) => hop === 1)
    .flatMap((place) => linesFrom(lead.observations, place, 1, BODY_LINES));
  return namesIn(bodies, NAMES_OF_HOP[1]).filter((name) => !first.includes(name));
}

/** What is called comes before what is only read. */
function namesIn(lines: readonly string[], most: number): string[] {
  const text = lines.join('\n');
  const isCalled = (name: string): boolean => text.includes(`${name}(`);
  const names = identifiers(text).filter((name) => name.length >= LEAST_CHARACTERS && isName(name));
  return [...names.filter(isCalled), ...names.filter((name) => !isCalled(name))].slice(0, most);
}

function linesFrom(observations: readonly Observation[], place: Place, from: number, count: number): string[] {
  const excerpt = observations
    .map(({ answer }) => answer.telemetry.code)
    .find((code): code is CodeExcerpt => code !== undefined && code.path === place.path && holds(code, place.line));
  if (!excerpt) return [];
  const at = place.line - excerpt.firstLine + from;
  return excerpt.lines.slice(Math.max(0, at), Math.max(0, at) + count + (from < 0 ? 1 : 0));
}

function holds({ firstLine, lines }: CodeExcerpt, line: number): boolean {
  return line >= firstLine && line < firstLine + lines.length;
}

function definitionsOf(
  observations: readonly Observation[],
  service: string,
  crashNames: readonly string[],
): Definition[] {
  const definitions: Definition[] = [];
  for (const { question, answer } of observations) {
    if (question.kind !== 'grep' || question.service.name !== service || !isName(question.text)) continue;
    const match = definitionAmong(answer.telemetry.matches ?? [], question.text);
    if (!match) continue;
    const hop = crashNames.includes(question.text) ? 1 : 2;
    definitions.push({ name: question.text, path: match.path, line: match.line, hop });
  }
  return definitions;
}

/** The first line that defines it; undefined: none does, or several files do and nobody can tell which is meant. */
function definitionAmong(matches: readonly CodeMatch[], name: string): CodeMatch | undefined {
  const word = name.replaceAll('$', '\\$');
  const defines = new RegExp(
    [
      `\\b(?:function|def|class|func|fn|fun|interface|type|struct|enum|trait|module|object)\\s+(?:\\([^)]*\\)\\s*)?${word}\\b`,
      `\\b(?:const|let|var|val)\\s+${word}\\b`,
      `^\\s*(?:(?:public|private|protected|static|final|async|override|export|default|synchronized|abstract|internal|suspend|inline)\\s+)*(?:[\\w<>\\[\\],.?]+\\s+)?${word}\\s*\\([^;]*\\)\\s*(?::\\s*[^{;]+)?(?:throws\\s+\\w+\\s*)?\\{\\s*$`,
      `^\\s*${word}\\s*[:=]\\s*(?:async\\s*)?(?:function\\b|\\()`,
    ].join('|'),
  );
  const found = matches.filter(({ path, text }) => !isNotRun(path) && defines.test(text));
  return new Set(found.map(({ path }) => path)).size === 1 ? found[0] : undefined;
}
