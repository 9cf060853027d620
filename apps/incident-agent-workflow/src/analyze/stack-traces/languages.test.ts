/** Traces in the forms that the documentation and the sources of the runtimes give, of a shop of our own. */
import { describe, expect, test } from 'vitest';
import { readLogLine } from '../logs/read-log-line.ts';
import { type ExtractedTrace, extractTraces } from './extract.ts';
import { throwSite } from './trace.ts';

interface Case {
  readonly says: string;
  readonly text: string;
  readonly language: string;
  readonly type: string;
  readonly message: string;
  /** `file:line` of the first frame of our own; undefined: there is none. */
  readonly crash: string | undefined;
  readonly thrown?: string;
  /** From the inside outwards. */
  readonly around?: readonly string[];
}

const RUBY: readonly Case[] = [
  {
    says: 'Ruby until 3.3, with a cause below',
    language: 'ruby',
    text: `app/basket.rb:12:in \`rescue in total': cannot total (ShopError)
\tfrom app/basket.rb:8:in \`total'
\tfrom /usr/local/bundle/gems/sinatra-3.0.5/lib/sinatra/base.rb:1063:in \`route_eval'
app/price.rb:3:in \`/': divided by 0 (ZeroDivisionError)
\tfrom app/price.rb:3:in \`share'
\tfrom app/basket.rb:9:in \`total'`,
    type: 'ZeroDivisionError',
    message: 'divided by 0',
    crash: 'app/price.rb:3',
    around: ['ShopError: cannot total'],
  },
  {
    says: 'Ruby 3.4, where quotes are straight and names are qualified',
    language: 'ruby',
    text: `/app/lib/basket.rb:8:in 'Basket#total': undefined method 'price' for nil (NoMethodError)

    items.first.price
               ^^^^^^
\tfrom /app/lib/basket.rb:20:in 'block in Basket#checkout'
\tfrom <internal:array>:42:in 'Array#each'
\tfrom /app/main.rb:3:in '<main>'`,
    type: 'NoMethodError',
    message: "undefined method 'price' for nil\n\n    items.first.price\n               ^^^^^^",
    crash: '/app/lib/basket.rb:8',
  },
  {
    says: 'Ruby 2.7 on a terminal, the other way round',
    language: 'ruby',
    text: `Traceback (most recent call last):
\t2: from main.rb:9:in \`<main>'
\t1: from /app/basket.rb:5:in \`total'
/app/price.rb:1:in \`share': no price (RuntimeError)`,
    type: 'RuntimeError',
    message: 'no price',
    crash: '/app/price.rb:1',
  },
  {
    says: 'Rails, with the frames of its gems',
    language: 'ruby',
    text: `ActiveRecord::RecordNotFound (Couldn't find Basket with 'id'=7):

activerecord (7.1.2) lib/active_record/core.rb:253:in \`find'
app/controllers/baskets_controller.rb:14:in \`show'
actionpack (7.1.2) lib/abstract_controller/base.rb:224:in \`process_action'`,
    type: 'ActiveRecord::RecordNotFound',
    message: "Couldn't find Basket with 'id'=7",
    crash: 'app/controllers/baskets_controller.rb:14',
    thrown: 'lib/active_record/core.rb:253',
  },
];

