/** Memory of processes as Linux accounts for it: PSS, in which shared pages are divided among those who share them. */
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MILLISECONDS = 100;

/** The processes given and all that descend from them. Empty where there is no /proc. */
export function processTree(roots: readonly number[]): number[] {
  const children = new Map<number, number[]>();
  for (const name of listProcesses()) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = new Set<number>();
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (found.has(pid)) continue;
    found.add(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return [...found];
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function parentOf(pid: string): number | undefined {
  // The name in brackets may hold anything, also brackets: what follows the last one is fixed.
  const [, parent] = /^.*\) \S (\d+)/s.exec(read(`/proc/${pid}/stat`)) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

export function commandLineOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/** 0 for a process that has gone. */
function pssBytes(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** `getconf CLK_TCK` on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time that the trees have used so far, those included that have ended and were waited for. 0: not told. */
export function processorSeconds(roots: readonly number[]): number {
  let ticks = 0;
  for (const pid of processTree(roots)) {
    const [, numbers = ''] = /^.*\) (.*)$/s.exec(read(`/proc/${pid}/stat`)) ?? [];
    // utime, stime and both of ended children: fields 14 to 17 of proc(5), the third being the first behind the name.
    for (const field of numbers.split(' ').slice(11, 15)) ticks += Number(field);
  }
  return ticks / TICKS_PER_SECOND;
}

export interface MemoryPeak {
  readonly megabytes: number;
  /** `serve 120, worker 210, postgres 180`: who held how many megabytes of it. */
  readonly shares: string;
}

/** Samples the trees until stopped. `stop` gives the highest sum; undefined: this system tells none. */
export function watchMemory(roots: () => readonly number[]): { stop(): MemoryPeak | undefined } {
  let highestBytes = 0;
  let shares = new Map<string, number>();
  function sample(): void {
    const held = new Map<string, number>();
    for (const pid of processTree(roots())) held.set(kindOf(pid), (held.get(kindOf(pid)) ?? 0) + pssBytes(pid));
    const sum = [...held.values()].reduce((total, bytes) => total + bytes, 0);
    if (sum <= highestBytes) return;
    highestBytes = sum;
    shares = held;
  }
  sample();
  const timer = setInterval(sample, SAMPLE_MILLISECONDS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      const words = [...shares].map(([kind, bytes]) => `${kind} ${Math.round(bytes / 1024 ** 2)}`);
      return highestBytes === 0 ? undefined : { megabytes: highestBytes / 1024 ** 2, shares: words.join(', ') };
    },
  };
}

function kindOf(pid: number): string {
  const commandLine = commandLineOf(pid);
  return /main\.ts (\w+)/.exec(commandLine)?.[1] ?? (commandLine.includes('postgres') ? 'postgres' : 'others');
}
