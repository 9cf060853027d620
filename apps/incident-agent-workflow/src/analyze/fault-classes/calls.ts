/**
 * What a failure tells where nobody knows its words: by which call of a runtime or of a driver it was thrown, and which
 * status of somebody else's answer it carries. Consulted only where no class has words for the text itself.
 */
import type { FaultClass } from '../../domain/fault-class.ts';
import type { ObservedTrace } from '../crashes.ts';
import { namesFault, PROGRAMMING_ERRORS } from './texts.ts';

type Frames = Pick<ObservedTrace['data'], 'frames' | 'crashFrame' | 'language'>;

interface Call {
  readonly class: FaultClass;
  /** “… was thrown while …”. */
  readonly while: string;
  /** `function@file`, as the language writes them. */
  readonly made: RegExp;
  /** Only where the program's own code called it itself: others make such calls for reasons of their own. */
  readonly isInnermost?: true;
}

/** The first that fits: a handshake is made by what connects, and a name is looked up before. */
const CALLS: readonly Call[] = [
  {
    class: 'tls-certificate',
    while: 'a secure connection was made',
    made: /TLSSocket\.(?:onConnectSecure|onConnectEnd|_handleTimeout)|^do_handshake@|ssl_?wrap_socket@|sun\.security\.(?:ssl\.(?:Alert|TransportContext|\w*Handshake\w*|CertificateMessage|X509TrustManagerImpl|SSLSocketImpl\.startHandshake)|validator\.|provider\.certpath\.)|crypto\/tls\.\(\*Conn\)\.\w*(?:[Hh]andshake|verify)|crypto\/x509\.|SslStream\.\w*(?:Handshake|Authenticat)|ssl_(?:socket_)?connect@|rustls::|openssl::ssl/,
  },
  {
    class: 'dns',
    while: 'the name of a host was looked up',
    made: /GetAddrInfoReqWrap|QueryReqWrap|lookupAllHostAddr|InetAddress\.(?:getAllByName|getByName|getAddressesFromNameService)|^getaddrinfo@|^gethostbyname\w*@|net\.\(\*Resolver\)|System\.Net\.(?:NameResolution|Dns)\b/,
  },
  {
    class: 'dependency-refused',
    while: 'a connection was opened',
    made: /(?:TCP|Pipe)ConnectWrap\.afterConnect|^create_connection@|sun\.nio\.ch\.(?:Net\.(?:connect|pollConnect)|SocketChannelImpl\.(?:connect|finishConnect|checkConnect)|NioSocketImpl\.(?:connect|timedFinishConnect))|(?:PlainSocketImpl|SocksSocketImpl)\.\w*[cC]onnect|net\.\(\*(?:sysDialer|Dialer|netFD)\)\.\w*(?:[dD]ial|[cC]onnect)|Sockets\.Socket\.\w*Connect|^connect_tcp@/,
  },
  {
    class: 'disk-full',
    while: 'a file was written',
    made: /FileOutputStream\.write|(?:File|UnixFile)DispatcherImpl\.p?write|RandomAccessFile\.write|FileChannelImpl\.(?:write|force)|MappedByteBuffer\.force|^(?:write|writeFile|appendFile)Sync@(?:node:)?fs|^writeFileHandle@|^writeAll@node:|os\.\(\*File\)\.(?:Write|Sync)|IO#(?:write|flush|fsync)|FileStream\w*\.(?:Write|Flush)|RandomAccess\.Write/,
  },
  {
    class: 'pool-exhaustion',
    while: 'a connection was asked of a pool',
    made: /HikariPool\.(?:getConnection|createTimeoutException)|ObjectPool\.borrowObject|^_do_get@.*sqlalchemy.pool|psycopg_pool[./]|ConnectionPool\.(?:checkOut|processWaitQueue|acquire)|lib\/cmap\/connection_pool|node_modules\/(?:generic-pool|tarn|pg-pool)\/|database\/sql\.\(\*DB\)\.conn\b|r2dbc\.pool|reactor\.pool|connection_pool\.rb|^acquire@.*asyncpg.pool/,
    isInnermost: true,
  },
  {
    class: 'deadlock-stall',
    while: 'a lock was waited for',
    made: /AbstractQueuedSynchronizer|locks\.(?:Reentrant\w*|StampedLock)|^(?:acquire|wait|wait_for)@.*threading\.py|sync\.\(\*(?:RW)?Mutex\)|Monitor\.(?:Enter|TryEnter)/,
    isInnermost: true,
  },
];