const PHP: readonly Case[] = [
  {
    says: 'PHP 8, the previous error printed first',
    language: 'php',
    text: `PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/src/Db.php:12
Stack trace:
#0 /app/src/Db.php(12): PDO->__construct('mysql:host=db')
#1 /app/src/Basket.php(30): Shop\\Db->open()
#2 /app/vendor/slim/slim/Slim/App.php(40): Shop\\Basket->find()
#3 {main}

Next Shop\\BasketException: no basket in /app/src/Basket.php:33
Stack trace:
#0 /app/public/index.php(9): Shop\\Basket->find()
#1 {main}
  thrown in /app/src/Basket.php on line 33`,
    type: 'PDOException',
    message: 'SQLSTATE[HY000] [2002] Connection refused',
    crash: '/app/src/Db.php:12',
    around: ['Shop\\BasketException: no basket'],
  },
  {
    says: 'PHP with a message of two lines and a type error',
    language: 'php',
    text: `PHP Fatal error:  Uncaught TypeError: Shop\\total(): Argument #1 must be of type int,
string given, called in /app/src/a.php:3 in /app/src/Basket.php:7
Stack trace:
#0 /app/src/a.php(3): Shop\\total('x')
#1 [internal function]: Shop\\{closure}(1)
#2 {main}
  thrown in /app/src/Basket.php on line 7`,
    type: 'TypeError',
    message: 'Shop\\total(): Argument #1 must be of type int,\nstring given, called in /app/src/a.php:3',
    crash: '/app/src/Basket.php:7',
  },
  {
    says: 'Laravel, whose previous exception is the cause',
    language: 'php',
    text: `[2026-01-01 03:12:05] production.ERROR: no basket {"exception":"[object] (App\\Exceptions\\ShopException(code: 0): no basket at /app/app/Basket.php:40)
[stacktrace]
#0 /app/app/Http/BasketController.php(22): App\\Basket->find(7)
#1 {main}

[previous exception] [object] (ErrorException(code: 0): Undefined array key 7 at /app/app/Basket.php:38)
[stacktrace]
#0 /app/app/Basket.php(38): Illuminate\\Foundation\\Bootstrap\\HandleExceptions->handleError(2)
#1 {main}
"}`,
    type: 'ErrorException',
    message: 'Undefined array key 7',
    crash: '/app/app/Basket.php:38',
    around: ['App\\Exceptions\\ShopException: no basket'],
  },
];

const DOTNET: readonly Case[] = [
  {
    says: '.NET, the inner exception first, async methods by their names',
    language: 'csharp',
    text: `Unhandled exception. Shop.BasketException: cannot total
 ---> System.Collections.Generic.KeyNotFoundException: The given key '7' was not present in the dictionary.
   at System.Collections.Generic.Dictionary\`2.get_Item(TKey key)
   at Shop.Price.<LookUp>d__4.MoveNext() in /src/Shop/Price.cs:line 18
--- End of stack trace from previous location ---
   at Shop.Basket.<>c__DisplayClass3_0.<Total>b__0(Item item) in /src/Shop/Basket.cs:line 30
   --- End of inner exception stack trace ---
   at Shop.Basket.Total() in /src/Shop/Basket.cs:line 34
   at Program.<Main>$(String[] args) in /src/Shop/Program.cs:line 5`,
    type: 'System.Collections.Generic.KeyNotFoundException',
    message: "The given key '7' was not present in the dictionary.",
    crash: '/src/Shop/Price.cs:18',
    around: ['Shop.BasketException: cannot total'],
  },
  {
    says: '.NET without debug symbols: no file, so no place',
    language: 'csharp',
    text: `System.NullReferenceException: Object reference not set to an instance of an object.
   at Shop.Basket.Total(String id)
   at System.Threading.Tasks.Task.InnerInvoke()`,
    type: 'System.NullReferenceException',
    message: 'Object reference not set to an instance of an object.',
    crash: undefined,
  },
  {
    says: 'Mono',
    language: 'csharp',
    text: `System.InvalidOperationException: empty
  at Shop.Basket.First () [0x00001] in /src/Basket.cs:9
  at Shop.Program.Main (System.String[] args) [0x0000b] in /src/Program.cs:4`,
    type: 'System.InvalidOperationException',
    message: 'empty',
    crash: '/src/Basket.cs:9',
  },
];

const DART: readonly Case[] = [
  {
    says: 'Dart, with a package of the shop and an asynchronous gap',
    language: 'dart',
    text: `Unhandled exception:
Bad state: No element
#0      ListIterable.first (dart:_internal/iterable.dart:40:5)
#1      Basket.total (package:shop/src/basket.dart:31:14)
<asynchronous suspension>
#2      main (file:///app/bin/main.dart:4:3)`,
    type: 'StateError',
    message: 'Bad state: No element',
    crash: 'package:shop/src/basket.dart:31',
  },
  {
    says: 'Flutter',
    language: 'dart',
    text: `[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: RangeError (index): Invalid value: Valid value range is empty: 0
#0      List.[] (dart:core-patch/growable_array.dart:264:36)
#1      _BasketState.build (package:shop/basket.dart:12:20)
#2      StatefulElement.build (package:flutter/src/widgets/framework.dart:5080:27)`,
    type: 'RangeError',
    message: 'Invalid value: Valid value range is empty: 0',
    crash: 'package:shop/basket.dart:12',
  },
];

