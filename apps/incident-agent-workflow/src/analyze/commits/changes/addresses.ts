/** Addresses that a change gives another host, port, scheme or path, in settings as in code. A link in a sentence is none. */
import type { Deed, Done } from './deeds.ts';
import { type Edit, type FileReading, isCode, type Spot } from './reading.ts';
import { pairOf } from './settings-forms.ts';

export function byAddresses(file: FileReading): Done[] {
  return file.edits.flatMap((edit) =>
    addressDeeds(edit).map(([deed, value]) => ({ deed, value, path: file.path, line: edit.after.line })),
  );
}

const URL = /(\w[\w+.:-]*):\/\/([^\s/:"'`,;?)]*)(?::(\d+))?([^\s"'`,;)]*)/;
const HOST_KEY =
  /(?:host\w*|addr\w*|url|uri|endpoint|broker\w*|bootstrap\w*|servers?|origin|domain|upstream|target|dsn|base\w*)\b/i;
const LOOP_BACK = /0\.0\.0\.0|127\.0\.0\.1|localhost|::1/;

function addressDeeds({ before, after, out, in: came }: Edit): [Deed, number][] {
  const [old, now] = [URL.exec(before.text), URL.exec(after.text)];
  if (old && now) return partDeeds(old, now);
  const both = `${before.text} ${after.text}`;
  if (old || now) return HOST_KEY.test(both) ? BUILT_OTHERWISE : [];
  const texts = [stringsIn(out), stringsIn(came)] as const;
  if (LOOP_BACK.test(texts.flat().join(' '))) return LISTENS_ELSEWHERE;
  const set = settingDeed(before.text, after.text);
  if (set) return [set];
  if (PORT_CALL.test(named(both)) && came.some(isPort) && out.some(isPort)) return [['port-changed', 1]];
  const isHost = texts.flat().length > 1 && texts.flat().every((text) => HOST_LIKE.test(text));
  if (isHost && HOST_KEY.test(named(both).replace(/\bbase\b/gi, ''))) return [['host-changed', 0.9]];
  return pathDeeds(...texts, both);
}

const BUILT_OTHERWISE: [Deed, number][] = [
  ['host-changed', 0.9],
  ['scheme-changed', 0.8],
];
const LISTENS_ELSEWHERE: [Deed, number][] = [
  ['host-changed', 1],
  ['port-changed', 0.9],
];
const PORT_CALL = /\bport\b|--port|listen|SocketAddress|\bbind\b|\bserve\b/i;
const HOST_LIKE = /^['"`][a-z][a-z\d-]*(?:\.[a-z\d-]+)*['"`]$/;

function stringsIn(tokens: readonly string[]): string[] {
  return tokens.filter((token) => /^['"`]/.test(token));
}

function isPort(token: string): boolean {
  return /^\d{2,5}$/.test(token);
}

function partDeeds(old: RegExpExecArray, now: RegExpExecArray): [Deed, number][] {
  const deeds: [Deed, number][] = [];
  if (old[1] !== now[1]) deeds.push(['scheme-changed', 1]);
  if (old[2] !== now[2]) deeds.push(['host-changed', 1]);
  if (old[3] !== now[3]) deeds.push(['port-changed', 1]);
  if (old[4] !== now[4]) deeds.push(['path-changed', 0.95]);
  // Of a database it is not a path, but a part and how to find it.
  if (old[4] !== now[4] && !/^(?:https?|wss?)$/i.test(old[1] ?? '')) deeds.push(['target-changed', 0.95]);
  return deeds;
}

/** `host = …` and `port = …`, by the last part of the key. */
function settingDeed(before: string, after: string): [Deed, number] | undefined {
  const [old, now] = [pairOf(before), pairOf(after)];
  if (!old || old.key !== now?.key || old.value === now.value) return undefined;
  const key = named(old.key.split('.').at(-1) ?? old.key);
  if (HOST_KEY.test(key) && /^["']?[a-z][\w.-]*(?::\d+)?["']?$/i.test(now.value)) return ['host-changed', 1];
  return /port\b/i.test(key) && /^\d/.test(old.value) ? ['port-changed', 1] : undefined;
}

function named(text: string): string {
  return text.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ');
}

const CALLS =
  /fetch\(|\.(?:get|post|put|patch|delete|request|json|send|exchange|call|Get|Post|Do|NewRequest\w*)\(|url|uri|path|endpoint|params|method|headers/i;
const OF_CALL =
  /^['"`]\/[\w{$]|^`\$\{\w+\}\/|[?&]\w+=|^['"`](?:GET|POST|PUT|PATCH|DELETE)['"`]|^['"`](?:application|text|multipart)\//;

/** What is asked for under an address: its path, its method, its parameters. */
function pathDeeds(from: readonly string[], to: readonly string[], context: string): [Deed, number][] {
  if (from.length === 0 || to.length === 0 || !CALLS.test(context)) return [];
  const isOfCall = [...from, ...to].some((text) => OF_CALL.test(text));
  return isOfCall || /params|query|search/i.test(context) ? [['path-changed', 0.9]] : [];
}

/** Which of several a dependency holds, or is one of: each of them a name that must be known there. */
const TARGET =
  /\b(?:replica set|auth source|auth db|database(?: name)?|db name|initial catalog|schema(?: name)?|search path|virtual host|vhost|master name|sentinel master|cluster(?: name| id)?|namespace|tenant(?: id)?|region|bucket(?: name)?|topic(?: name)?|exchange(?: name)?|key ?space|index name|consumer group|group id|direct connection|load balanced|target session attrs|subscription(?: name)?)$/;

/** In settings, a name of such a part that came or changed. */
export function byTargets(file: FileReading): Done[] {
  if (isCode(file.path) || !['config', 'build'].includes(file.kind) || file.isNew) return [];
  const befores = new Map(file.edits.map(({ before, after }) => [after, before]));
  return file.come.flatMap((spot) => {
    const { key, value } = lastPair(spot);
    if (!TARGET.test(named(key).replace(/[.-]/g, ' ').toLowerCase()) || !IS_NAME.test(value)) return [];
    const before = befores.get(spot);
    if (before && lastPair(before).value === value) return [];
    return [{ deed: 'target-changed' as const, value: before ? 1 : 0.9, path: file.path, line: spot.line }];
  });
}

const IS_NAME = /^["']?(?:[A-Za-z][\w.:/-]*|\$\{?\w+\}?)["']?$/;

function lastPair({ text }: Spot): { key: string; value: string } {
  const { key = '', value = '' } = pairOf(text.replace(/^.*\{\s*(?=["'\w])/, '').replace(/\s*\}[\s}]*,?$/, '')) ?? {};
  return { key, value };
}