/** Which kind of answer it was that a caller could not use. What else is refused (400, 404, 422) depends on what was asked. */
const STATUSES: readonly (readonly [FaultClass, RegExp])[] = [
  ['auth-secret', /40[137]/],
  ['rate-limit', /429/],
  ['external-api-down', /5\d\d/],
];
/** A status that stands by itself, and is no figure of something else. */
const STATUS =
  /(?<![\w.:,/%$#+-]|\d )(40[137]|429|5[0-2]\d)(?![\w%/-]|[.:,]\d|\s?(?:m?s|ms|[KMG]?i?B|bytes|seconds|minutes|items|rows|entries|times|requests)\b)/;
/** Somebody else: an address, or a call that was made. */
const OTHER_SIDE = /\bhttps?:\/\/|\b[a-z][\w-]*(?:\.[\w-]+)*:\d{2,5}\b|\b\d{1,3}(?:\.\d{1,3}){3}:\d{2,5}\b/i;
const CALL = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) (\/[^\s"',;]*)/;

export interface Told {
  readonly class: FaultClass;
  readonly by: 'call' | 'status';
  /** Follows upon what was thrown or logged. */
  readonly words: string;
}

/** The status that the other side answered with; undefined: the text carries none, or it may be the service's own. */
export function toldByStatus(
  text: string,
  ownPath?: string,
  isOther: (line: string) => boolean = () => false,
): Told | undefined {
  for (const line of text.split('\n', 5)) {
    const status = STATUS.exec(line)?.[1];
    if (status === undefined) continue;
    const path = CALL.exec(line)?.[1];
    if (path === undefined ? !OTHER_SIDE.test(line) && !isOther(line) : path === ownPath) continue;
    const found = STATUSES.find(([, pattern]) => pattern.test(status))?.[0];
    return found && { class: found, by: 'status', words: `carries the status ${status} of another's answer` };
  }
  return undefined;
}

/** undefined: its words are known, only wrong code throws such an error, or it was thrown by no call that tells anything. */
export function toldByCall(data: Frames & { readonly type: string }, spoken: string): Told | undefined {
  if (PROGRAMMING_ERRORS.test(data.type) || namesFault(spoken)) return undefined;
  const named = data.frames.map((frame) => ({ frame, name: `${frame.function ?? ''}@${frame.file}` }));
  const inner = innermost(data);
  const found = CALLS.find(({ made, isInnermost }) =>
    named.some(({ frame, name }) => !frame.inApp && (!isInnermost || inner.has(frame)) && made.test(name)),
  );
  return found && { class: found.class, by: 'call', words: `was thrown while ${found.while}` };
}

/** The frames between the program's own code and where it was thrown. Python prints the innermost last. */
function innermost({ frames, crashFrame, language }: Frames): ReadonlySet<Frames['frames'][number]> {
  if (crashFrame === null) return new Set();
  return new Set(language === 'python' ? frames.slice(crashFrame + 1) : frames.slice(0, crashFrame));
}

/** Whether the trace shows where the outside failed the program, whatever its words are. */
export function isThrownOutside(
  data: Frames & Pick<ObservedTrace['data'], 'type' | 'request'>,
  spoken: string,
): boolean {
  if (PROGRAMMING_ERRORS.test(data.type) || namesFault(spoken)) return false;
  return (toldByCall(data, spoken) ?? toldByStatus(spoken, data.request?.path)) !== undefined;
}
