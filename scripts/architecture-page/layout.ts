/** Where everything stands, once for wide windows and once for phones. Plain numbers: a person moves them, no algorithm. */

export type Kind = 'ours' | 'theirs' | 'optional' | 'person';

export interface Box {
  /** Name of the container, or of what is none. */
  readonly id: string;
  readonly kind: Kind;
  readonly title: string;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Line {
  /** SVG path. */
  readonly path: string;
  /** Number of the step, drawn at `at`; undefined: a quiet line that tells no step. */
  readonly step?: number;
  readonly at?: readonly [number, number];
  readonly label?: {
    readonly text: string;
    readonly x: number;
    readonly y: number;
    readonly anchor?: 'start' | 'middle' | 'end';
  };
  readonly isBothWays?: boolean;
}
export interface Layout {
  readonly name: 'wide' | 'tall';
  readonly width: number;
  readonly height: number;
  readonly watched: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Under the services, for those that are watched too. */
  readonly note: { readonly lines: readonly string[]; readonly x: number; readonly y: number };
  readonly boxes: readonly Box[];
  readonly agent: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly columns: 1 | 2;
  };
  readonly lines: readonly Line[];
}

type Place = readonly [x: number, y: number, width: number, height: number];

/** What stands in each box of either layout; where its lines depend on the room or on a number, the layout gives them. */
const PARTS = {
  'weather-app1': { kind: 'ours', title: 'weather-app1', lines: ['the weather'] },
  'mongo-api-service': { kind: 'ours', title: 'mongo-api-service', lines: ['items'] },
  mongo: { kind: 'theirs', title: 'MongoDB', lines: [] },
  prometheus: { kind: 'theirs', title: 'Prometheus', lines: ['metrics, alert rules'] },
  alertmanager: { kind: 'theirs', title: 'Alertmanager', lines: ['groups alerts'] },
  grafana: { kind: 'theirs', title: 'Grafana', lines: [] },
  loki: { kind: 'theirs', title: 'Loki', lines: ['log lines'] },
  promtail: { kind: 'theirs', title: 'Promtail or Alloy', lines: [] },
  git: { kind: 'theirs', title: 'git repositories', lines: ['code and history'] },
  model: { kind: 'optional', title: 'Language model', lines: [] },
  person: { kind: 'person', title: 'Person on call', lines: ['mail, page, PDF'] },
  notifier: { kind: 'ours', title: 'notifier', lines: ['renders and sends'] },
  postgres: { kind: 'theirs', title: 'Postgres', lines: ['incidents, journal,', 'queue, deliveries'] },
} satisfies Record<string, Pick<Box, 'kind' | 'title' | 'lines'>>;

function box(id: keyof typeof PARTS, [x, y, width, height]: Place, lines: readonly string[] = PARTS[id].lines): Box {
  return { ...PARTS[id], id, lines, x, y, width, height };
}

