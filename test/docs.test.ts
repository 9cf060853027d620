/** What the docs list is what the code has, both ways. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAULT_RULES } from '../apps/incident-agent-workflow/src/analyze/fault-classes/all.ts';
import { FaultClass } from '../apps/incident-agent-workflow/src/domain/fault-class.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function found(text: string, pattern: RegExp): string[] {
  const all = [...text.matchAll(pattern)].map(([, one]) => one ?? '');
  return [...new Set(all)].toSorted((a, b) => (a < b ? -1 : 1));
}
function sorted(names: readonly string[]): string[] {
  return [...names].toSorted((a, b) => (a < b ? -1 : 1));
}

describe('fault classes', () => {
  const page = read('docs/fault-classes.md');
  test('the page lists each, and no other', () => {
    expect(found(page, /^\| `([a-z-]+)` \|/gm)).toEqual(sorted(FaultClass.options));
  });
  test('each is looked for by a rule, and the page says what shows it', () => {
    const shown = found(page, /^\| `([a-z-]+)` \| [^|]+ \| [^|]{4,} \| [^|]*\|$/gm);
    expect(shown).toEqual(sorted(FAULT_RULES.map((rule) => rule.class)));
  });
});

describe('settings of the agent', () => {
  const SOURCES = ['PROMETHEUS', 'LOKI', 'ALERTMANAGER', 'GRAFANA'];
  const settings = sorted([
    ...found(read('apps/incident-agent-workflow/src/config.ts'), /^ {2}([A-Z][A-Z_]+):/gm),
    ...SOURCES.map((source) => `${source}_URL`),
  ]);
  test('there are settings to compare', () => {
    expect(settings.length).toBeGreaterThan(20);
  });
  test('.env.example names each, and no other', () => {
    expect(found(read('apps/incident-agent-workflow/.env.example'), /^#([A-Z_]+)=/gm)).toEqual(settings);
  });
  test('docs/configuration.md names each', () => {
    const page = read('docs/configuration.md');
    expect(settings.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

test('docs/api.md names every route of the agent, and no other', () => {
  const folder = 'apps/incident-agent-workflow/src/server';
  const files = [
    ...readdirSync(join(ROOT, folder, 'routes')).map((name) => `${folder}/routes/${name}`),
    `${folder}/auth.ts`,
  ];
  const routes = files.flatMap((file) =>
    [...read(file).matchAll(/server\.(get|post)(?:<[^(]*>)?\(\s*[`'](\/[^`']*)[`']/g)].map(
      ([, method, path]) => `${method?.toUpperCase()} ${path}`,
    ),
  );
  const named = routes.map((route) => route.replaceAll(/:(\w+)/g, '{$1}').replace(/\.\$\{.*\}$/, '.pdf'));
  const page = read('docs/api.md');
  const listed = found(page, /`((?:GET|POST) \/[^`?\s]*)/g);
  const elsewhere = ['GET /page.css', 'GET /sign-in', 'POST /sign-in', 'GET /metrics'];
  expect(routes.length).toBeGreaterThan(12);
  expect(sorted([...new Set(named)].filter((route) => !elsewhere.includes(route)))).toEqual(
    sorted(listed.filter((route) => !elsewhere.includes(route))),
  );
});

test('every link between the pages leads somewhere', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    'monitoring/README.md',
    ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
  ];
  const broken = pages.flatMap((page) =>
    found(read(page), /\]\(([^)#:]+)\)/g)
      .filter((link) => {
        try {
          readdirSync(join(ROOT, page, '..', link, '..'));
          return !readdirSync(join(ROOT, page, '..', link, '..')).includes(link.split('/').at(-1) ?? '');
        } catch {
          return true;
        }
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});
