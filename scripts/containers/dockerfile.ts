/** A Dockerfile as its stages and steps, read by a real parser. */
import { readFileSync } from 'node:fs';
import { DockerfileParser, type Instruction, ModifiableInstruction } from 'dockerfile-ast';
import { z } from 'zod';

export interface Step {
  /** `COPY`, `RUN`, … */
  readonly keyword: string;
  /** `--from=packages` → from: packages; the last of several counts. */
  readonly flags: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  /** Without the flags, continued lines joined. */
  readonly text: string;
  /** What stands in `["…"]`, also behind HEALTHCHECK's CMD; undefined: it is for a shell. */
  readonly execForm: readonly string[] | undefined;
  readonly line: number;
}

export interface Stage {
  /** An image, or the name of an earlier stage. */
  readonly base: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

const ExecForm = z.array(z.string());

/** Throws when something stands before the first FROM: our files have no need of it. */
export function readDockerfile(path: string): Stage[] {
  return parseDockerfile(readFileSync(path, 'utf8'));
}

export function parseDockerfile(content: string): Stage[] {
  const file = DockerfileParser.parse(content);
  const stages: { base: string; name: string | undefined; steps: Step[] }[] = [];
  const names = file.getFROMs();
  for (const instruction of file.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = names[stages.length];
      stages.push({ base: from?.getImage() ?? '', name: from?.getBuildStage() ?? undefined, steps: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage)
      throw new Error(`Line ${lineOf(instruction)}: ${instruction.getKeyword()} stands before the first FROM`);
    stage.steps.push(stepOf(instruction));
  }
  return stages;
}

function stepOf(instruction: Instruction): Step {
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : [];
  const text = (instruction.getArgumentsContent() ?? '').replace(/^(?:\s*--[\w-]+=\S+)+/, '').trim();
  return {
    keyword: instruction.getKeyword(),
    flags: new Map(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    words: text.split(/\s+/).filter((word) => word !== ''),
    text,
    execForm: execFormOf(text),
    line: lineOf(instruction),
  };
}

function execFormOf(text: string): string[] | undefined {
  const list = /^(?:CMD\s+)?(\[.*\])$/s.exec(text)?.[1];
  if (list === undefined) return undefined;
  try {
    return ExecForm.parse(JSON.parse(list));
  } catch {
    return undefined; // Docker, too, then takes it for a shell command
  }
}

function lineOf(instruction: Instruction): number {
  return instruction.getRange().start.line + 1;
}
