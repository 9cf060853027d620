/** What rules ask of a process that cannot have the port it listens at. */
import type { ErrorText, Scene } from '../scene.ts';
import { putDownTo } from '../suspicion.ts';
import { textSignal } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { isAway } from './standing-still.ts';

export const TAKEN =
  /EADDRINUSE|[Aa]ddress already in use|Only one usage of each socket address|[Pp]ort \d+ (?:is |was )?(?:already )?(?:in use|taken|allocated|occupied)/;
const PORT = /(?::|\bport\b\D{0,12})(\d{2,5})\b/i;

/** Another program has the port that it always had: no setting of its own is wrong. */
export function portOfAnother(scene: Scene): ErrorText | undefined {
  const text = scene.texts.find((each) => each.isNovel && TAKEN.test(each.text));
  if (!text || putDownTo(scene.ranking)) return undefined;
  const { healthUrl, readyUrl, metricsUrl } = scene.context.service;
  const known = [healthUrl, readyUrl, metricsUrl].flatMap((url) => PORT.exec(url ?? '')?.[1] ?? []);
  const at = text.text.search(TAKEN);
  const said = PORT.exec(text.text.slice(at, at + 120).split('\n')[0] ?? '')?.[1];
  return said === undefined || known.length === 0 || known.includes(said) ? text : undefined;
}

export const portIsTaken: Predicate = (scene) => {
  const text = isAway(scene) || scene.logsSeen ? portOfAnother(scene) : undefined;
  return text ? textSignal(text, TAKEN, scene, 2) : scene.logsSeen ? 'absent' : 'unknown';
};
