/** What each agent concluded, as headings and lists. The PDF lays the same out as tables, see pdf-agents.ts. */
import type { Claim } from '../../domain/claim.ts';
import type { Report } from '../../domain/report.ts';
import { agentSections } from './agent-sections.ts';
import type { Block, Item } from './outline.ts';

export function agentsOutline(report: Report): Block[] {
  return agentSections(report).flatMap(({ name, rows, missing }): Block[] => [
    { kind: 'heading', level: 3, text: name },
    ...(missing === null ? [] : [{ kind: 'sentence' as const, text: missing, cites: [] }]),
    ...(rows.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            ordered: false,
            items: rows.flatMap(({ label, claims }) => claims.map((claim) => itemOf(label, claim))),
          },
        ]),
  ]);
}

function itemOf(label: string, { text, cites }: Claim): Item {
  return { text: `${label}: ${text}`, cites };
}