const OTHERS: readonly Case[] = [
  {
    says: 'Go: all goroutines wait',
    language: 'go',
    text: `fatal error: all goroutines are asleep - deadlock!

goroutine 1 [semacquire]:
sync.runtime_Semacquire(0xc0000b2018?)
\t/usr/local/go/src/runtime/sema.go:62 +0x25
sync.(*WaitGroup).Wait(0x0?)
\t/usr/local/go/src/sync/waitgroup.go:116 +0x48
main.main()
\t/app/cmd/shop/main.go:21 +0xe5

goroutine 18 [chan send, 5 minutes]:
main.work(...)
\t/app/cmd/shop/work.go:9
created by main.main in goroutine 1
\t/app/cmd/shop/main.go:15 +0x9d

goroutine 19 [chan send]:
main.work(...)
\t/app/cmd/shop/work.go:9
created by main.main in goroutine 1
\t/app/cmd/shop/main.go:15 +0x9d
exit status 2`,
    type: 'fatal error',
    message: 'all goroutines are asleep - deadlock!',
    crash: '/app/cmd/shop/main.go:21',
    thrown: '/usr/local/go/src/runtime/sema.go:62',
  },
  {
    says: 'Go: an error that carries its stack',
    language: 'go',
    text: `no basket
github.com/example/shop/store.(*Store).Find
\t/app/store/store.go:41
main.handle
\t/app/cmd/shop/main.go:30
net/http.HandlerFunc.ServeHTTP
\t/usr/local/go/src/net/http/server.go:2136`,
    type: 'error',
    message: 'no basket',
    crash: '/app/store/store.go:41',
  },
  {
    says: 'Rust until 1.72, with the text in quotes',
    language: 'rust',
    text: `thread 'main' panicked at 'called \`Option::unwrap()\` on a \`None\` value', src/basket.rs:8:20
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
    type: 'panic',
    message: 'called `Option::unwrap()` on a `None` value',
    crash: 'src/basket.rs:8',
  },
  {
    says: 'Rust: an error with its causes, as anyhow prints it',
    language: 'rust',
    text: `Error: cannot load the basket

Caused by:
    0: cannot read it
    1: No such file or directory (os error 2)

Stack backtrace:
   0: anyhow::error::<impl core::convert::From<E> for anyhow::Error>::from
             at /usr/local/cargo/registry/src/index.crates.io-6f17d22bba15001f/anyhow-1.0.75/src/error.rs:565:25
   1: shop::load
             at ./src/main.rs:14:5`,
    type: 'Error',
    message: 'No such file or directory (os error 2)',
    crash: './src/main.rs:14',
    around: ['Error: cannot read it', 'Error: cannot load the basket'],
  },
  {
    says: 'Java: one exception inside the other, told on one line',
    language: 'java',
    text: `org.springframework.web.util.NestedServletException: Request processing failed; nested exception is shop.BasketException: no basket 7
\tat org.springframework.web.servlet.FrameworkServlet.processRequest(FrameworkServlet.java:1014)
\tat shop.Basket$$SpringCGLIB$$0.total(<generated>)
\tat shop.Basket.total(Basket.java:12)`,
    type: 'shop.BasketException',
    message: 'no basket 7',
    crash: 'Basket.java:12',
    around: [
      'org.springframework.web.util.NestedServletException: Request processing failed; nested exception is shop.BasketException: no basket 7',
    ],
  },
  {
    says: 'Java: an exception of a class without a name',
    language: 'java',
    text: `shop.BasketException$2: no basket: [7, 8]
\tat shop.Basket.total(Basket.java:12)`,
    type: 'shop.BasketException$2',
    message: 'no basket: [7, 8]',
    crash: 'Basket.java:12',
    around: [],
  },
  {
    says: 'Java: an exception whose name does not say that it is one',
    language: 'java',
    text: `Exception in thread "main" com.example.shop.OutOfStock
\tat com.example.shop.Basket.total(Basket.java:12)`,
    type: 'com.example.shop.OutOfStock',
    message: '',
    crash: 'Basket.java:12',
    around: [],
  },
  {
    says: 'Java: a mail library names what is inside on lines of its own',
    language: 'java',
    text: `shop.MailException: cannot send;
  nested exception is:
jakarta.mail.AddressException: 550 no such user

\tat shop.Mail.send(Mail.java:30)
\tat shop.Basket.order(Basket.java:12)
Caused by: jakarta.mail.AddressException: 550 no such user
\tat jakarta.mail.Transport.send(Transport.java:5)
\t... 2 more`,
    type: 'jakarta.mail.AddressException',
    message: '550 no such user',
    crash: 'Mail.java:30',
    around: ['shop.MailException: cannot send;\nnested exception is:\njakarta.mail.AddressException: 550 no such user'],
  },
];

function tracesOf(texts: readonly string[]): ExtractedTrace[] {
  return extractTraces(texts.map((text, index) => readLogLine({ text, stream: 's', line: index + 1 })));
}

function placeOf(frame: ExtractedTrace['frames'][number] | undefined): string | undefined {
  return frame && `${frame.file}:${frame.line}`;
}

const ALL = [...RUBY, ...PHP, ...DOTNET, ...DART, ...OTHERS];
const BEFORE = ['2026-01-01T03:12:05Z INFO request 6 took 12 ms', '2026-01-01T03:12:05Z INFO request 7 took 9 ms'];
const AFTER = ['2026-01-01T03:12:06Z INFO request 8 took 11 ms'];

function expectTold(trace: ExtractedTrace | undefined, one: Case): void {
  const { language, type, message, crash } = one;
  expect(trace).toMatchObject({ language, type, message });
  expect(placeOf(trace?.crashFrame === undefined ? undefined : trace.frames[trace.crashFrame])).toBe(crash);
  const around = trace?.around?.map((error) => `${error.type}: ${error.message}`);
  expect(one.around === undefined ? undefined : around).toEqual(one.around);
  expect(one.thrown === undefined ? undefined : placeOf(trace && throwSite(trace))).toBe(one.thrown);
}

test.each(ALL)('$says', (one) => {
  const texts = one.text.split('\n');
  const traces = tracesOf([...BEFORE, ...texts, ...AFTER]);
  expect(traces.map(({ lineIndexes }) => [lineIndexes[0], lineIndexes.at(-1)])).toEqual([[2, 1 + texts.length]]);
  expectTold(traces[0], one);
});

describe('in a field, escaped once too often', () => {
  test.each(
    ALL.filter(
      ({ text }) => /^\s*(?:at |#0|from |\S+:\d+:in |goroutine |\S+\.go:|0: )/m.test(text) && !text.startsWith('[2026'),
    ),
  )('$says', (one) => {
    const escaped = one.text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    const [trace, ...others] = tracesOf([JSON.stringify({ level: 'error', stack: escaped })]);
    expect(others).toEqual([]);
    expect(trace).toMatchObject({ language: one.language, type: one.type });
  });
});

test('of the other goroutines the states are counted', () => {
  const deadlock = OTHERS[0]?.text.split('\n') ?? [];
  expect(tracesOf(deadlock)[0]?.goroutines).toEqual({ 'chan send': 2 });
});

test('methods of .NET are named as they were written', () => {
  const [trace] = tracesOf(DOTNET[0]?.text.split('\n') ?? []);
  expect(trace?.frames.map((frame) => frame.function)).toEqual([
    'System.Collections.Generic.Dictionary`2.get_Item',
    'Shop.Price.LookUp',
    'Shop.Basket.Total',
    'Shop.Basket.Total',
    'Program.<Main>$',
  ]);
});
