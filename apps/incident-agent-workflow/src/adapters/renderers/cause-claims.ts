/** What stands under the root cause: what neither the summary nor the evidence right below says in the same words. */
import { type Claim, distinctClaims } from '../../domain/claim.ts';
import type { Report } from '../../domain/report.ts';
import { BOUNDS } from './bounds.ts';

/** `shown`: the evidence that is shown with its data, under its title. */
export function causeClaims({ code, verdict, investigation, evidence }: Report, shown: ReadonlySet<string>): Claim[] {
  const why =
    code === null || verdict.status !== 'established'
      ? []
      : code.rootCause.status === 'undetermined'
        ? code.rootCause.alternatives
        : [code.rootCause.why];
  const titles = evidence.filter(({ id }) => shown.has(id)).map(({ title }) => title);
  const said = [verdict.statement.text, ...verdict.support.map(({ text }) => text), ...titles].map(bare);
  return distinctClaims([...why, ...(investigation?.claims ?? [])])
    .filter(({ text }) => !said.some((one) => one === bare(text) || one.endsWith(`: ${bare(text)}`)))
    .slice(0, BOUNDS.claims);
}

function bare(text: string): string {
  return text.trim().replace(/\.$/, '');
}
