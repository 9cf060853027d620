/** The description of a draft: what broke, why we think so, what it changes, how it was tried, what to beware of. Markdown. */
import type { Claim } from '../domain/claim.ts';
import { bandOf, bandWord } from '../domain/hypothesis.ts';
import type { Proof } from '../domain/proposal.ts';
import { escapeMarkdown, fenced } from '../lib/escape.ts';
import { redact } from '../lib/redact.ts';
import { percent, shortHash, upperFirst } from '../lib/wording.ts';
import type { Drafting } from './draft.ts';

const STATE_WORDS = {
  proven: 'Proven',
  passes: 'Existing tests pass; the failure itself was not made to happen',
  unproven: 'Not proven',
  disproven: 'Disproven',
} as const satisfies Record<Proof['state'], string>;
const MAX_BODY = 60_000;

export function draftBody({ incident, hypothesis, proposal, url }: Drafting, marker: string): string {
  const { proof } = proposal;
  const link = (claim: Claim): string =>
    claim.cites.map((id) => (url === undefined ? ` ${id}` : ` [${id}](${url}#${id})`)).join('');
  const says = (claim: Claim): string => `${prose(claim.text)}${link(claim)}`;
  const lines = [
    marker,
    `**${prose(incident.title)}** (${url === undefined ? incident.id : `[${incident.id}](${url})`}), since ${incident.startedAt}`,
    '',
    '## Why',
    `${says(hypothesis.statement)} ${bandWord(bandOf(hypothesis.confidence))}, ${percent(hypothesis.confidence)}.`,
    '',
    ...hypothesis.supporting.slice(0, 6).map((claim) => `- ${says(claim)}`),
    ...hypothesis.contradicting.slice(0, 3).map((claim) => `- Against it: ${says(claim)}`),
    '',
    '## What this changes',
    prose(proposal.story),
    '',
    ...proposal.files.map(
      (file) => `- \`${file.path.replaceAll('`', "'")}\`: +${file.addedLines} −${file.removedLines}`,
    ),
    '',
    `## Proof: ${STATE_WORDS[proof.state]}`,
    `${prose(upperFirst(proof.reason))}. Tried at ${shortHash(proof.revision)}, ${proof.revisionFrom === 'head' ? 'the head of the clone, since what runs is not known' : 'the revision that runs'}.`,
    '',
    ...proofTable(proof),
    ...reproduction(proof),
    '## Risk',
    ...(proposal.risks.length === 0
      ? ['- None is known beyond that of the change itself.']
      : proposal.risks.map((risk) => `- ${prose(risk)}`)),
    '',
    '## Undo',
    prose(proposal.undo),
    '',
    '## Is this wrong?',
    url === undefined
      ? 'Close this draft and say so on the incident.'
      : `Close this draft and say so on [the incident](${url}#fix): it is learnt from.`,
    '',
    'Opened as a draft by the incident agent. It does not merge, approve or mark as ready; a person decides.',
  ];
  const body = `${lines.join('\n')}\n`;
  return body.length <= MAX_BODY ? body : `${body.slice(0, MAX_BODY)}\n…\n`;
}

/** Text from outside: secrets out, nothing of it works as Markdown, HTML, a mention or a reference. */
function prose(text: string): string {
  return escapeMarkdown(redact(text));
}

function proofTable({ checks }: Proof): string[] {
  if (checks.length === 0) return [];
  const rows = checks.map(
    ({ name, before, after, without, milliseconds }) =>
      `| ${[name, before, after, without ?? '–'].map(prose).join(' | ')} | ${(milliseconds / 1000).toFixed(1)} s |`,
  );
  return ['| check | before | with the fix | fix taken out | time |', '| --- | --- | --- | --- | --- |', ...rows, ''];
}

function reproduction({ reproduction: test }: Proof): string[] {
  if (!test) return [];
  return [
    '<details><summary>The failing call as a test</summary>',
    '',
    `\`${test.path.replaceAll('`', "'")}\``,
    '',
    fenced(test.text),
    '',
    '</details>',
    '',
  ];
}
