import { expect, test } from 'vitest';
import { dashboardUrl } from './dashboard-url.ts';

const RUN = { createdAt: '2026-11-30T10:01:00.000Z' };
const milliseconds = (instant: string): string => String(Date.parse(instant));

function linkFor(grafanaUrl: string, incident: { service?: string; startedAt?: string }): URL {
  return new URL(dashboardUrl(grafanaUrl, { startedAt: '2026-11-30T10:00:00.5Z', ...incident }, RUN));
}

test('the link opens the services dashboard at the service and the time of the incident', () => {
  const link = linkFor('http://localhost:3000', { service: 'weather-app1' });
  expect(link.origin + link.pathname).toBe('http://localhost:3000/d/incident-agent-services/services');
  expect(Object.fromEntries(link.searchParams)).toEqual({
    'var-service': 'weather-app1',
    from: milliseconds('2026-11-30T09:45:00.500Z'),
    to: milliseconds('2026-11-30T10:16:00.000Z'),
  });
});

test.each([
  {
    says: 'below a path',
    grafanaUrl: 'https://example.org/grafana/',
    path: '/grafana/d/incident-agent-services/services',
  },
  { says: 'a dashboard of one’s own', grafanaUrl: 'https://example.org/d/abc/ours?orgId=2', path: '/d/abc/ours' },
])('Grafana $says', ({ grafanaUrl, path }) => {
  const link = linkFor(grafanaUrl, {});
  expect(link.pathname).toBe(path);
  expect(link.searchParams.get('orgId')).toBe(new URL(grafanaUrl).searchParams.get('orgId'));
  expect(link.searchParams.has('var-service')).toBe(false);
});

test('an alert that claims to be years old does not stretch the dashboard over years', () => {
  const link = linkFor('http://localhost:3000', { startedAt: '2020-01-01T00:00:00Z' });
  expect(link.searchParams.get('from')).toBe(milliseconds('2026-11-29T09:46:00.000Z'));
});

test('the name of a service cannot add a parameter of its own', () => {
  const link = linkFor('http://localhost:3000', { service: 'a&from=0#x' });
  expect(link.searchParams.getAll('from')).toHaveLength(1);
  expect(link.searchParams.get('var-service')).toBe('a&from=0#x');
});
