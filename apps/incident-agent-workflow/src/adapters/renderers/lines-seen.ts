import type { EvidenceOf } from '../../domain/evidence.ts';
import { evidenceOfKind } from '../../domain/evidence.ts';
import type { Report } from '../../domain/report.ts';

/** Patterns with lines to show. That a log holds none is a sentence, not an empty block. */
export function linesSeen({ evidence }: Pick<Report, 'evidence'>): EvidenceOf<'logs'>[] {
  return evidenceOfKind(evidence, 'logs').filter(({ data }) => data.samples.length > 0);
}
