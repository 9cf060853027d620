import { expect, test } from 'vitest';
import type { CodeExcerpt, Series } from '../../domain/telemetry.ts';
import { commitOf, inputOf, replacing } from '../commits/commit.test-helper.ts';
import { rankCommits } from '../commits/rank.ts';
import { FROM, instantAt, metricAnswer, ONSET_INDEX, SAMPLES, SERVICE } from '../metrics/observations.test-helper.ts';
import { entryOf } from './entries.ts';
import { requestsByOutcome } from './requests.ts';
import { spectrumOf } from './spectrum.ts';
import { unitAt, unitsOf } from './units.ts';

function source(path: string, text: string): CodeExcerpt {
  const lines = text.split('\n');
  return { path, revision: 'r', firstLine: 1, lines, totalLines: lines.length };
}

const PYTHON = [
  source(
    'shop/app.py',
    `from shop import handlers

def build(router):
    router.add("POST", "/orders", handlers.place)
    router.add("GET", "/orders/{id}", handlers.show)
    router.add("GET", "/prices", handlers.prices)
`,
  ),
  source(
    'shop/handlers.py',
    `def place(request):
    basket = read(request)
    return store.insert(total(basket))

def show(request):
    order = store.find(request.id)
    return view(order)

def view(order):
    return {"note": order.note}

def prices(request):
    return store.find(request.id)
`,
  ),
  source(
    'shop/pricing.py',
    `def total(basket):
    return sum(basket) * rate(limit)
`,
  ),
  source(
    'shop/worker.py',
    `def run():
    while True:
        take()
`,
  ),
];
const SUFFERING = { suffering: ['POST /orders'], healthy: ['GET /orders/:id', 'GET /prices'] };

test.each([
  { says: 'what only the suffering request runs through', path: 'shop/pricing.py', line: 2, value: 1 },
  { says: 'its handler', path: 'shop/handlers.py', line: 2, value: 1 },
  { says: 'what only a healthy one runs through', path: 'shop/handlers.py', line: 10, value: 0 },
  { says: 'what runs beside all requests', path: 'shop/worker.py', line: 2, value: undefined },
  { says: 'what is done as the program starts', path: 'shop/app.py', line: 1, value: undefined },
])('$says has the value $value', ({ path, line, value }) => {
  expect(spectrumOf(SUFFERING, PYTHON)?.at(path, line)).toBe(value);
});

test('what all requests run through says less, and a setting counts where it is named', () => {
  const all = { suffering: ['GET /orders/{id}'], healthy: ['GET /prices'] };
  const shared = [
    ...PYTHON,
    source('shop/store.py', 'class Store:\n    def find(self, id):\n        return self.rows[id]\n'),
  ];
  expect(spectrumOf(all, shared)?.at('shop/store.py', 3)).toBeCloseTo(Math.SQRT1_2, 9);
  expect(spectrumOf(SUFFERING, PYTHON)?.naming('limit')).toBe(1);
  expect(spectrumOf(SUFFERING, PYTHON)?.naming('colour')).toBe(undefined);
});

test.each([
  { says: 'no request is healthy', requests: { ...SUFFERING, healthy: [] } },
  { says: 'nobody knows where the suffering one enters', requests: { ...SUFFERING, suffering: ['POST /refunds'] } },
])('nothing is told where $says', ({ requests }) => {
  expect(spectrumOf(requests, PYTHON)).toBe(undefined);
});

test.each([
  {
    says: 'a route with its handler in place',
    text: "app.post('/orders', async (request) => {\n  await place(request);\n});",
    handed: 'place',
  },
  {
    says: 'an annotation',
    text: '  @PostMapping("/orders")\n  Order create(@RequestBody Basket basket) {\n    return pricing.total(basket);\n  }',
    handed: 'create',
  },
  { says: 'a method reference', text: '    router.add("POST", "/orders", this::postOrder);', handed: 'postOrder' },
  {
    says: 'a router that is mounted elsewhere',
    text: "router.post('/orders/', placeOrder);",
    handed: 'placeOrder',
    request: 'POST /api/orders',
  },
])('$says hands a request on', ({ text, handed, request = 'POST /orders' }) => {
  const entry = entryOf(request, [source('a.ts', text)]);
  expect([...(entry?.names ?? []), entry?.unit?.name]).toContain(handed);
});

test('a path that two lines name, or that has another method, enters nowhere', () => {
  const twice = source('a.ts', "post('/orders', one);\npost('/orders', two);");
  expect(entryOf('POST /orders', [twice])).toBe(undefined);
  expect(entryOf('GET /orders', [source('a.ts', "post('/orders', one);")])).toBe(undefined);
});

