/** Test code among frames, and what a test is about by its name: all that a trace says where it ends in an assertion. */
import type { Frame } from '../../domain/evidence.ts';
import { upperFirst } from '../../lib/wording.ts';

const TEST_FILE =
  /(?:^|[/\\])(?:tests?|specs?|__tests__|e2e|src[/\\]test)[/\\]|\.(?:test|spec)\.[cm]?[jt]sx?$|_(?:test|spec)\.\w+$|(?:^|[/\\])(?:test_[^/\\]*|conftest)\.py$|(?:Tests?|TestCase|Spec|IT)\.(?:java|kt|scala|groovy|cs|php|swift|dart)$/;
/** `a.b.FooTest.testIt`, `a.b.FooTest$Inner.run`; Rust's `shop::items::tests::it_works`. */
const TEST_CLASS = /(?:^|[.$\\])(?:\w*(?:Tests?|TestCase|Spec|IT)|Test[A-Z]\w*)(?:[.$]|::)|::tests?::/;

export function isTestFrame({ file, function: name }: Pick<Frame, 'file' | 'function'>): boolean {
  return TEST_FILE.test(file) || TEST_CLASS.test(name ?? '');
}

/** Libraries whose only job is to fail a test. */
const ASSERTION_LIBRARY =
  /^(?:org\.junit\.(?:jupiter\.api\.)?Assert\w*|junit\.framework\.(?:Assert|TestCase)|org\.hamcrest\.\w+|org\.assertj\.|org\.testng\.Assert|kotlin\.test\.|Xunit\.Assert|NUnit\.Framework\.|PHPUnit\\Framework\\(?:Assert|Constraint))|(?:^|\/)(?:node:assert|chai|expect|@vitest|unittest\/case|_pytest)\b/;

export function isAssertionFrame({ file, function: name }: Pick<Frame, 'file' | 'function'>): boolean {
  return ASSERTION_LIBRARY.test(name ?? '') || ASSERTION_LIBRARY.test(file);
}

const ASSERTION_ERROR =
  /(?:^|[.\\])(?:Assertion\w*|ComparisonFailure|AssertionFailedError|ExpectationFailed\w*|Assertion)$/;

export function isAssertion(type: string): boolean {
  return ASSERTION_ERROR.test(type);
}

/** A name that a test's subject may have, the likeliest first; `weight` falls from 1. */
export interface Subject {
  readonly name: string;
  readonly weight: number;
}

/** Last words that classes are named by: `StringUtils`, `HelpFormatter`, `CommandLine` has none. */
const ROLE =
  /(?:Utils?|Builder|Factory|Format|Helper|Manager|Service|Controller|Repository|Client|Handler|Parser|Provider|Impl|Converter|Validator|Adapter|Store|Queue|Cache|\w{2,}(?:er|or))$/;
const QUALIFIER =
  /(?:_?(?:Integration|Functional|Unit|Acceptance|Regression|Performance|Concurrency|Additional|Extended|More|Basic(?=Test)|Smoke|Edge|E2E))+$/;
/** Named after a report, not after a class: `BugCLI13`, `Issue695`, `Lang538`. */
const REPORT = /^(?:(?:Bug|Issue|Jira|Ticket|Gh|Defect|Fix)_?[A-Za-z]{0,12}[-_]?\d*|[A-Z][A-Za-z]{0,12}[-_]?\d{2,6})$/;

/** From `FooBarTest`, `TestFooBar`, `AbstractFooTest`, `FooAbstractTest`, `foo_bar.test.ts`: names without test words. */
export function subjectsOf(testName: string): Subject[] {
  const bare = testName
    .replace(/\$.*$/, '')
    .replace(/\.(?:test|spec)$|_(?:test|spec)$|^test_/, '')
    .replace(/(?:Tests?|TestCase|Spec|IT)$/, '')
    .replace(/^Tests?(?=[A-Z])/, '')
    .replace(QUALIFIER, '');
  if (bare === '' || REPORT.test(bare)) return [];
  const isShared = /^(?:Abstract|Base)[A-Z]|(?:Abstract|Base)$/.test(bare);
  const name = isShared ? bare.replace(/^(?:Abstract|Base)|(?:Abstract|Base)$/g, '') : bare;
  const shorter = beforeAspect(name);
  const named = shorter === undefined ? [name] : [shorter, name];
  const forms = isShared ? [...named, `Abstract${name}`] : [...named, `${name}Impl`, `Abstract${name}`, `Base${name}`];
  return forms.map((form, index) => ({ name: form, weight: 1 / 2 ** index }));
}

/** `StringUtilsEqualsIndexOf` tests an aspect of `StringUtils`; `FastDateFormat_Printer` one of `FastDateFormat`. */
function beforeAspect(name: string): string | undefined {
  const underscore = name.indexOf('_');
  if (underscore > 0 && /^[A-Z]/.test(name)) return name.slice(0, underscore);
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z\d]+/g) ?? [];
  if (words.join('') !== name || ROLE.test(words.at(-1) ?? '')) return undefined;
  const role = words.findLastIndex((word) => ROLE.test(word));
  return role > 0 ? words.slice(0, role + 1).join('') : undefined;
}

/** Where no class is named, the verb of the test's name names who does it: `shouldParseOptions` is about a `Parser`. */
export function doersOf(testName: string): Subject[] {
  const bare = testName.replace(/^(?:tests?|should|it|can|does)(?=[_A-Z])_?/i, '');
  const words = bare.match(/[A-Z]?[a-z]+/g) ?? [];
  return words.slice(0, MAX_WORDS).flatMap((word, index) => {
    const name = upperFirst(word);
    const doer = DOING.test(name) ? [{ name: `${name.replace(/e$/, '')}er`, weight: 1 / 2 ** index }] : [];
    return [...doer, { name, weight: 1 / 2 ** (index + 1) }];
  });
}

const MAX_WORDS = 3;
const DOING =
  /^(?:Pars|Format|Print|Render|Convert|Serializ|Load|Writ|Read|Resolv|Encod|Decod|Valid(?:at)?|Handl|Compil|Schedul)e?$/;
