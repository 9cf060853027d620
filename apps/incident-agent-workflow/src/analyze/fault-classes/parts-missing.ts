/** What rules ask of a process that does not come up because a part is not there: a package, a library, an agent, a program. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { changedLines, textsOf } from '../../lib/patches.ts';
import { quoted } from '../../lib/wording.ts';
import { type FileKind, fileKind } from '../commits/file-kinds.ts';
import { isNotRun } from '../commits/inert.ts';
import type { Scene } from '../scene.ts';
import { putDownTo } from '../suspicion.ts';
import { endedText } from './endings.ts';
import { phraseAround, textSignal } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { isAway } from './standing-still.ts';

/** How loaders say so of a part by its name. What they look for by a path beside the one who asks is the program's own. */
const NAMED =
  /Cannot find (?:module|package) ['"](?<node>(?![./~#]|@\/|\w:)[^'"]+)['"]|No module named ['"]?(?<python>[\w.]+)|(?:ClassNotFoundException|NoClassDefFoundError): (?<java>[\w./$]+)|cannot load such file -- (?<ruby>(?![./])[\w./-]+)|Could not find (?:gem )?['"]?(?<gem>[\w-]+)['"]?.{0,30}\bin (?:any of the sources|local\w*)|Could not load file or assembly ['"](?<dotnet>[\w.]+)|Class ["'](?<php>[\w\\]+)["'] not found/;
/** The same of what no program holds itself: libraries of the system, agents, options and the program as such. */
const OF_THE_START =
  /error while loading shared libraries: \S+|cannot open shared object file|Library not loaded: \S+|version [`'"]\w+_[\d.]+['"] not found|Error opening zip file or JAR manifest missing|Could not find agent library|Unrecognized (?:VM )?option|Could not find or load main class|\bis not allowed in NODE_OPTIONS|bad option: -|executable file not found in|exec format error|Failed at step EXEC|status=203\/EXEC|Cannot find module ['"]\/[^'"]+['"]\s+Require stack:\s+- internal\/preload|Failed opening required ['"]\S*vendor\/autoload|Unable to access jarfile/;

/** The same of any path, its own ones among them. */
const NOT_FOUND =
  /Cannot find (?:module|package)|Package subpath ['"].{1,200}is not defined|Package import specifier|Invalid "(?:imports|exports|main)"|No "exports" main|can't open file ['"]|Could not open input file|cannot load such file|No module named|Failed opening required|Could not find or load main class|Unable to access jarfile/;

/** It is away, and its last words are that a part is not there, which nothing in a change of its code asks for. */
export const partIsMissing: Predicate = (scene) => {
  if (!isAway(scene)) return scene.logsSeen ? 'absent' : 'unknown';
  const missing = scene.texts.find(({ isNovel, text }) => isNovel && isMissing(text, scene));
  if (missing) return textSignal(missing, wordsOf(missing.text), scene, 2.5);
  return lastWords(scene);
};

function wordsOf(text: string): RegExp {
  return [OF_THE_START, NAMED].find((pattern) => pattern.test(text)) ?? NOT_FOUND;
}

/** The same in lines that do not look like an error, right above the one that says that it ended. */
function lastWords(scene: Scene): ReturnType<Predicate> {
  const ended = endedText(scene);
  const logs = evidenceOfKind(scene.evidence, 'logs').find(({ id }) => id === ended?.cite);
  const line = logs?.data.context.find((each) => isMissing(each, scene));
  if (!logs || line === undefined) return scene.logsSeen ? 'absent' : 'unknown';
  const words = `${quoted(phraseAround(line, wordsOf(line)))} was logged right before it ended`;
  return { words, cites: [logs.id], group: 'logs', weight: 2.5 };
}

function isMissing(text: string, scene: Scene): boolean {
  if (OF_THE_START.test(text) || isGivenBySettings(text, scene)) return true;
  const name = Object.values(NAMED.exec(text)?.groups ?? {}).find((each) => each !== undefined);
  return name !== undefined && !isOwn(name, scene) && !isAskedForByCode(name, scene);
}

/** What lies in the folders that its own frames and changes lie in. */
function isOwn(name: string, scene: Scene): boolean {
  const parts = name.split(/[./\\]/).filter((part) => part !== '');
  const paths = [
    ...scene.traces.flatMap(({ data }) => data.frames.map((frame) => frame.repositoryPath ?? '')),
    ...(scene.ranking?.suspects ?? []).flatMap(({ commit }) => commit.files.map(({ path }) => path)),
  ];
  const least = /^(?:com|org|net|io|de|dev)$/.test(parts[0] ?? '') ? 3 : parts.length > 2 ? 2 : 1;
  const folder = `/${parts.slice(0, least).join('/')}`;
  return paths.some((path) => `/${path}`.includes(`${folder}/`) || `/${path}`.includes(`${folder}.`));
}

/** The change that it would be put down to asks for it in the code, and says nowhere that it is to be installed. */
function isAskedForByCode(name: string, { ranking }: Scene): boolean {
  const suspect = putDownTo(ranking);
  const naming = suspect?.commit.files.filter(({ patch }) => patch?.includes(name)) ?? [];
  return naming.length > 0 && naming.every(({ path }) => fileKind(path, isNotRun) === 'code');
}

/** A line of the settings that the change brought in gives this very path: `"#parts/*": "./build/*"`, `"main": "out/a.js"`. */
function isGivenBySettings(text: string, { ranking }: Scene): boolean {
  const suspect = NOT_FOUND.test(text) ? putDownTo(ranking) : undefined;
  const given = (suspect?.commit.files ?? [])
    .filter(({ path }) => GIVES_PATHS.has(fileKind(path, isNotRun)))
    .flatMap(({ patch }) => textsOf(changedLines(patch), '+'))
    .flatMap((line) => line.match(PATH) ?? []);
  const said = new Set(text.split(/[^\w@.-]+/));
  return given.some((path) => {
    const parts = path.split('/').filter((part) => /^@?\w[\w.-]+$/.test(part));
    return parts.length > 0 && parts.every((part) => said.has(part));
  });
}

/** What is no program: settings, what a package says of itself, how it is built and begun. */
const GIVES_PATHS: ReadonlySet<FileKind> = new Set(['config', 'dependencies', 'build']);
const PATH = /(?:[\w@.*#-]+\/)+[\w@.*-]+/g;
