/** architecture.html is what the files say now, needs nothing but itself, and leaves no part out. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Facts, readFacts } from './facts.ts';
import { type Box, type Layout, tallLayout, wideLayout } from './layout.ts';
import { architecturePage } from './page.ts';
import { stepsOf } from './words.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const facts = readFacts();
const page = architecturePage(facts);

test('architecture.html is up to date; if not: npm run architecture', () => {
  expect(readFileSync(join(ROOT, 'architecture.html'), 'utf8') === page).toBe(true);
});

test.each([
  { says: 'a port', changed: { services: facts.services.map((service) => ({ ...service, port: 4711 })) } },
  { says: 'a rule', changed: { rules: [] } },
  { says: 'the scrape interval', changed: { scrapeInterval: '7s' } },
  { says: 'an agent', changed: { agents: ['SomeAgent'] } },
  { says: 'a dashboard', changed: { dashboards: [] } },
] satisfies { says: string; changed: Partial<Facts> }[])('another page for $says that changes', ({ changed }) => {
  expect(architecturePage({ ...facts, ...changed })).not.toBe(page);
});

test('a part or a volume of docker-compose.yml that nobody explained is refused by name', () => {
  const [first] = facts.containers;
  if (!first) throw new Error('docker-compose.yml has no services');
  const newcomer = { ...first, name: 'newcomer', volumes: [] };
  expect(() => architecturePage({ ...facts, containers: [newcomer] })).toThrow('the part newcomer');
  const keeper = { ...first, name: 'grafana', volumes: ['new-data'] };
  expect(() => architecturePage({ ...facts, containers: [keeper] })).toThrow('the volume new-data');
});

describe('the page alone is enough', () => {
  test('it loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|@import|\bon\w+=/i);
    expect([...page.matchAll(/url\(([^)]*)\)/g)].filter(([, target = '']) => !target.startsWith('#'))).toEqual([]);
  });
  test('its links lead to this machine or to files beside it', () => {
    const links = [...page.matchAll(/<a href="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(8);
    const lost = links.filter((link) => !link.startsWith('http://localhost:') && !existsSync(join(ROOT, link)));
    expect(lost).toEqual([]);
  });
});

test('every part is named with every port that it publishes', () => {
  const text = page.replaceAll(/<[^>]*>/g, ' ');
  for (const { name, hostPorts } of facts.containers.filter(({ hostPorts: ports }) => ports.length > 0))
    for (const port of hostPorts) expect(text, name).toMatch(new RegExp(`${name}.*:${port}\\b`, 's'));
  for (const { name, port } of facts.services) expect(text).toMatch(new RegExp(`${name}.*:${port}\\b`, 's'));
});

describe.each([wideLayout(3, 4), tallLayout(3, 4)])('the $name diagram', (layout) => {
  const rectangles = [...layout.boxes, { ...layout.agent, id: 'the agent' }];

  test('shows the steps of the list, each once', () => {
    const numbers = layout.lines.flatMap(({ step }) => step ?? []);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(stepsOf(facts).map((_step, index) => index + 1));
  });
  test('no box leaves the picture or covers another', () => {
    for (const { id, x, y, width, height } of rectangles)
      expect(x >= 0 && y >= 0 && x + width <= layout.width && y + height <= layout.height, id).toBe(true);
    for (const [index, one] of rectangles.entries())
      for (const other of rectangles.slice(index + 1)) expect(covers(one, other), `${one.id}, ${other.id}`).toBe(false);
  });
  test('the watched services are those of the registry that are not our own', () => {
    const inside = layout.boxes.filter((box) => isInside(box, layout.watched)).map(({ id }) => id);
    expect(inside).toEqual(['weather-app1', 'mongo-api-service', 'mongo']);
    const drawn = new Set([...layout.boxes.map(({ id }) => id), 'incident-agent-workflow']);
    expect(facts.services.filter(({ name }) => !drawn.has(name))).toEqual([]);
  });
});

type Rectangle = Pick<Box, 'x' | 'y' | 'width' | 'height'>;

function covers(one: Rectangle, other: Rectangle): boolean {
  const isBeside = one.x + one.width <= other.x || other.x + other.width <= one.x;
  const isAbove = one.y + one.height <= other.y || other.y + other.height <= one.y;
  return !isBeside && !isAbove;
}

function isInside(box: Rectangle, group: Layout['watched']): boolean {
  const isAcross = box.x >= group.x && box.x + box.width <= group.x + group.width;
  return isAcross && box.y >= group.y && box.y + box.height <= group.y + group.height;
}