export function wideLayout(dashboardCount: number, logFileCount: number): Layout {
  return {
    name: 'wide',
    width: 1248,
    height: 616,
    watched: { x: 0, y: 122, width: 208, height: 304 },
    note: { lines: ['The agent and the notifier', 'are watched the same way.'], x: 16, y: 396 },
    agent: { x: 802, y: 0, width: 236, height: 520, columns: 1 },
    boxes: [
      box('weather-app1', [16, 158, 176, 54]),
      box('mongo-api-service', [16, 224, 176, 54]),
      box('mongo', [16, 312, 176, 40]),
      box('prometheus', [290, 24, 176, 64]),
      box('alertmanager', [546, 24, 176, 64]),
      box('grafana', [290, 236, 176, 64], [`${dashboardCount} dashboards`]),
      box('loki', [290, 466, 176, 64]),
      box('promtail', [16, 466, 176, 64], [`${logFileCount} log files`]),
      box('git', [546, 352, 176, 64]),
      box('model', [820, 560, 200, 54], ['optional; advises, never acts']),
      box('person', [1096, 24, 152, 64]),
      box('notifier', [1096, 214, 152, 64]),
      box('postgres', [1096, 404, 152, 76]),
    ],
    lines: [
      { path: 'M104 122 V56 H284', step: 1, at: [104, 84], label: { text: '/metrics', x: 122, y: 48 } },
      { path: 'M466 56 H540', step: 2, at: [503, 56], label: { text: 'alerts', x: 503, y: 38, anchor: 'middle' } },
      { path: 'M722 56 H796', step: 3, at: [759, 56], label: { text: 'webhook', x: 759, y: 38, anchor: 'middle' } },
      { path: 'M802 136 H420 V94', step: 4, at: [634, 136], label: { text: 'metrics', x: 654, y: 128 } },
      { path: 'M802 186 H214', step: 5, at: [634, 186], label: { text: 'health, log files', x: 654, y: 178 } },
      { path: 'M802 498 H472', step: 6, at: [634, 498], label: { text: 'log lines', x: 654, y: 490 } },
      { path: 'M802 384 H728', step: 7, at: [765, 384] },
      { path: 'M1038 246 H1090', step: 8, at: [1066, 246] },
      { path: 'M1172 214 V94', step: 9, at: [1172, 152], label: { text: 'mail', x: 1190, y: 156 } },
      { path: 'M1096 56 H1044', step: 10, at: [1068, 56] },
      { path: 'M104 278 V306' },
      { path: 'M104 426 V460', label: { text: 'log files', x: 116, y: 448 } },
      { path: 'M192 498 H284' },
      { path: 'M340 236 V94' },
      { path: 'M378 300 V460' },
      {
        path: 'M472 268 H796',
        isBothWays: true,
        label: { text: 'incidents as regions; links both ways', x: 634, y: 260, anchor: 'middle' },
      },
      { path: 'M1038 442 H1090' },
      { path: 'M920 520 V554' },
    ],
  };
}

export function tallLayout(dashboardCount: number, logFileCount: number): Layout {
  return {
    name: 'tall',
    width: 360,
    height: 1248,
    watched: { x: 0, y: 0, width: 360, height: 178 },
    note: { lines: ['The agent and the notifier', 'are watched the same way.'], x: 14, y: 136 },
    agent: { x: 0, y: 470, width: 360, height: 406, columns: 2 },
    boxes: [
      box('weather-app1', [12, 36, 162, 54]),
      box('mongo-api-service', [186, 36, 162, 54]),
      box('mongo', [186, 122, 162, 40]),
      box('prometheus', [0, 226, 160, 64]),
      box('promtail', [200, 226, 160, 64], [`${logFileCount} log files`]),
      box('alertmanager', [0, 348, 160, 64]),
      box('loki', [200, 348, 160, 64]),
      box('notifier', [0, 936, 160, 64]),
      box('git', [200, 936, 160, 64]),
      box('person', [0, 1060, 160, 64]),
      box('postgres', [200, 1060, 160, 76]),
      box('grafana', [0, 1172, 160, 76], [`${dashboardCount} dashboards,`, 'linked both ways']),
      box('model', [200, 1172, 160, 76], ['optional;', 'advises, never acts']),
    ],
    lines: [
      { path: 'M80 178 V220', step: 1, at: [80, 198], label: { text: '/metrics', x: 98, y: 202 } },
      { path: 'M80 290 V342', step: 2, at: [80, 314], label: { text: 'alerts', x: 98, y: 318 } },
      { path: 'M80 412 V464', step: 3, at: [80, 436], label: { text: 'webhook', x: 98, y: 440 } },
      { path: 'M172 470 V258 H166', step: 4, at: [172, 380] },
      { path: 'M188 470 V184', step: 5, at: [188, 340] },
      { path: 'M280 470 V418', step: 6, at: [280, 442], label: { text: 'log lines', x: 298, y: 446 } },
      { path: 'M280 876 V930', step: 7, at: [280, 902] },
      { path: 'M80 876 V930', step: 8, at: [80, 902] },
      { path: 'M80 1000 V1054', step: 9, at: [80, 1026], label: { text: 'mail', x: 98, y: 1030 } },
      { path: 'M160 1092 H172 V882', step: 10, at: [172, 972] },
      { path: 'M267 90 V116' },
      { path: 'M280 178 V220', label: { text: 'log files', x: 292, y: 204 } },
      { path: 'M280 290 V342' },
      { path: 'M188 876 V1098 H194' },
    ],
  };
}
