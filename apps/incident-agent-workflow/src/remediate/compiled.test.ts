/** Fixes of services in compiled languages, tried with their real toolchains. */
import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Sandbox } from '../remediation-ports.ts';
import { type TestRepository, testRepository } from '../testing/repository.ts';
import { hasProgram, investigateAndFix, SANDBOX } from './fix.test-helper.ts';

let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

const ACCOUNT = (to: string): string => `package shop;

import java.util.ArrayList;
import java.util.List;

public final class Account {
  private final String id;
  private final List<Entry> entries = new ArrayList<>();

  Account(String id) {
    this.id = id;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  List<Entry> page(int number, int size) {
    int to = entries.size() - (number - 1) * size;
${to}
    return new ArrayList<>(entries.subList(Math.max(0, to - size), to));
  }
}
`;
const CAREFUL = ACCOUNT('    if (to <= 0) return List.of();');
const CARELESS = ACCOUNT('    // pages are counted from 1');
const ENTRY = 'package shop;\n\npublic record Entry(String reference, long cents) {}\n';
const JUNIT = `package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AccountTest {
  @Test
  void showsWhatWasAdded() {
    Account account = new Account("a");
    account.add(new Entry("r", 5));
    assertEquals(1, account.page(1, 10).size());
  }
}
`;
const CRASH = {
  type: 'java.lang.IllegalArgumentException',
  message: 'fromIndex(0) > toIndex(-18)',
  path: 'svc/src/main/java/shop/Account.java',
  line: 21,
  function: 'shop.Account.page',
};

function bank(more: Record<string, string>) {
  repository = testRepository();
  repository.commit('begin', {
    'svc/pom.xml': '<project/>\n',
    'svc/src/main/java/shop/Account.java': CAREFUL,
    'svc/src/main/java/shop/Entry.java': ENTRY,
    ...more,
  });
  return repository.commit('shorter', { 'svc/src/main/java/shop/Account.java': CARELESS });
}

test('Java is proven by a JUnit test where JUnit is installed', { timeout: 300_000 }, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  if (!hasProgram('javac')) skip('needs javac: apt-get install openjdk-17-jdk-headless');
  if (!existsSync('/usr/share/java/junit-platform-console.jar')) skip('needs JUnit: apt-get install junit5');
  const commit = bank({ 'svc/src/test/java/shop/AccountTest.java': JUNIT });
  const { proposal } = await investigateAndFix(repository?.top ?? '', {
    commit,
    file: CRASH.path,
    line: 21,
    trace: CRASH,
    sandbox: SANDBOX,
  });
  expect(proposal?.proof).toMatchObject({
    state: 'proven',
    checks: [
      {
        name: 'the failure, as a JUnit 5 test',
        before: 'fails as in the incident (3 of 3)',
        after: 'passes (3 of 3)',
        without: 'fails as in the incident (3 of 3)',
      },
      { before: 'pass (1 of 1)', after: 'pass (3 of 3)' },
    ],
    reproduction: {
      style: 'JUnit 5',
      path: 'svc/src/test/java/shop/INC7Test.java',
      text: expect.stringMatching(/import org\.junit\.jupiter\.api\.Test;[\s\S]*self\.page\(/),
    },
  });
});

test('without JUnit a small program makes it happen, and test_command tells whether anything broke', {
  timeout: 300_000,
}, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  if (!hasProgram('javac')) skip('needs javac: apt-get install openjdk-17-jdk-headless');
  const commit = bank({});
  const testCommand = 'javac -d /tmp/own $(find src -name "*.java") && test -f /tmp/own/shop/Account.class';
  const { proposal } = await investigateAndFix(repository?.top ?? '', {
    commit,
    file: CRASH.path,
    line: 21,
    trace: CRASH,
    sandbox: SANDBOX,
    service: { testCommand },
  });
  expect(proposal?.proof).toMatchObject({
    state: 'proven',
    reproduction: {
      style: 'script',
      path: 'svc/src/main/java/shop/INC7.java',
      text: expect.stringContaining('public static void main'),
    },
  });
});

const PRICING = (guard: string): string => `package pricing

type Price struct{ Cents int }
type Line struct{ Price *Price }
type Basket struct {
	Lines []Line
	note  string
}

// Total adds up what was priced.
func (basket *Basket) Total(discount int) int {
	sum := 0
	for _, line := range basket.Lines {
${guard}		sum += line.Price.Cents
	}
	return sum - discount
}
`;
const GO_TEST = `package pricing

import "testing"

func TestTotal(t *testing.T) {
	if got := (&Basket{Lines: []Line{{&Price{5}}}}).Total(1); got != 4 {
		t.Fatal(got)
	}
}
`;

function shop() {
  const path = 'svc/pricing/pricing.go';
  repository = testRepository();
  repository.commit('begin', {
    'svc/go.mod': 'module shop\n\ngo 1.19\n',
    [path]: PRICING('\t\tif line.Price == nil {\n\t\t\tcontinue\n\t\t}\n'),
    'svc/pricing/pricing_test.go': GO_TEST,
  });
  const commit = repository.commit('shorter', { [path]: PRICING('') });
  const message = 'invalid memory address or nil pointer dereference';
  const trace = { type: 'runtime error', message, path, line: 14, function: 'shop/pricing.(*Basket).Total' };
  return { commit, file: path, line: 14, trace };
}

test('Go is proven by a test of its package', { timeout: 300_000 }, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  if (!hasProgram('go')) skip('needs go: apt-get install golang-go');
  const fault = shop();
  const { proposal } = await investigateAndFix(repository?.top ?? '', { ...fault, sandbox: SANDBOX });
  expect(proposal?.proof).toMatchObject({
    state: 'proven',
    checks: [
      {
        name: 'the failure, as a Go test',
        before: 'fails as in the incident (3 of 3)',
        without: 'fails as in the incident (3 of 3)',
      },
      { command: 'go test ./...', before: 'pass (1 of 1)', after: 'pass (3 of 3)' },
    ],
    reproduction: {
      style: 'Go',
      path: 'svc/pricing/inc_7_test.go',
      text: expect.stringContaining('(*Basket).Total(&Basket{Lines: []Line{Line{}}}, 1)'),
    },
  });
});

test('without the toolchain it is unproven, and it is said what is missing', { timeout: 60_000 }, async ({ skip }) => {
  if (!hasProgram('bwrap')) skip('needs bwrap: apt-get install bubblewrap');
  const fault = shop();
  const few = 'mkdir /tmp/few; for one in sh cat grep cut tail; do ln -s /usr/bin/$one /tmp/few; done; PATH=/tmp/few; ';
  const sandbox: Sandbox = {
    ...SANDBOX,
    run: (job, signal) => SANDBOX.run({ ...job, command: few + job.command }, signal),
  };
  const { proposal } = await investigateAndFix(repository?.top ?? '', { ...fault, sandbox });
  expect(proposal?.proof).toMatchObject({
    state: 'unproven',
    reason: expect.stringMatching(
      /go is not installed here; the service’s own tests cannot be run here: .*go: not found/,
    ),
  });
});
