/** What the engine makes of a case, in the words that the set's script reads. */
import { analyze } from '../../../apps/incident-agent-workflow/src/analyze/analyze.ts';
import type { OutsideCause } from '../../../apps/incident-agent-workflow/src/analyze/commits/none.ts';
import { outsideCauses } from '../../../apps/incident-agent-workflow/src/analyze/commits/outside.ts';
import type { Suspect } from '../../../apps/incident-agent-workflow/src/analyze/commits/rank.ts';
import { observeTelemetry } from '../../../apps/incident-agent-workflow/src/analyze/producers.ts';
import { accused, rankSuspects } from '../../../apps/incident-agent-workflow/src/analyze/suspicion.ts';
import type { Facts } from '../../../apps/incident-agent-workflow/src/domain/facts.ts';
import { ABSTAIN_BELOW } from '../../../apps/incident-agent-workflow/src/domain/hypothesis.ts';
import type { Case } from './case.ts';
import { translate } from './observations.ts';

export interface Prediction {
  readonly root_cause_commit: string;
  readonly first_failing_service: string;
  readonly blast_radius: readonly string[];
  readonly remediation: string;
}

/** The ranking of suspects is the one that the report's list of commits shows; nobody accused is "none". */
export function predict(one: Case): Prediction {
  const { observations, context } = translate(one);
  const facts = analyze(observations, context);
  const onset = facts.onset ?? context.provisionalOnset;
  const telemetry = observeTelemetry(observations, context);
  const ranking = rankSuspects(observations, telemetry, context, onset);
  const suspect = ranking && accused(ranking);
  return {
    root_cause_commit: suspect?.commit.hash ?? 'none',
    first_failing_service: facts.service,
    blast_radius: troubled(facts),
    remediation: suspect ? undoing(suspect) : remedyOf(outsideCauses(telemetry, observations, context, onset)),
  };
}

/** The same case by the report's verdict: what its first hypothesis names, if it is not below the abstain level. */
export function predictByVerdict(one: Case): Prediction {
  const { observations, context } = translate(one);
  const [first] = analyze(observations, context).hypotheses;
  const commit = first && first.confidence >= ABSTAIN_BELOW ? first.cause.commit : null;
  return { ...predict(one), root_cause_commit: commit ?? 'none' };
}

/** Services that complain of something new, or whose errors or latencies rose; in the order of their names. */
function troubled(facts: Facts): string[] {
  const names = facts.evidence.flatMap((item) => {
    if (item.kind === 'logs') return item.data.level !== 'info' && item.data.baselineCount === 0 ? [item.service] : [];
    if (item.kind !== 'metric' || item.data.onset === null) return [];
    return item.data.direction === 'up' && (item.data.family === 'errors' || item.data.family === 'latency')
      ? [item.service]
      : [];
  });
  return [...new Set([facts.service, ...names])].toSorted();
}

const SETTINGS = /\.(?:ya?ml|toml|ini|conf|env|properties|json|tf)$/;

function undoing({ commit }: Suspect): string {
  return commit.files.every(({ path }) => SETTINGS.test(path)) ? 'config-revert' : 'rollback';
}

const REMEDIES: Readonly<Record<OutsideCause['kind'], string>> = {
  'poison data': 'purge-bad-data',
  certificate: 'rotate-cert',
  credentials: 'rotate-cert',
  clock: 'reschedule',
  host: 'reschedule',
  traffic: 'scale',
  provider: 'escalate-upstream',
  'name service': 'failover',
  network: 'failover',
  disk: 'scale',
};

function remedyOf(causes: readonly OutsideCause[]): string {
  const [first] = causes;
  return first ? REMEDIES[first.kind] : 'escalate-upstream';
}
