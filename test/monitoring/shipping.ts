/** What Promtail and Alloy ship: files and labels, read from their configuration. */
import { PromtailConfig } from './config-schemas.ts';
import { textOf, yamlFile } from './files.ts';

/** The labels that a stream has in Loki, the file among them as `__path__`. */
export type Stream = Readonly<Record<string, string>>;

export function promtailTargets(): Stream[] {
  return yamlFile('promtail.yml', PromtailConfig).scrape_configs.flatMap(({ static_configs }) =>
    static_configs.map(({ labels }) => labels),
  );
}

/** Without what Promtail itself strips: labels that begin with two underscores. */
export function shippedStreams(): Stream[] {
  return promtailTargets().map((labels) =>
    Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__'))),
  );
}

/** The maps of `path_targets` in config.alloy, whose values are all plain strings. */
export function alloyTargets(): Stream[] {
  const list = /path_targets = \[(.*?)\n {2}\]/s.exec(textOf('config.alloy'))?.[1] ?? '';
  return [...list.matchAll(/\{([^}]*)\}/g)].map(([, body = '']) =>
    Object.fromEntries(
      [...body.matchAll(/"(\w+)"\s*=\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    ),
  );
}
