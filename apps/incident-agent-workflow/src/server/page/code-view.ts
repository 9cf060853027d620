/** Code, diffs and stack traces as rows with line numbers. */
import type { EvidenceOf } from '../../domain/evidence.ts';
import { type Html, html } from './html.ts';
import { clockOf } from './parts.ts';

const MAX_FRAMES = 30;
const MAX_DIFF_LINES = 120;

/** The commit of a line stands beside the first of its lines only: so it is seen where it changes. */
export function codeView({ data }: EvidenceOf<'code'>): Html {
  const blame = new Map(data.blame.map((line) => [line.line, line]));
  let shown: string | undefined;
  const rows = data.lines.map((text, index) => {
    const line = data.firstLine + index;
    const blamed = blame.get(line);
    const isHit = line === data.highlightedLine;
    const isNew = blamed !== undefined && (blamed.hash !== shown || isHit);
    shown = blamed?.hash;
    return html`<div class="row${isHit ? ' hit' : ''}"><span class="bl">${isNew ? blamed.hash.slice(0, 7) : ''}</span><span class="bl">${isNew ? blamed.committedAt.slice(0, 10) : ''}</span><span class="ln">${line}</span><span class="tx">${text}</span></div>`;
  });
  return html`<div class="data flush"><div class="code" tabindex="0" role="region" aria-label="${data.path} at ${data.revision.slice(0, 7)}"><div class="fn">${data.path}</div>${rows}</div></div>`;
}

export function commitView({ data }: EvidenceOf<'commit'>): Html {
  const shown = data.files.filter(({ patch }) => patch !== '');
  const others = data.files.filter(({ patch }) => patch === '');
  return html`<div class="data"><p class="sm"><code>${data.hash.slice(0, 7)}</code> ${data.subject} <span class="dim">${clockOf(data.committedAt)}</span></p>${others.length > 0 && html`<p class="sm sub">Also changed: ${others.map(({ path, status }) => `${path} (${status})`).join(', ')}</p>`}</div>${shown.map(fileDiff)}`;
}

export function fileDiff({ path, patch }: { readonly path: string; readonly patch: string }): Html {
  const lines = patch.replace(/\n$/, '').split('\n');
  const rest = lines.length - MAX_DIFF_LINES;
  return html`<div class="data flush"><div class="code diff" tabindex="0" role="region" aria-label="Change of ${path}"><div class="fn">${path}</div>${diffRows(lines.slice(0, MAX_DIFF_LINES))}${rest > 0 && html`<div class="hunk">${rest} more lines</div>`}</div></div>`;
}

function diffRows(lines: readonly string[]): Html[] {
  let before = 0;
  let after = 0;
  return lines.map((line) => {
    const [, from, to] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) {
      before = Number(from);
      after = Number(to);
      return html`<div class="hunk">${line}</div>`;
    }
    if (line.startsWith('\\')) return html`<div class="hunk">${line}</div>`;
    const isAdded = line.startsWith('+');
    const isRemoved = line.startsWith('-');
    const style = isAdded ? ' add' : isRemoved ? ' del' : '';
    const sign = isAdded ? '+' : isRemoved ? '−' : ' ';
    const oldLine = isAdded ? '' : before++;
    const newLine = isRemoved ? '' : after++;
    return html`<div class="row${style}"><span class="ln">${oldLine}</span><span class="ln">${newLine}</span><span class="s">${sign} ${line.slice(1)}</span></div>`;
  });
}

export function stackTraceView({ data }: EvidenceOf<'stack-trace'>): Html {
  const request =
    data.request &&
    html`<p class="sm sub">While answering <code>${data.request.method} ${data.request.path}</code>${data.request.status === null ? '' : `, status ${data.request.status}`}.</p>`;
  const frames = data.frames.slice(0, MAX_FRAMES).map((frame, index) => {
    const style = `${frame.inApp ? 'app' : ''}${index === data.crashFrame ? ' top1' : ''}`;
    const place = `${frame.repositoryPath ?? frame.file}${frame.line === null ? '' : `:${frame.line}`}`;
    return html`<li class="${style}"><span class="w">${frame.inApp ? 'in app' : 'library'}</span><span>${frame.function === null ? undefined : html`${frame.function} `}<span class="sub">${place}</span></span></li>`;
  });
  const raw =
    data.text.length > 0 &&
    html`<details class="tbl"><summary>As it was logged</summary><div class="lines">${data.text.join('\n')}</div></details>`;
  return html`<p class="errline">${data.type}: ${data.message}</p>
<ol class="frames">${frames}</ol>
<div class="data">${request}<p class="sm dim">${data.count} times${data.firstAt === null ? '' : `, first at ${clockOf(data.firstAt)}`}; ${data.baselineCount} before.</p>${raw}</div>`;
}
