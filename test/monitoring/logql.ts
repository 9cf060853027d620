/** LogQL by Grafana's own grammar: is it valid, which streams does it select, which lines does it let through. */
import { parser } from '@grafana/lezer-logql';

type Matches = (text: string) => boolean;
interface Matcher {
  readonly label: string;
  readonly matches: Matches;
}

/** The part of the expression that is not LogQL; undefined: all of it is. */
export function logqlMistake(expression: string): string | undefined {
  let mistake: string | undefined;
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      if (!type.isError || mistake !== undefined) return;
      mistake = `at ${from}: ${expression.slice(from, Math.max(to, from + 20)) || 'something is missing at the end'}`;
    },
  });
  return mistake;
}

export interface LogSelection {
  /** Labels by which streams are selected or series are summed. `detected_level` is Loki's own. */
  readonly labels: readonly string[];
  selects(stream: Readonly<Record<string, string>>): boolean;
  /** By the line filters; parsers and formats change no line's fate here. */
  letsThrough(line: string): boolean;
}

/** Throws where the expression is not valid, or has a filter that is not understood here. */
export function readLogql(expression: string): LogSelection {
  const mistake = logqlMistake(expression);
  if (mistake !== undefined) throw new Error(`${expression} is not LogQL ${mistake}`);
  const matchers: Matcher[] = [];
  const filters: Matches[] = [];
  const grouped: string[] = [];
  parser.parse(expression).iterate({
    enter({ name, from, to }) {
      const text = expression.slice(from, to);
      if (name === 'Matcher') {
        const [, label = '', operator = '', quoted = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*(.+)$/s.exec(text) ?? [];
        matchers.push({ label, matches: condition(operator, unquoted(quoted), true) });
      }
      if (name === 'LineFilter') {
        const [, operator = '', quoted = ''] = /^(\|=|\|~|!=|!~)\s*(.+)$/s.exec(text) ?? [];
        filters.push(condition(operator, unquoted(quoted), false));
      }
      if (name === 'Grouping') grouped.push(...(/\(([^)]*)\)/.exec(text)?.[1] ?? '').split(/\s*,\s*/));
    },
  });
  return {
    labels: [...matchers.map(({ label }) => label), ...grouped],
    selects: (stream) => matchers.every(({ label, matches }) => matches(stream[label] ?? '')),
    letsThrough: (line) => filters.every((matches) => matches(line)),
  };
}

function condition(operator: string, value: string, isWhole: boolean): Matches {
  const plain: Matches = (text) => (isWhole ? text === value : text.includes(value));
  if (operator === '=' || operator === '|=') return plain;
  if (operator === '!=') return (text) => !plain(text);
  if (operator === '=~' || operator === '|~' || operator === '!~') {
    const [, flags = '', pattern = ''] = /^(?:\(\?(i)\))?(.*)$/s.exec(value) ?? [];
    const expression = new RegExp(isWhole ? `^(?:${pattern})$` : pattern, flags);
    return (text) => expression.test(text) !== (operator === '!~');
  }
  throw new Error(`The filter ${operator} ${value} is not understood here`);
}

function unquoted(quoted: string): string {
  if (/^`[^`]*`$/.test(quoted)) return quoted.slice(1, -1);
  return JSON.parse(quoted);
}
