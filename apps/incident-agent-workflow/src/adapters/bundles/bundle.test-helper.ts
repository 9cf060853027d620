/** For tests: bundles with the least in them, and archives that are not as they should be. */
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import type { Observation } from '../../domain/telemetry.ts';
import type { BundleContent } from './bundle-file.ts';

const NOON = '2026-03-01T12:00:00.000Z';
export const SERVICE = { name: 'orders', logPaths: {}, dependsOn: [], runbooks: [], owners: [], labels: {} };

export function bundleContent(changes: Partial<BundleContent> = {}): BundleContent {
  return {
    manifest: {
      schema: 'incident-bundle/1',
      incident: {
        id: 'INC-7',
        status: 'investigating',
        severity: 'critical',
        service: 'orders',
        title: 'Orders fail',
        groupKey: 'service:orders',
        openedAt: NOON,
        startedAt: NOON,
      },
      run: {
        id: '4c1f7a0e-6d0b-4f0e-9d5e-2f8f6f1f2c11',
        pipelineId: '3FA9C21B',
        incidentId: 'INC-7',
        status: 'done',
        reason: 'alert',
        attempt: 1,
        createdAt: NOON,
      },
      window: { from: '2026-03-01T11:00:00.000Z', to: NOON },
      versions: { agent: '0.1.0', rules: '1' },
    },
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'HighErrorRate', service: 'orders' },
        annotations: {},
        startsAt: '2026-03-01T11:58:00.000Z',
        fingerprint: 'f1',
        format: 'alertmanager',
        receivedAt: NOON,
      },
    ],
    registry: { services: [SERVICE] },
    observations: [],
    ...changes,
  };
}

export function logsObservation(logLines: Observation['answer']['telemetry']['logLines']): Observation {
  return {
    question: { kind: 'logs', service: SERVICE, from: '2026-03-01T11:00:00.000Z', to: NOON, maxLines: 5_000 },
    answer: { source: 'loki', query: '{service="orders"}', telemetry: { logLines }, gaps: [] },
  };
}

/** An archive of anything, as an other hand may have made it. */
export async function archiveOf(
  members: readonly { name: string; text?: string; type?: 'symlink' | 'directory'; linkname?: string }[],
): Promise<Uint8Array> {
  const tar = await packTar(
    members.map(({ text = '', ...header }) => ({ header: { ...header, size: Buffer.byteLength(text) }, body: text })),
  );
  return gzipSync(tar);
}
