/** Alertmanager webhooks as large as real ones: about 560 bytes an alert. Every alert is one that was never seen before. */

export interface AlertShape {
  readonly services: number;
  readonly rules: number;
}

let made = 0;

/** The body of one webhook. Its alerts go round the services and rules. */
export function webhook(alertCount: number, shape: AlertShape): string {
  const startsAt = new Date().toISOString();
  return JSON.stringify({
    version: '4',
    groupKey: '{}:{}',
    status: 'firing',
    receiver: 'incident-agent',
    alerts: Array.from({ length: alertCount }, () => alert(made++, shape, startsAt)),
  });
}

function alert(number: number, { services, rules }: AlertShape, startsAt: string): object {
  const service = `service-${number % services}`;
  const alertname = `Rule${Math.floor(number / services) % rules}`;
  const instance = `10.${(number >> 16) % 256}.${(number >> 8) % 256}.${number % 256}:8080`;
  return {
    status: 'firing',
    labels: { alertname, service, instance, job: 'services', severity: 'warning', env: 'production' },
    annotations: {
      summary: `${service}: more than 5 % of requests fail on ${instance}`,
      description: `The share of requests that ${service} answered with a server error was above 5 % for two minutes.`,
    },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: `http://prometheus:9090/graph?g0.expr=${alertname}&g0.tab=1`,
    fingerprint: number.toString(16).padStart(16, '0'),
  };
}
