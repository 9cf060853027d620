/** Languages that only their own toolchain reads rightly: it parses in the sandbox, and runs nothing of what it reads. */
import type { Sandbox, SandboxLimits, TreeFile } from '../../remediation-ports.ts';

export interface Toolchain {
  readonly language: string;
  readonly files: RegExp;
  readonly ending: string;
  /** A program of ours that the command starts. */
  readonly program?: { readonly path: string; readonly text: string };
  /** Prints `path:line: mistake`, and `parsed` when it has read all of them. */
  readonly command: string;
}

const PYTHON = `import ast, sys
for path in sys.argv[1:]:
    try:
        with open(path, 'rb') as file:
            ast.parse(file.read(), path)
    except (SyntaxError, ValueError) as error:
        print('%s:%s: %s' % (path, getattr(error, 'lineno', None) or 1, getattr(error, 'msg', error)))
print('parsed')
`;
const JAVA = `import com.sun.source.util.JavacTask;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

class Parse {
  public static void main(String[] paths) throws Exception {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var mistakes = new DiagnosticCollector<JavaFileObject>();
    var files = compiler.getStandardFileManager(mistakes, null, null);
    var task = compiler.getTask(null, files, mistakes, List.of("-proc:none"), null, files.getJavaFileObjects(paths));
    ((JavacTask) task).parse();
    for (var one : mistakes.getDiagnostics())
      if (one.getKind() == Diagnostic.Kind.ERROR)
        System.out.println(one.getSource().getName() + ":" + one.getLineNumber() + ": " + one.getMessage(Locale.ROOT));
    System.out.println("parsed");
  }
}
`;
const TOOLCHAINS: readonly Toolchain[] = [
  {
    language: 'Python',
    files: /\.py$/,
    ending: 'py',
    program: { path: 'parse.py', text: PYTHON },
    command: 'python3 -I parse.py before/* after/*',
  },
  {
    language: 'Java',
    files: /\.java$/,
    ending: 'java',
    program: { path: 'Parse.java', text: JAVA },
    command: 'java Parse.java before/* after/*',
  },
  {
    language: 'Go',
    files: /\.go$/,
    ending: 'go',
    command: 'gofmt -e -l before/* after/*; [ $? -le 2 ] && echo parsed',
  },
];
const MEGABYTE = 1024 * 1024;
const LIMITS: SandboxLimits = {
  seconds: 30,
  memoryBytes: 768 * MEGABYTE,
  processes: 256,
  outputBytes: MEGABYTE,
  diskBytes: 64 * MEGABYTE,
};
const MISTAKE = /^(before|after)\/(\d+)\.\w+:(\d+):(?:\d+:)? *(.*)$/;
/** Of no tree: what is read needs nothing beside it. */
const TOP = '/work/syntax';

export function toolchainOf(path: string): Toolchain | undefined {
  return TOOLCHAINS.find(({ files }) => files.test(path));
}

export interface Mistakes {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Of each file, in their order; or why none could be read. */
export async function mistakesBy(
  toolchain: Toolchain,
  files: readonly { readonly before: string | undefined; readonly after: string }[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<readonly Mistakes[] | string> {
  const unavailable = await sandbox.unavailable();
  if (unavailable !== undefined) return unavailable;
  const { program, ending, command, language } = toolchain;
  const written = [
    ...files.flatMap(({ before, after }, index) => [
      // A file that is new was no mistake before: what it becomes stands there too.
      fileOf(`before/${index}.${ending}`, before ?? after),
      fileOf(`after/${index}.${ending}`, after),
    ]),
    ...(program ? [fileOf(program.path, program.text)] : []),
  ];
  const result = await sandbox.run({ files: written, top: TOP, folder: '', command, limits: LIMITS }, signal);
  if (result.state === 'not-run') return result.reason;
  const lines = result.output.split('\n');
  if (!lines.includes('parsed')) return `the toolchain of ${language} is not installed here`;
  const told = lines.flatMap((line) => {
    const [, side, index, number, words] = MISTAKE.exec(line) ?? [];
    return side === undefined ? [] : [{ side, index: Number(index), words: `line ${number}: ${words}` }];
  });
  const first = (side: string, at: number): string | undefined =>
    told.find((one) => one.side === side && one.index === at)?.words;
  return files.map(({ before }, index) => ({
    before: before === undefined ? undefined : first('before', index),
    after: first('after', index),
  }));
}

function fileOf(path: string, text: string): TreeFile {
  return { path, mode: 'file', content: Buffer.from(text) };
}
