/** Java's part of finding a failing call: which methods, how the search is run, and the call as a test. */
import type { TreeFile } from '../../remediation-ports.ts';
import type { CompiledLanguage, Writing } from './compiled-language.ts';
import { javaBuild, javaCommand } from './java-build.ts';
import { javaSearch } from './search-java.ts';
import type { WrittenTest } from './styles.ts';
import type { Target } from './target.ts';

const MAX_CLASSES = 400;

export const JAVA: CompiledLanguage = {
  ending: '.java',
  callsOf({ frames }: Target) {
    return frames.flatMap(({ function: name }) => {
      const [, owner, method] = /^([\w$.]+)\.([\w$]+|<init>)$/.exec(name ?? '') ?? [];
      // What runs inside of a lambda was handed over by the method around it.
      const around = /^lambda\$(\w+)\$\d+$/.exec(method ?? '')?.[1];
      return owner === undefined || method === undefined ? [] : [{ owner, name: around ?? method }];
    });
  },
  search(order, files, folder) {
    const prefix = folder === '' ? '' : `${folder}/`;
    const program: TreeFile = {
      path: `${prefix}IncidentSearch.java`,
      mode: 'file',
      content: Buffer.from(javaSearch(order, classesIn(files, prefix))),
    };
    return { files: [program, javaBuild(folder)], command: javaCommand('search') };
  },
  write,
};

/** By their paths: a class lies where its package says. */
function classesIn(files: readonly TreeFile[], prefix: string): string[] {
  return files
    .filter(({ path }) => path.startsWith(prefix) && path.endsWith('.java') && !/(?:^|\/)test\//.test(path))
    .map(({ path }) =>
      path
        .slice(prefix.length, -'.java'.length)
        .replace(/^src\/main\/java\//, '')
        .replaceAll('/', '.'),
    )
    .slice(0, MAX_CLASSES);
}

function write({ style, incident, folder, source, target }: Writing): WrittenTest {
  const prefix = folder === '' ? '' : `${folder}/`;
  const beside = target.path.slice(prefix.length).split('/').slice(0, -1).join('/');
  const packageName = beside.replace(/^src\/main\/java\/?/, '').replaceAll('/', '.');
  const isTest = style === 'JUnit 4' || style === 'JUnit 5';
  const name = `${incident.replaceAll(/[^A-Za-z0-9]/g, '')}${isTest ? 'Test' : ''}`;
  const place = isTest ? beside.replace(/^src\/main\/java/, 'src/test/java') : beside;
  const className = packageName === '' ? name : `${packageName}.${name}`;
  const statements = `${source};`.split('\n').map((line) => `    ${line}\n`);
  const head = isTest
    ? '  @Test\n  public void answersWhereItFailed() throws Exception {\n'
    : '  public static void main(String[] none) throws Exception {\n';
  const imports =
    style === 'JUnit 5'
      ? 'import org.junit.jupiter.api.Test;\n\n'
      : style === 'JUnit 4'
        ? 'import org.junit.Test;\n\n'
        : '';
  const says = `/** Fails as in ${incident} before the fix, passes after it. Found by the incident agent by trying values. */\n`;
  const text = `${packageName === '' ? '' : `package ${packageName};\n\n`}${imports}${says}public class ${name} {\n${head}${statements.join('')}  }\n}\n`;
  return {
    style: isTest ? style : 'script',
    path: `${prefix}${place === '' ? '' : `${place}/`}${name}.java`,
    text,
    command: isTest ? javaCommand('test', className) : javaCommand('run', className),
    beside: [javaBuild(folder)],
    runsThrice: true,
  };
}
