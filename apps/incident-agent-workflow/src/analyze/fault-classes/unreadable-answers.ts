/**
 * Somebody else's answer that the program cannot read any more, although neither it nor its settings were changed: a page
 * for people in place of JSON, a field that is gone. The error is thrown by the program; what is wrong is what it was told.
 */
import { quoted } from '../../lib/wording.ts';
import { crashPath } from '../crashes.ts';
import { isNew } from '../novelty.ts';
import type { Scene, Trace } from '../scene.ts';
import { standingOut, surelyAccused } from '../suspicion.ts';
import { restarted } from './predicates.ts';
import type { Predicate } from './rule.ts';

/** What is read has not the form that it must have. */
const UNREADABLE =
  /^(?:ZodError|ValiError|ValidationError|.*\.ValidationError|SyntaxError|JsonException|JSON::ParserError|(?:json\.(?:decoder\.)?)?JSONDecodeError|.*(?:MismatchedInput|JsonMapping|JsonParse|UnrecognizedProperty|InvalidFormat|JsonSyntax|MalformedJson)Exception|.*DecodeError)$/;
/** Code that asks others, by how it is called. */
export const CLIENT_CODE =
  /(?:^|[/_.-])(?:clients?|fetch(?:ers?|ing)?|gateways?|upstreams?|providers?|adapters?|integrations?|remotes?)(?:[/_.-]|$)/i;

export const answerIsUnreadable: Predicate = (scene) => {
  const thrown = unreadable(scene);
  if (!thrown) return scene.logsSeen ? 'absent' : 'unknown';
  const { type, message } = thrown.trace.data;
  return {
    words: `${type} ${quoted(message, 100)} is thrown where the answers of ${thrown.of ?? 'another service'} are read, and nothing was changed here`,
    cites: [thrown.trace.id],
    group: 'traces',
    weight: 2,
    entity: thrown.of,
  };
};

/** Whether a crash is such a one: then it is no error of the program. */
export function isUnreadableAnswer(trace: Trace, scene: Scene): boolean {
  return unreadable(scene)?.trace.id === trace.id;
}

function unreadable(scene: Scene): { readonly trace: Trace; readonly of: string | undefined } | undefined {
  const { ranking, context } = scene;
  const isChanged =
    typeof restarted(scene) !== 'string' ||
    surelyAccused(ranking) !== undefined ||
    (ranking !== undefined && standingOut(ranking) !== undefined);
  if (isChanged) return undefined;
  const others = [...context.service.dependsOn, ...scene.dependencies.map(({ name }) => name)];
  // What a registered service answers is looked into there.
  const outside = others.filter((name) => !context.registry.services.some((service) => service.name === name));
  for (const trace of scene.traces) {
    const path = crashPath(trace.data);
    if (path === undefined || !UNREADABLE.test(trace.data.type) || !isNew(trace.data, context)) continue;
    if (trace.data.request?.status != null && trace.data.request.status < 500) continue;
    const of = outside.find((name) => isNamedFor(path, name));
    const isRegistered = context.registry.services.some(({ name }) => isNamedFor(path, name));
    if (of !== undefined || (CLIENT_CODE.test(path) && !isRegistered)) return { trace, of };
  }
  return undefined;
}

function isNamedFor(path: string, name: string): boolean {
  return (path.split('/').at(-1) ?? '').toLowerCase().includes(name.toLowerCase());
}
