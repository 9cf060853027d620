/** The diagram as SVG. Its colours are the page's custom properties, so it is dark where the page is. */
import { type Html, html } from '../../apps/incident-agent-workflow/src/server/page/html.ts';
import type { Facts } from './facts.ts';
import type { Box, Layout, Line } from './layout.ts';
import { type Part, partsOf } from './words.ts';

const STAGE_HEIGHT = 30;
const STAGE_GAP = 7;
const PADDING = 16;
const TITLE_CHARACTER_PIXELS = 8.4;
const PORT_CHARACTER_PIXELS = 7.3;
/** Steps in which the agent asks; the others are the way of the alert. */
const QUESTIONS: ReadonlySet<number> = new Set([4, 5, 6, 7]);

export function diagram(layout: Layout, facts: Facts): Html {
  const ports = new Map(partsOf(facts).map((part) => [part.name, portOf(part, facts)]));
  const { name, width, height, watched, note } = layout;
  return html`<svg class="diagram ${name}" viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width + 8}" height="${height + 8}" role="img" aria-labelledby="${name}-title">
<title id="${name}-title">From a failing service to the person on call; the numbered list below says the same in words</title>
<defs><marker id="${name}-arrow" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0 L8 4 L0 8 z" class="tip"/></marker><marker id="${name}-quiet" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0 L8 4 L0 8 z" class="tip quiet"/></marker></defs>
<rect class="group" x="${watched.x}" y="${watched.y}" width="${watched.width}" height="${watched.height}" rx="10"/>
<text class="label" x="${watched.x + PADDING}" y="${watched.y + 24}">Watched services</text>
${note.lines.map((line, index) => html`<text class="sub" x="${note.x}" y="${note.y + index * 16}">${line}</text>`)}
${layout.lines.map((line) => path(line, name))}
${layout.boxes.map((box) => node(box, ports.get(box.id)))}
${agentBox(layout, facts)}
${layout.lines.map(mark)}
</svg>`;
}

/** Where a browser on this machine finds it; undefined: it is not published. */
function portOf(part: Part, { services }: Facts): number | undefined {
  return services.find(({ name }) => name === part.name)?.port ?? part.hostPorts[0];
}

function node({ kind, title, lines, x, y, width, height }: Box, port: number | undefined): Html {
  const block = 17 + lines.length * 16;
  const top = y + (height - block) / 2 + 13;
  return html`<g class="node ${kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>
<text class="title" x="${x + 12}" y="${top}">${title}</text>${lines.map((line, index) => html`<text class="sub" x="${x + 12}" y="${top + 17 + index * 16}">${line}</text>`)}
${port !== undefined && html`<text class="port" x="${x + width - 12}" y="${top + portOffset(title, port, width)}" text-anchor="end">:${port}</text>`}</g>`;
}

/** The port stands at the end of the title where both fit, else at the end of the line below. Widths of a wide font. */
function portOffset(title: string, port: number, width: number): number {
  const needed = title.length * TITLE_CHARACTER_PIXELS + (String(port).length + 1) * PORT_CHARACTER_PIXELS;
  return needed > width - 30 ? 17 : 0;
}

/** The agent's inside: what answers the webhook, what investigates, in which order, what sends. */
function agentBox({ agent, name }: Layout, facts: Facts): Html {
  const { x, y, width, height, columns } = agent;
  const port = facts.services.find((service) => service.name === 'incident-agent-workflow')?.port ?? 0;
  const inner = { x: x + PADDING, width: width - 2 * PADDING };
  const stages = [
    ['look', 'all sources at once'],
    ['quick analysis', ''],
    ['route', 'quick or full'],
    ...facts.agents.map((one) => [one, '']),
    ['report', 'checked'],
  ];
  const stageWidth = (inner.width - 24 - (columns - 1) * STAGE_GAP) / columns;
  const rows = Math.ceil(stages.length / columns);
  const workerTop = y + 132;
  const workerHeight = 40 + rows * (STAGE_HEIGHT + STAGE_GAP) + 5;
  const outboxTop = workerTop + workerHeight + 12;
  return html`<g class="agent"><rect class="shell" x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/>
<text class="name" x="${inner.x}" y="${y + 30}">The agent</text><text class="port" x="${x + width - PADDING}" y="${y + 30}" text-anchor="end">:${port}</text>
${section(inner.x, y + 46, inner.width, 74, 'HTTP process', ['alerts in, page and API out', 'durable before it answers'])}
<rect class="inner" x="${inner.x}" y="${workerTop}" width="${inner.width}" height="${workerHeight}" rx="8"/><text class="title" x="${inner.x + 12}" y="${workerTop + 22}">Worker</text><text class="sub" x="${inner.x + inner.width - 12}" y="${workerTop + 22}" text-anchor="end">a killed run goes on</text>
${stages.map(([stage = '', detail = ''], index) => {
  const left = inner.x + 12 + (index % columns) * (stageWidth + STAGE_GAP);
  const top = workerTop + 36 + Math.floor(index / columns) * (STAGE_HEIGHT + STAGE_GAP);
  const isWide = index === stages.length - 1 && index % columns === 0;
  const across = isWide ? inner.width - 24 : stageWidth;
  return html`<g class="stage"><rect x="${left}" y="${top}" width="${across}" height="${STAGE_HEIGHT}" rx="6"/><text x="${left + 10}" y="${top + 19}">${stage}</text>${name === 'wide' && html`<text class="sub" x="${left + across - 8}" y="${top + 19}" text-anchor="end">${detail}</text>`}</g>`;
})}
${section(inner.x, outboxTop, inner.width, y + height - outboxTop - 12, 'Outbox', ['what is planned is sent, once'])}</g>`;
}

function section(x: number, y: number, width: number, height: number, title: string, lines: readonly string[]): Html {
  return html`<rect class="inner" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/><text class="title" x="${x + 12}" y="${y + 22}">${title}</text>${lines.map((line, index) => html`<text class="sub" x="${x + 12}" y="${y + 40 + index * 16}">${line}</text>`)}`;
}

function path({ path: d, step, isBothWays }: Line, name: string): Html {
  const tip = `url(#${name}-${step === undefined ? 'quiet' : 'arrow'})`;
  const look = step === undefined ? 'line quiet' : QUESTIONS.has(step) ? 'line question' : 'line';
  return html`<path class="${look}" d="${d}" marker-end="${tip}"${isBothWays && html` marker-start="${tip}"`}/>`;
}

/** Above the boxes, so that no line hides a number. */
function mark({ step, at, label }: Line): Html {
  return html`${label && html`<text class="say" x="${label.x}" y="${label.y}" text-anchor="${label.anchor ?? 'start'}">${label.text}</text>`}${step !== undefined && at && html`<g class="step"><circle cx="${at[0]}" cy="${at[1]}" r="10"/><text x="${at[0]}" y="${at[1] + 4}" text-anchor="middle">${step}</text></g>`}`;
}
