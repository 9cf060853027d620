/** architecture.html: one file that opens by double click, without a request and without a script. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Html, html } from '../../apps/incident-agent-workflow/src/server/page/html.ts';
import { diagram } from './diagram.ts';
import type { Facts } from './facts.ts';
import { tallLayout, wideLayout } from './layout.ts';
import { duration, memory as inMegabytes, partsOf, stepsOf, volumesOf } from './words.ts';

const PAGE_CSS = join(
  import.meta.dirname,
  '..',
  '..',
  'apps',
  'incident-agent-workflow',
  'src',
  'server',
  'page',
  'page.css',
);
/** What a person opens in a browser, and at which path. */
const OPENED: Readonly<Record<string, string>> = {
  'incident-agent-workflow': '/',
  grafana: '/',
  prometheus: '/alerts',
  alertmanager: '/',
  mailpit: '/',
  alloy: '/',
};

export function architecturePage(facts: Facts): string {
  const watched = facts.services.length;
  const layouts = [wideLayout(facts.dashboards.length, watched), tallLayout(facts.dashboards.length, watched)];
  const body = html`<main class="page">
<header><h1>Incident Response Agent: how it fits together</h1>
<p class="lead">A service fails; a minute later the person on call has a mail that says what broke, since when, why, and what to do. This is the way from the one to the other, and everything that takes part.</p>
<ul class="legend"><li class="ours"><i></i>ours</li><li><i></i>somebody else’s</li><li class="optional"><i></i>optional</li><li class="way"><i></i>the way of the alert</li><li class="way asks"><i></i>what the agent asks</li><li class="step"><i></i>a step, told below</li></ul></header>
<section class="sec" aria-label="Diagram">${layouts.map((layout) => diagram(layout, facts))}</section>
${steps(facts)}${parts(facts)}
<div class="two"><div class="stack">${alerts(facts)}${dashboards(facts)}</div>${volumes(facts)}</div>
${code(facts)}
<footer>Made from docker-compose.yml, the service registry, monitoring/ and the code by <code>npm run architecture</code>; a test fails when it is out of date.</footer>
</main>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Incident Response Agent: how it fits together</title>
<style>
${stylesheet()}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
}

/** The design tokens of the agent's own page, and what this page makes of them. */
function stylesheet(): string {
  const tokens = /^:root \{.*?^\}$/ms.exec(readFileSync(PAGE_CSS, 'utf8'))?.[0];
  if (tokens === undefined) throw new Error('page.css does not begin with its design tokens any more');
  return `${tokens}\n${readFileSync(join(import.meta.dirname, 'page.css'), 'utf8')}`;
}

function steps(facts: Facts): Html {
  return html`<section class="sec" id="steps"><h2>One incident, step by step</h2><ol class="card steps">${stepsOf(
    facts,
  ).map(({ title, text }, index) => html`<li><h3><b>${index + 1}</b>${title}</h3><p>${text}</p></li>`)}</ol></section>`;
}

function parts(facts: Facts): Html {
  const rows = partsOf(facts).map(({ name, what, image, hostPorts, profiles, memory }) => {
    const ports = hostPorts.map((port, index) => html`${index > 0 && ' '}${portLink(name, port, index)}`);
    return html`<tr><th scope="row">${name}${profiles.map((profile) => html`<span class="tag">--profile ${profile}</span>`)}</th><td class="ports">${ports}</td><td class="dim what">${what}</td><td class="dim image">${image === undefined ? 'built here' : html`<code>${image}</code>`}</td><td class="dim memory">${memory === undefined ? undefined : inMegabytes(memory)}</td></tr>`;
  });
  return html`<section class="sec" id="parts"><h2>Parts and ports</h2><div class="card"><table><thead><tr><th>Part</th><th>On 127.0.0.1</th><th>What for</th><th>Image</th><th>Memory</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** Of several ports the first is the one to open. */
function portLink(name: string, port: number, index: number): Html {
  const path = index === 0 ? OPENED[name] : undefined;
  return path === undefined
    ? html`<code>:${port}</code>`
    : html`<a href="http://localhost:${port}${path}"><code>:${port}</code></a>`;
}

function alerts({ rules }: Facts): Html {
  const rows = rules.map(
    ({ name, expression, forSeconds, severity }) =>
      html`<li><b>${name}</b> <span class="${severity}">${severity === 'critical' ? '■' : '▲'} ${severity}</span> <span class="dim">after ${forSeconds} s</span><span class="what"><code>${expression}</code></span></li>`,
  );
  return html`<section class="sec"><h2>What calls the agent</h2><ul class="card list">${rows}</ul></section>`;
}

function volumes(facts: Facts): Html {
  const rows = volumesOf(facts).map(
    ({ name, what }) => html`<li><code>${name}</code><span class="what">${what}</span></li>`,
  );
  return html`<section class="sec"><h2>What must survive a restart</h2><ul class="card list">${rows}</ul></section>`;
}

function dashboards(facts: Facts): Html {
  const rows = facts.dashboards.map(
    ({ title, description }) => html`<li><b>${title}</b><span class="what">${description}</span></li>`,
  );
  const labels = facts.services.map(({ name }, index) => html`${index > 0 && ', '}<code>${name}</code>`);
  return html`<section class="sec"><h2>Dashboards, and the name that joins</h2><ul class="card list">${rows}<li><b>service</b><span class="what">The label that metrics, logs, alerts and the registry share: ${labels}. A test compares them. Log lines are kept for ${duration(facts.logRetention)}.</span></li></ul></section>`;
}

function code({ folders }: Facts): Html {
  const rows = folders.map(
    ({ folder, what }) =>
      html`<li>${folder.split(', ').map((one, index) => html`${index > 0 && ', '}<a href="${one}"><code>${one}</code></a>`)}<span class="what">${what}</span></li>`,
  );
  return html`<section class="sec"><h2>In the code</h2><ul class="card list wide">${rows}</ul></section>`;
}
