/** Why no HTTP answer came, told apart by what an operator would do about it. */
import { messageOf } from '../domain/error.ts';
import { oneLine } from './clean-text.ts';
import { redact } from './redact.ts';

export interface ConnectionFailure {
  readonly kind: 'refused' | 'timeout' | 'dns' | 'tls' | 'reset' | 'other';
  readonly sentence: string;
}

const KINDS: Record<string, ConnectionFailure> = {
  ECONNREFUSED: { kind: 'refused', sentence: 'the connection was refused: nothing listens there' },
  ECONNRESET: { kind: 'reset', sentence: 'the connection was closed before the answer was complete' },
  EPIPE: { kind: 'reset', sentence: 'the connection was closed before the answer was complete' },
  UND_ERR_SOCKET: { kind: 'reset', sentence: 'the connection was closed before the answer was complete' },
  ETIMEDOUT: { kind: 'timeout', sentence: 'the connection timed out' },
  ENOTFOUND: { kind: 'dns', sentence: 'its host name is not known' },
  EAI_AGAIN: { kind: 'dns', sentence: 'its host name could not be looked up' },
  EHOSTUNREACH: { kind: 'other', sentence: 'there is no way to its host' },
  ENETUNREACH: { kind: 'other', sentence: 'there is no way to its network' },
};

/** Of an error of Node's sockets, resolver or TLS. Causes and the parts of an AggregateError are looked at too. */
export function failureOfConnection(error: unknown): ConnectionFailure {
  for (const code of codesOf(error)) {
    const known = KINDS[code];
    if (known) return known;
    if (
      /^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO$|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH)/.test(code)
    ) {
      return { kind: 'tls', sentence: `TLS failed (${code}): ${shortMessage(error)}` };
    }
    if (code.startsWith('HPE_')) return { kind: 'other', sentence: `it does not speak HTTP (${code})` };
  }
  const aborted = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
  return aborted
    ? { kind: 'timeout', sentence: 'it did not answer in time' }
    : { kind: 'other', sentence: shortMessage(error) };
}

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [...own, ...parts.flatMap(codesOf), ...(error.cause === undefined ? [] : codesOf(error.cause))];
}

function shortMessage(error: unknown): string {
  return oneLine(redact(messageOf(error)), 200);
}
