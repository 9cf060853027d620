/** What to do, fastest safe step first. Commands are for a person to run; nothing here is run. */
import type { Facts } from '../domain/facts.ts';
import type { Findings, FixSuggestion } from '../domain/finding.ts';
import type { Verdict } from '../domain/report.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { oneLine } from '../lib/clean-text.ts';

const MAX_ACTIONS = 6;
const MAX_ACTION_CHARACTERS = 500;

/** A command stands between backticks. */
export function actionsOf(facts: Facts, findings: Findings, verdict: Verdict): string[] {
  const known = verdict.status === 'established';
  const operator = known || verdict.status === 'not-confirmed' ? (facts.hypotheses[0]?.actions ?? []) : [];
  const fix = known ? fixSteps(findings.code?.fix, operator) : [];
  const checks = known ? [] : (findings.quick?.checkFirst ?? []);
  const later = findings.code?.nextSteps ?? [];
  const blind = known ? [] : facts.notChecked;
  const repeated = fix.length > 0 ? findings.code?.fix : undefined;
  const advice = oncePerGap([
    ...fix,
    ...[...operator, ...checks, ...later].filter((action) => !isSameRevert(action, repeated)),
  ]);
  const asked = new Set(advice.flatMap(gapsIn));
  const byHand = blind.filter(({ cites }) => !cites.some((id) => asked.has(id)));
  return distinct([...advice, ...byHand.map(({ what, because }) => WORDS.byHand(what, because))])
    .slice(0, MAX_ACTIONS)
    .map((action) => oneLine(action, MAX_ACTION_CHARACTERS));
}

/** To see what was not seen is one step, in whatever words each agent advises it. */
export function oncePerGap(texts: readonly string[]): string[] {
  const named = new Set<string>();
  return texts.filter((text) => {
    const gaps = gapsIn(text);
    const isNew = gaps.length === 0 || gaps.some((id) => !named.has(id));
    for (const id of gaps) named.add(id);
    return isNew;
  });
}

function gapsIn(text: string): string[] {
  return text.match(/\bG\d{1,4}\b/g) ?? [];
}

/** The fix says it with its command: the same advice without is not said again. */
function isSameRevert(action: string, fix: FixSuggestion | undefined): boolean {
  return (
    fix?.kind === 'revert' && fix.commit !== null && /^revert/i.test(action) && action.includes(fix.commit.slice(0, 7))
  );
}

/** A fix whose commands an operator's step already has says the same thing twice. */
function fixSteps(fix: FixSuggestion | undefined, said: readonly string[]): string[] {
  if (!fix || fix.kind === 'none') return [];
  const commands = fix.commands.filter((command) => !command.includes('`'));
  if (commands.length === 0) return [fix.text];
  if (commands.every((command) => said.some((action) => action.includes(command)))) return [];
  return [`${withoutFullStop(fix.text)}: ${commands.map((command) => `\`${command}\``).join(WORDS.thenRun)}`];
}

function withoutFullStop(text: string): string {
  return text.replace(/[.:]\s*$/, '');
}

/** Two agents often recommend the same thing; said twice it reads like two things. */
function distinct(actions: readonly string[]): string[] {
  const seen = new Set<string>();
  return actions.filter((action) => {
    const key = action
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