test.each([
  {
    says: 'TypeScript',
    text: 'export function createPool(\n  size: number,\n) {\n  const free: string[] = [];\n  function take() {\n    return free.pop();\n  }\n  return { take };\n}\nconst other = 1;',
    at: { 1: 'createPool', 4: 'free', 6: 'take', 8: 'createPool', 10: 'other' },
  },
  {
    says: 'Java',
    text: 'final class Queue {\n  private int size;\n\n  void put(Entry entry) {\n    if (size > 3) {\n      wait();\n    }\n  }\n}',
    at: { 2: 'Queue', 6: 'put', 9: 'Queue' },
  },
  {
    says: 'Go',
    text: 'func (s *Store) Find(id string) error {\n\treturn s.find(id)\n}\n\nvar limit = 3',
    at: { 2: 'Find', 5: 'limit' },
  },
])('the units of $says end where their lines are no longer indented', ({ text, at }) => {
  const units = unitsOf(source('a', text));
  for (const [line, name] of Object.entries(at)) expect(unitAt(units, Number(line))?.name, line).toBe(name);
});

function counted(metric: string, labels: Record<string, string>, each: (isSince: boolean) => number): Series {
  let sum = 0;
  const points = Array.from({ length: SAMPLES }, (_, index) => {
    sum += each(index > ONSET_INDEX);
    return { at: instantAt(index), value: sum };
  });
  return { metric, labels, points };
}

const requests = (route: string, status: string, each: (isSince: boolean) => number) =>
  counted('http_requests_total', { method: 'GET', route, status }, each);

test('a request whose answers fail since the onset suffers, one that always failed as much is neither', () => {
  const answer = metricAnswer('http_requests_total', [
    requests('/a', '200', (isSince) => (isSince ? 1 : 2)),
    requests('/a', '500', (isSince) => (isSince ? 1 : 0)),
    requests('/b', '200', () => 2),
    requests('/c', '200', () => 1),
    requests('/c', '500', () => 1),
    requests('/metrics', '200', () => 1),
  ]);
  const onset = instantAt(ONSET_INDEX);
  expect(requestsByOutcome([answer], SERVICE.name, onset)).toEqual({ suffering: ['GET /a'], healthy: ['GET /b'] });
  expect(requestsByOutcome([answer], 'another', onset)).toEqual({ suffering: [], healthy: [] });
  expect(FROM < onset).toBe(true);
});

function timed(route: string, seconds: (isSince: boolean) => number) {
  return [
    metricAnswer('http_request_duration_seconds_sum', [
      counted('http_request_duration_seconds_sum', { method: 'GET', route }, seconds),
    ]),
    metricAnswer('http_request_duration_seconds_count', [
      counted('http_request_duration_seconds_count', { method: 'GET', route }, () => 1),
    ]),
    metricAnswer('http_requests_total', [requests(route, '200', () => 1)]),
  ];
}

test('where nothing fails, a request that takes twice as long suffers', () => {
  const observations = [...timed('/slow', (isSince) => (isSince ? 0.9 : 0.1)), ...timed('/fast', () => 0.1)];
  expect(requestsByOutcome(observations, SERVICE.name, instantAt(ONSET_INDEX))).toEqual({
    suffering: ['GET /slow'],
    healthy: ['GET /fast'],
  });
});

test('of two commits of one deploy the one on the way of what fails is more suspect, unless others are made to suffer', () => {
  const note = commitOf(1, 'shop/handlers.py', replacing(10, '    return {}', '    return {"note": order.note}'));
  const pricing = commitOf(
    2,
    'shop/pricing.py',
    replacing(2, '    return sum(basket)', '    return sum(basket) * rate(limit)'),
  );
  const beside = commitOf(3, 'shop/worker.py', replacing(3, '        wait()', '        take()'));
  const seen = (classes: ReadonlyMap<'pool-exhaustion', number>) =>
    rankCommits(inputOf([note, pricing, beside], { spectrum: spectrumOf(SUFFERING, PYTHON), classes })).suspects.map(
      ({ commit, features }) => [
        commit.files[0]?.path,
        ...features
          .filter(({ name }) => name === 'on-path' || name === 'off-path')
          .map(({ name, value }) => `${name} ${value}`),
      ],
    );
  expect(seen(new Map())).toEqual([
    ['shop/pricing.py', 'on-path 1'],
    ['shop/worker.py'],
    ['shop/handlers.py', 'off-path 1'],
  ]);
  expect(seen(new Map([['pool-exhaustion', 1]])).flat()).toContain('on-path 0.4');
});
