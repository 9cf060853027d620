/** One evidence as a model reads it: what it is, what it says, and of its data what can be reasoned about. */
import type { Evidence } from '../../domain/evidence.ts';

const MAX_SAMPLES = 3;
const MAX_TRACE_LINES = 30;
const MAX_FILES = 6;
const MAX_PATCH_CHARACTERS = 1_200;
const CODE_LINES_AROUND = 12;

/** Bounded; what is left out is said by the title. */
export function evidenceText(item: Evidence, maxCharacters: number): string {
  const head = `${item.id} (${item.kind} of ${item.service}, from ${item.source}): ${item.title}`;
  const body = bodyOf(item);
  return body === '' ? head : `${head}\n${cut(body, maxCharacters)}`;
}

export function evidenceHead(item: Evidence): string {
  return `${item.id} (${item.kind} of ${item.service}): ${item.title}`;
}

function bodyOf(item: Evidence): string {
  switch (item.kind) {
    case 'metric': {
      const { points, ...figures } = item.data;
      return JSON.stringify({ ...figures, samples: points.length });
    }
    case 'logs': {
      const { samples, context, template, ...counts } = item.data;
      const lines = [...samples.slice(0, MAX_SAMPLES).map(({ text }) => text), ...context];
      return [JSON.stringify({ ...counts, template }), ...lines].join('\n');
    }
    case 'stack-trace':
      return item.data.text.slice(0, MAX_TRACE_LINES).join('\n');
    case 'code':
      return codeText(item.data);
    case 'commit':
      return [
        JSON.stringify({ hash: item.data.hash, committedAt: item.data.committedAt, subject: item.data.subject }),
        ...item.data.files.slice(0, MAX_FILES).map(({ path, patch }) => `${path}\n${cut(patch, MAX_PATCH_CHARACTERS)}`),
      ].join('\n');
    case 'alert':
    case 'probe':
    case 'targets':
    case 'history':
    case 'memory':
      return JSON.stringify(item.data);
  }
}

function codeText({ lines, firstLine, highlightedLine, path }: Extract<Evidence, { kind: 'code' }>['data']): string {
  const numbered = lines.map((text, index) => ({ text, line: firstLine + index }));
  return [
    path,
    ...numbered
      .filter(({ line }) => Math.abs(line - highlightedLine) <= CODE_LINES_AROUND)
      .map(({ text, line }) => `${line === highlightedLine ? '>' : ' '} ${line}  ${text}`),
  ].join('\n');
}

function cut(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters).toWellFormed()} … (cut)`;
}
