/** Where in the code, which commit, why it fails, and what to do about it; or why the code is not to blame. */
import type { Claim } from '../domain/claim.ts';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { CodeFinding, Findings, FixSuggestion, RootCause } from '../domain/finding.ts';
import { ABSTAIN_BELOW, type Hypothesis, LIKELY_FROM } from '../domain/hypothesis.ts';
import { displayName, shortHash } from '../lib/wording.ts';
import { generalChecks } from './quick-analysis.ts';

const MAX_LOCATIONS = 8;
const MAX_ALTERNATIVES = 4;

export const agent = { name: 'CodeAnalysisAgent', conclude, summary } as const;

function conclude(facts: Facts, _findings: Findings): CodeFinding {
  const rootCause = rootCauseOf(facts);
  const fix = fixOf(facts);
  return {
    locations: locationsOf(facts),
    rootCause,
    affectedCode: affectedCode(facts, rootCause),
    fix,
    // The fix says the revert with its command.
    nextSteps: nextSteps(facts).filter((step) => fix.kind !== 'revert' || !/^revert /i.test(step)),
  };
}

function summary({ rootCause, fix }: CodeFinding): string {
  const place =
    rootCause.status === 'located' ? `${rootCause.path}${rootCause.line === null ? '' : `:${rootCause.line}`}` : 'none';
  const commit = rootCause.status === 'located' && rootCause.commit ? shortHash(rootCause.commit) : 'none';
  return `root_cause=${rootCause.status} location=${place} commit=${commit} fix=${fix.kind}`;
}

/** Frames of our own code that lie in the repository, the crash frame of each trace first. */
function locationsOf(facts: Facts): CodeFinding['locations'] {
  const locations: CodeFinding['locations'] = [];
  for (const trace of evidenceOfKind(facts.evidence, 'stack-trace')) {
    const { frames, crashFrame } = trace.data;
    const crash = crashFrame === null ? undefined : frames[crashFrame];
    for (const frame of crash ? [crash, ...frames.filter((other) => other !== crash)] : frames) {
      if (!frame.inApp || frame.repositoryPath === null || frame.line === null) continue;
      const { repositoryPath: path, line, function: name } = frame;
      if (locations.some((seen) => seen.path === path && seen.line === line)) continue;
      locations.push({ path, line, function: name, cite: trace.id });
    }
  }
  return locations.slice(0, MAX_LOCATIONS);
}

function rootCauseOf(facts: Facts): RootCause {
  const [first] = facts.hypotheses;
  if (!first || first.confidence < ABSTAIN_BELOW)
    return { status: 'undetermined', alternatives: alternativesOf(facts) };
  const { cause } = first;
  if (cause.file !== null)
    return { status: 'located', path: cause.file, line: cause.line, commit: cause.commit, why: whyOf(first) };
  if (cause.kind === 'code') return { status: 'undetermined', alternatives: alternativesOf(facts) };
  return { status: 'outside-code', why: first.statement };
}

/** The tie between change and failure where there is one, else the statement itself. */
function whyOf(hypothesis: Hypothesis): Claim {
  const { commit } = hypothesis.cause;
  const tie = commit && hypothesis.supporting.find((claim) => claim.text.includes(shortHash(commit)));
  return tie || hypothesis.statement;
}

/** Concrete candidates; where not even those exist, what was seen to fail. */
function alternativesOf(facts: Facts): Claim[] {
  const named = facts.hypotheses.slice(0, MAX_ALTERNATIVES).map((hypothesis) => hypothesis.statement);
  const seen = facts.evidence
    .filter((item) => item.kind === 'stack-trace' || (item.kind === 'logs' && item.data.level !== 'info'))
    .map((item) => ({ text: `${item.title}.`, cites: [item.id] }));
  const claims = named.length > 0 ? named : seen;
  return claims.length > 0 ? claims.slice(0, MAX_ALTERNATIVES) : [facts.alertCheck];
}

function affectedCode(facts: Facts, rootCause: RootCause): CodeFinding['affectedCode'] {
  if (rootCause.status !== 'located' || rootCause.line === null) return [];
  const { path, line } = rootCause;
  const shown = evidenceOfKind(facts.evidence, 'code').find(
    ({ data }) => data.path === path && data.highlightedLine === line,
  );
  const cite = shown?.id ?? rootCause.why.cites[0];
  return cite ? [{ path, line, why: rootCause.why.text, cite }] : [];
}

function fixOf(facts: Facts): FixSuggestion {
  const [first] = facts.hypotheses;
  const none = { kind: 'none' as const, commit: null, commands: [], risk: '' };
  if (!first || first.confidence < ABSTAIN_BELOW)
    return { ...none, text: 'No fix is proposed: the cause is not established' };
  const { cause, confidence } = first;
  if (cause.kind === 'none') return { ...none, text: 'Nothing is to be mended: the alert is not confirmed' };
  if (cause.commit) return confidence >= LIKELY_FROM ? revertOf(cause.commit, facts) : possibleRevert(cause.commit);
  const kind = cause.kind === 'config' ? 'config-change' : cause.kind === 'code' ? 'roll-back' : 'operator-action';
  const text = first.actions[0] ?? 'See the next steps';
  const risk = cause.dependency
    ? `Changes nothing in the program; whoever else uses ${displayName(cause.dependency)} notices it too`
    : 'Changes nothing in the program';
  return { kind, commit: null, text, commands: [], risk };
}

function revertOf(commit: string, facts: Facts): FixSuggestion {
  const evidence = evidenceOfKind(facts.evidence, 'commit').find((item) => item.data.hash === commit);
  const later = laterOnSameFiles(commit, facts);
  const conflict =
    later.length > 0
      ? ` Later commits touch the same files (${later.map((hash) => shortHash(hash)).join(', ')}): the revert may need a hand.`
      : '';
  const manual = evidence?.data.files.some((file) => /migrat|\.sql$/i.test(file.path))
    ? ' It holds a migration: what that did to the database is not undone by a revert.'
    : '';
  return {
    kind: 'revert',
    commit,
    text: `Revert ${shortHash(commit)} and deploy; or, faster where it is possible, roll back to the deployment before it`,
    commands: [`git revert --no-edit ${commit}`],
    risk: `Takes back everything that commit brought.${conflict}${manual}`,
  };
}

function possibleRevert(commit: string): FixSuggestion {
  return {
    kind: 'roll-back',
    commit,
    text: `If the failure began with the last deployment, roll it back; then look at ${shortHash(commit)} before anything is reverted`,
    commands: [`git show ${commit}`],
    risk: 'The commit is only a possible cause: a revert may change nothing',
  };
}

/** Shown suspects that came after it and share a file. */
function laterOnSameFiles(commit: string, facts: Facts): string[] {
  const shown = evidenceOfKind(facts.evidence, 'commit');
  const own = shown.find((item) => item.data.hash === commit);
  if (!own) return [];
  const paths = new Set(own.data.files.map((file) => file.path));
  return shown
    .filter((item) => Date.parse(item.data.committedAt) > Date.parse(own.data.committedAt))
    .filter((item) => item.data.files.some((file) => paths.has(file.path)))
    .map((item) => item.data.hash);
}

function nextSteps(facts: Facts): string[] {
  const [first] = facts.hypotheses;
  const steps = first && first.confidence >= ABSTAIN_BELOW ? [...first.actions] : [];
  if (steps.length === 0) {
    steps.push(...generalChecks(facts));
    for (const gap of facts.gaps) if (gap.coveredBy === undefined) steps.push(`Close the gap ${gap.id}: ${gap.detail}`);
  }
  return [...new Set(steps)].slice(0, 6);
}
