/** Enough of Alloy's configuration language to check a file of ours: blocks, their attributes, and who refers to whom. */

export interface AlloyBlock {
  /** `loki.write.endpoint`: the names of the block and of those around it. */
  readonly path: string;
  /** What stands in quotes behind the name. */
  readonly label: string | undefined;
  readonly attributes: readonly string[];
}

/** Block → attributes that Alloy 1.x knows of it. Blocks that we do not use are not listed. */
export const ALLOY_BLOCKS: ReadonlyMap<string, readonly string[]> = new Map([
  ['logging', ['level', 'format', 'write_to']],
  ['local.file_match', ['path_targets', 'sync_period', 'ignore_older_than']],
  ['loki.source.file', ['targets', 'forward_to', 'encoding', 'tail_from_end', 'legacy_positions_file']],
  ['loki.process', ['forward_to']],
  ['loki.process.stage.json', ['expressions', 'source', 'drop_malformed']],
  ['loki.process.stage.timestamp', ['source', 'format', 'fallback_formats', 'location', 'action_on_failure']],
  ['loki.write', ['max_streams', 'external_labels']],
  ['loki.write.endpoint', ['url', 'name', 'headers', 'batch_wait', 'batch_size', 'remote_timeout', 'tenant_id']],
]);

/** One thing a line, as `alloy fmt` writes it. Throws on a line that is none of those, and where a brace is not closed. */
export function readAlloy(text: string): { blocks: AlloyBlock[]; references: string[] } {
  const blocks: (AlloyBlock & { attributes: string[] })[] = [];
  const open: (AlloyBlock & { attributes: string[] })[] = [];
  const references: string[] = [];
  let listDepth = 0;
  for (const line of text.split('\n').map((one) => one.trim())) {
    references.push(
      ...[...line.matchAll(/\b([a-z_.]+\.[a-z_]+)\.(?:targets|receiver)\b/g)].map(([, name = '']) => name),
    );
    if (listDepth > 0 || line === '' || line.startsWith('//')) {
      listDepth += count(line, '[') - count(line, ']');
      continue;
    }
    const [, name, label] = /^([a-z_.]+)(?: "(\w+)")? \{$/.exec(line) ?? [];
    const attribute = /^(\w+)\s*= .+$/.exec(line)?.[1];
    if (name !== undefined) {
      const block = {
        path: [open.at(-1)?.path, name].filter((part) => part !== undefined).join('.'),
        label,
        attributes: [],
      };
      blocks.push(block);
      open.push(block);
    } else if (line === '}') {
      if (open.pop() === undefined) throw new Error('config.alloy closes a block that is not open');
    } else if (attribute !== undefined) {
      open.at(-1)?.attributes.push(attribute);
      listDepth += count(line, '[') - count(line, ']');
    } else throw new Error(`config.alloy has a line that is neither a block nor an attribute: ${line}`);
  }
  if (open.length > 0 || listDepth > 0) throw new Error('config.alloy has a block or a list that is not closed');
  return { blocks, references };
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
