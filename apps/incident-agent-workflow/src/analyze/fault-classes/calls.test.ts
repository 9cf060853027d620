/** Failures in words that nobody knows: told by the call of a runtime or driver, and by the status that they carry. */
import { describe, expect, test } from 'vitest';
import type { FaultClass } from '../../domain/fault-class.ts';
import { toldByCall, toldByStatus } from './calls.ts';

/** Frames as a language prints them; a star marks those of the program itself. */
function thrown(language: string, type: string, ...calls: readonly string[]) {
  const frames = calls.map((call) => {
    const [name = '', file = ''] = call.replace(/^\*/, '').split(' in ');
    return { function: name, file, line: 1, inApp: call.startsWith('*'), repositoryPath: null } as never;
  });
  const crashFrame = calls.findIndex((call) => call.startsWith('*'));
  return { language, type, frames, crashFrame: crashFrame < 0 ? null : crashFrame };
}
const NODE = '*send in src/client.ts';

const CALLS: readonly (readonly [FaultClass | undefined, ReturnType<typeof thrown>])[] = [
  ['tls-certificate', thrown('javascript', 'Error', 'TLSSocket.onConnectSecure in node:_tls_wrap', NODE)],
  [
    'tls-certificate',
    thrown(
      'python',
      'ClientError',
      '*fetch in app/client.py',
      'create_connection in /usr/lib/python3.12/socket.py',
      'do_handshake in /usr/lib/python3.12/ssl.py',
    ),
  ],
  [
    'tls-certificate',
    thrown(
      'java',
      'a.b.LinkException',
      'sun.security.validator.PKIXValidator.doBuild in PKIXValidator.java',
      '*a.b.C.d in C.java',
    ),
  ],
  ['tls-certificate', thrown('go', 'error', 'crypto/tls.(*Conn).handshakeContext in conn.go', '*main.send in main.go')],
  ['dns', thrown('javascript', 'Error', 'GetAddrInfoReqWrap.onlookupall [as oncomplete] in node:dns', NODE)],
  [
    'dns',
    thrown(
      'python',
      'LinkError',
      '*fetch in app/client.py',
      'create_connection in socket.py',
      'getaddrinfo in socket.py',
    ),
  ],
  [
    'dns',
    thrown(
      'java',
      'a.b.Gone',
      'java.net.Inet6AddressImpl.lookupAllHostAddr in Inet6AddressImpl.java',
      '*a.b.C.d in C.java',
    ),
  ],
  [
    'dependency-refused',
    thrown('javascript', 'Error', 'TCPConnectWrap.afterConnect [as oncomplete] in node:net', NODE),
  ],
  ['dependency-refused', thrown('java', 'a.b.Gone', 'sun.nio.ch.Net.pollConnect in Net.java', '*a.b.C.d in C.java')],
  ['dependency-refused', thrown('python', 'LinkError', '*fetch in app/client.py', 'create_connection in socket.py')],
  [
    'disk-full',
    thrown('java', 'java.io.IOException', 'java.io.FileOutputStream.writeBytes in Native Method', '*a.b.C.d in C.java'),
  ],
  [
    'disk-full',
    thrown('javascript', 'Error', 'writeSync in node:fs', 'writeFileSync in node:fs', '*keep in src/journal.ts'),
  ],
  ['disk-full', thrown('go', 'error', 'os.(*File).Write in file.go', '*main.keep in main.go')],
  [
    'pool-exhaustion',
    thrown(
      'java',
      'a.b.Gone',
      'com.zaxxer.hikari.pool.HikariPool.getConnection in HikariPool.java',
      '*a.b.C.d in C.java',
    ),
  ],
  [
    'pool-exhaustion',
    thrown('python', 'Gone', '*load in app/store.py', '_do_get in /site-packages/sqlalchemy/pool/impl.py'),
  ],
  ['deadlock-stall', thrown('python', 'Gone', '*load in app/store.py', 'acquire in /usr/lib/python3.12/threading.py')],
  // What wrong code throws is its own fault, wherever it does it.
  [undefined, thrown('javascript', 'TypeError', 'TLSSocket.onConnectSecure in node:_tls_wrap', NODE)],
  // Every program is called by what waits for work.
  [
    undefined,
    thrown(
      'java',
      'a.b.Gone',
      '*a.b.C.d in C.java',
      'java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire in A.java',
    ),
  ],
  [undefined, thrown('python', 'Gone', 'wait in /usr/lib/python3.12/threading.py', '*load in app/store.py')],
  [undefined, thrown('javascript', 'AppError', '*price in src/price.ts', 'listOnTimeout in node:internal/timers')],
];

describe('the call that threw it', () => {
  test.each(CALLS)('%s: %o', (expected, data) => {
    expect(toldByCall(data, `${data.type}: zrnavat abguvat`)?.class).toBe(expected);
  });

  test('says nothing where a class has words for the error itself', () => {
    const data = thrown('javascript', 'Error', 'writeSync in node:fs', '*keep in src/journal.ts');
    expect(toldByCall(data, 'Error: getaddrinfo ENOTFOUND db')).toBeUndefined();
  });
});

test.each<readonly [FaultClass | undefined, string]>([
  ['auth-secret', 'ledger zrnag 401 to GET /accounts/7'],
  ['auth-secret', 'antwortete 403 auf POST /charges'],
  ['rate-limit', 'https://api.example.com/v1 réponse 429'],
  ['external-api-down', 'payments:8443 respuesta 503'],
  ['external-api-down', '10.0.0.7:8080 vastasi 502'],
  // Which of the two is wrong, what was asked or what was answered, such a status does not say.
  [undefined, 'ledger zrnag 422 to POST /entries'],
  [undefined, 'ledger zrnag 404 to GET /accounts/7'],
  // A figure of something else.
  [undefined, 'https://api.example.com took 503 ms'],
  [undefined, 'payments:8443 holds 429 items'],
  [undefined, 'payments:8443 zrnag 5030'],
  // Nobody else is spoken of.
  [undefined, 'basket 503 is lost'],
])('status: %s by %j', (expected, text) => {
  expect(toldByStatus(text)?.class).toBe(expected);
});

test('the status of the request that failed is its own answer', () => {
  expect(toldByStatus('GET /basket zrnag 503', '/basket')).toBeUndefined();
});
