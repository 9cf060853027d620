/** Every class that can be recognised, the more specific ones first: that order breaks ties. */
import { authSecret } from './auth-secret.ts';
import { badConfig } from './bad-config.ts';
import { clockSkew } from './clock-skew.ts';
import { codeError } from './code-error.ts';
import { cpuSaturation } from './cpu-saturation.ts';
import { deadlockStall } from './deadlock-stall.ts';
import { dependencyRefused } from './dependency-refused.ts';
import { diskFull } from './disk-full.ts';
import { dns } from './dns.ts';
import { externalApiDown } from './external-api-down.ts';
import { fileDescriptorLimit } from './file-descriptor-limit.ts';
import { hostNetwork } from './host-network.ts';
import { memoryLeak } from './memory-leak.ts';
import { outOfMemory } from './out-of-memory.ts';
import { poolExhaustion } from './pool-exhaustion.ts';
import { processDown } from './process-down.ts';
import { queueBacklog } from './queue-backlog.ts';
import { rateLimit } from './rate-limit.ts';
import type { FaultRule } from './rule.ts';
import { schemaMigration } from './schema-migration.ts';
import { timeoutLatency } from './timeout-latency.ts';
import { tlsCertificate } from './tls-certificate.ts';
import { trafficSpike } from './traffic-spike.ts';

export const FAULT_RULES: readonly FaultRule[] = [
  hostNetwork,
  outOfMemory,
  diskFull,
  fileDescriptorLimit,
  tlsCertificate,
  dns,
  authSecret,
  schemaMigration,
  badConfig,
  rateLimit,
  poolExhaustion,
  deadlockStall,
  clockSkew,
  codeError,
  externalApiDown,
  dependencyRefused,
  trafficSpike,
  queueBacklog,
  memoryLeak,
  cpuSaturation,
  timeoutLatency,
  processDown,
];
