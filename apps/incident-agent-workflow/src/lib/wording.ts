/** How figures and names read in sentences: the same words in engine, page, PDF and mail. */

/** `38 %` from 0.38; one decimal below 10 % unless it is whole. */
export function percent(ratio: number): string {
  const points = ratio * 100;
  const shown = points >= 10 ? Math.round(points) : Math.round(points * 10) / 10;
  return `${shown} %`;
}

/** `1 line`, `1,204 lines`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(count)} ${count === 1 ? noun : plural}`;
}

export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `45 s`, `12 min`, `3 h`, `2 days`: rounded to the unit that a person would say. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** The seven characters of a commit hash that sentences show. */
export function shortHash(hash: string): string {
  return hash.slice(0, 7);
}

/** One line in typographic quotes, cut with `…` at the end. What stands in it is somebody else's text. */
export function quoted(text: string, maxCharacters = 120): string {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[“”]/g, '"')
    .trim();
  return `“${line.length > maxCharacters ? `${line.slice(0, maxCharacters - 1).trimEnd()}…` : line}”`;
}

/** A phrase as the beginning of a sentence. A name that is written small (`node_exporter`) is no phrase: it has no blank. */
export function capital(text: string): string {
  return /^[a-z]+ /.test(text) ? upperFirst(text) : text;
}

/** Words of ours as the beginning of a sentence; the name of a metric or a setting stays as it is written. */
export function upperFirst(words: string): string {
  return /^\w*[_:]\w/.test(words) ? words : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Ends with a full stop, whoever wrote it. */
export function withStop(text: string): string {
  const line = text.trimEnd();
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  mongo: 'MongoDB',
  mongodb: 'MongoDB',
  postgres: 'PostgreSQL',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  redis: 'Redis',
  kafka: 'Kafka',
  rabbitmq: 'RabbitMQ',
  elasticsearch: 'Elasticsearch',
  'open-meteo': 'Open-Meteo',
};

/** `mongodb` as people write it: MongoDB. A name that is not known stays as it is. */
export function displayName(name: string): string {
  return DISPLAY_NAMES[name.toLowerCase()] ?? name;
}
