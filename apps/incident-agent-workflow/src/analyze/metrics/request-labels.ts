/** How frameworks label the requests that they count: what became of one, whom it was for, and whether a machine asked. */

type Labels = Readonly<Record<string, string>>;

/** Words or numbers of gRPC. */
export const GRPC_LABELS = ['grpc_code', 'grpc_status', 'grpc_response_status', 'rpc_grpc_status_code'];
const STATUS_LABELS = [
  'status',
  'code',
  'status_code',
  'statusCode',
  'http_status',
  'http_status_code',
  'http_response_status_code',
  'response_code',
  'response_status_code',
  'status_class',
  'outcome',
  ...GRPC_LABELS,
  'envoy_response_code',
  'envoy_response_code_class',
];
/** Codes of gRPC as the HTTP class that means the same; without underscores, in lower case. */
const GRPC_WORDS: Readonly<Record<string, string>> = {
  ok: '2',
  cancelled: '4',
  canceled: '4',
  unknown: '5',
  invalidargument: '4',
  deadlineexceeded: '5',
  notfound: '4',
  alreadyexists: '4',
  permissiondenied: '4',
  resourceexhausted: '4',
  failedprecondition: '4',
  aborted: '4',
  outofrange: '4',
  unimplemented: '5',
  internal: '5',
  unavailable: '5',
  dataloss: '5',
  unauthenticated: '4',
};
/** Micrometer's, in its own capitals: `outcome="success"` may be that of a job. */
const OUTCOMES: Readonly<Record<string, string>> = {
  INFORMATIONAL: '1',
  SUCCESS: '2',
  REDIRECTION: '3',
  CLIENT_ERROR: '4',
  SERVER_ERROR: '5',
};
/** 0 to 16, in the order of the standard. */
const GRPC_NUMBERS = ['2', '4', '5', '4', '5', '4', '4', '4', '4', '4', '4', '4', '5', '5', '5', '5', '4'];

/** `5` of `5xx`, `502`, `SERVER_ERROR` and `Unavailable`; undefined: the series says nothing of how a request ended. */
export function statusClass(labels: Labels): string | undefined {
  for (const name of STATUS_LABELS) {
    const value = labels[name];
    const found = value === undefined ? undefined : classOf(name, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `401`; undefined: only its class is told, or nothing. */
export function exactStatus(labels: Labels): string | undefined {
  return STATUS_LABELS.map((name) => labels[name]).find((value) => value !== undefined && /^[1-5]\d\d$/.test(value));
}

function classOf(name: string, value: string): string | undefined {
  if (name === 'outcome') return Object.hasOwn(OUTCOMES, value) ? OUTCOMES[value] : undefined;
  if (name.includes('grpc') && /^\d{1,2}$/.test(value)) return GRPC_NUMBERS[Number(value)];
  if (name === 'envoy_response_code_class') return /^[1-5]$/.exec(value)?.[0];
  const http = /^([1-5])(?:xx|\d\d)$/i.exec(value)?.[1];
  const word = value.replaceAll('_', '').toLowerCase();
  const isCode = name.includes('grpc') || name === 'code';
  return http ?? (isCode && Object.hasOwn(GRPC_WORDS, word) ? GRPC_WORDS[word] : undefined);
}

const HANDLER_LABELS = [
  'handler',
  'route',
  'http_route',
  'path',
  'uri',
  'endpoint',
  'url_path',
  'http_target',
  'url',
  'view',
  'controller',
  'resource',
  'grpc_method',
  'rpc_method',
];

/** The route that was asked for, or the method of gRPC. */
export function handlerOf(labels: Labels): string | undefined {
  return HANDLER_LABELS.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
}

/** `GET /items/`; only the handler where the method is not counted; undefined: neither. */
export function requestOf(labels: Labels): string | undefined {
  const handler = handlerOf(labels);
  const method = labels.method ?? labels.http_method ?? labels.http_request_method ?? labels.verb;
  return handler === undefined ? undefined : `${method ?? ''} ${handler}`.trim();
}

/** Asked by Prometheus and by health checks, every few seconds: they would hide what people ask for. */
const PROBES =
  /^\/?(?:(?:actuator|api|q|_|-|internal|management)\/)?(?:(?:metrics|prometheus|ping|(?:health|ready|readiness|live|liveness)(?:z|y|[-_]?checks?)?)(?:\/.*)?|-\/.*)$|^grpc\.health\./i;

export function isProbe(labels: Labels): boolean {
  return (
    PROBES.test(handlerOf(labels) ?? '') || (labels.grpc_service ?? labels.rpc_service ?? '').startsWith('grpc.health.')
  );
}

const THOUSANDTH = /_(?:milliseconds|millis|ms)(?:_|$)|_rq_time(?:_|$)/;
const MILLIONTH = /_(?:microseconds|micros|us)(?:_|$)/;
const BILLIONTH = /_(?:nanoseconds|nanos|ns)(?:_|$)/;

/** A duration is told in seconds, whatever its metric counts in. */
export function secondsPerUnit(metric: string): number {
  if (THOUSANDTH.test(metric)) return 1e-3;
  if (MILLIONTH.test(metric)) return 1e-6;
  return BILLIONTH.test(metric) ? 1e-9 : 1;
}
