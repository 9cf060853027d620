import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CASES, exampleReport } from '../../report/example-report.test-helper.ts';
import { HOSTILE, withEveryText } from './hostile-report.test-helper.ts';
import { escapeMarkdown, markdownRenderer } from './markdown.ts';

async function markdown(report: Parameters<ReturnType<typeof markdownRenderer>['render']>[0]): Promise<string> {
  return Buffer.from(await markdownRenderer().render(report)).toString();
}

test.each([
  { in: '# heading', out: '\\# heading' },
  { in: '- item', out: '\\- item' },
  { in: '+ item', out: '\\+ item' },
  { in: '=====', out: '\\=====' },
  { in: '1. item', out: '1\\. item' },
  { in: '12) item', out: '12\\) item' },
  { in: '> quote', out: '&gt; quote' },
  { in: '<b>&amp;', out: '&lt;b&gt;&amp;amp;' },
  { in: '[x](y)', out: '\\[x\\](y)' },
  { in: 'a|b', out: 'a\\|b' },
  { in: 'a\\|b', out: 'a\\\\\\|b' },
  { in: 'http://evil.test', out: 'http\\://evil.test' },
  { in: 'www.evil.test', out: 'www\\.evil.test' },
  { in: 'me@evil.test', out: 'me\\@evil.test' },
  { in: 'a_b_ *c* `d` ~~e~~', out: 'a\\_b\\_ \\*c\\* \\`d\\` \\~\\~e\\~\\~' },
  { in: 'two\nlines', out: 'two lines' },
  { in: '    indented', out: 'indented' },
  { in: '数据库 🔥', out: '数据库 🔥' },
])('$in becomes $out', ({ in: text, out }) => {
  expect(escapeMarkdown(text)).toBe(out);
});

test('nothing that opens markup is left alone, and unescaped it is the text again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 80 }), (text) => {
      const escaped = escapeMarkdown(text);
      expect(escaped).not.toMatch(/[<>]|(?<!\\)(?:\\\\)*[`*_[\]|~]/);
      const back = escaped
        .replace(/\\([!-/:-@[-`{-~])/g, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');
      expect(back).toBe(text.trim());
    }),
  );
});

/** What is markup, not quoted lines. Throws on a fence that nothing closes. */
function outsideFences(text: string): string[] {
  const outside: string[] = [];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const opened = /^(`{3,})text$/.exec(line)?.[1];
    if (fence === undefined && opened !== undefined) fence = opened;
    else if (fence === undefined) outside.push(line);
    else if (line === fence) fence = undefined;
  }
  if (fence !== undefined) throw new Error('a fence is left open');
  return outside;
}

test.each(HOSTILE)('a report full of $says makes no markup of its own', async ({ text }) => {
  const lines = outsideFences(await markdown(withEveryText(exampleReport('code'), () => text)));
  expect(lines.filter((line) => /<|(?<!\\)(?:\\\\)*[`~[\]]/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('# ') || line === '#')).toHaveLength(1);
});

test.each(CASES)('the case %s has the same bytes twice', async (name) => {
  expect(await markdown(exampleReport(name))).toBe(await markdown(exampleReport(name)));
});

test('it says verdict, action, evidence and gaps', async () => {
  const text = await markdown(exampleReport('code'));
  expect(text).toContain('## Summary: Likely, 87 %');
  expect(text).toContain(`**${exampleReport('code').verdict.statement.text}** \\[E4, E5, E6\\]`);
  expect(text).toContain('> 3c8e1d0    42    const collection = db.collection(config.itemsCollection.name);');
  expect(text).toContain('## Could not see');
  expect(text).toContain('| 10:42:10 | Onset |');
});

test('a log without a line is no empty block', async () => {
  const report = exampleReport('code');
  const lines = report.evidence.map((item) =>
    item.kind === 'logs' ? { ...item, data: { ...item.data, samples: [] } } : item,
  );
  expect(report.evidence.some(({ kind }) => kind === 'logs')).toBe(true);
  expect(await markdown({ ...report, evidence: lines })).not.toContain('```text\n```');
});
