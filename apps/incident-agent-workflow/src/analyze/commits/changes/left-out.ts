/** What is named in a list no more: packages that are installed, queues that are worked off; and migrations that ran already. */
import { type Detector, done, type FileReading, type Spot } from './reading.ts';
import { holders } from './scopes.ts';

const PACKAGE =
  /^\s*(?:gem\s+['"]([\w-]+)['"]|["'](@?[\w./-]+)["']\s*:\s*["'][~^<>=v]*\d|([A-Za-z][\w.-]*)(?:\[[\w,]+\])?\s*(?:==|~=|>=|@|=)\s*["']?[\^~]?\d|(?:implementation|api|runtimeOnly|compileOnly|testImplementation)\W+["']([\w.:-]+?)(?::[\w.-]+)?["']|<PackageReference Include="([\w.]+)"|([\w.-]+\/[\w./-]+) v\d)/;
const FOR_WORK =
  /devDependencies|require-dev|group\s+:(?:dev|test)\w*|\[(?:tool\.poetry\.)?(?:group\.)?dev|dev-dependencies|optional-dependencies|testImplementation|compileOnly|<scope>(?:test|provided)/;

function packageOf({ text }: Spot): string | undefined {
  return PACKAGE.exec(text)
    ?.slice(1)
    .find((part) => part !== undefined);
}

function isForWork(side: readonly Spot[], spot: Spot): boolean {
  return FOR_WORK.test(spot.text) || holders(side, spot).some(({ text }) => FOR_WORK.test(text));
}

const LEFT_OUT_VALUE = 0.6;

/** A package that ran is only there for those who work on the program, or not at all. */
const packages: Detector = (file) => {
  if (file.kind !== 'dependencies' || /lock|go\.sum/i.test(file.path)) return [];
  const gone = file.before.filter(
    (spot) => spot.sign === '-' && packageOf(spot) !== undefined && !isForWork(file.before, spot),
  );
  return gone.flatMap((spot) => {
    const now = file.after.filter((other) => packageOf(other) === packageOf(spot));
    if (now.length === 0) return [done('not-installed', LEFT_OUT_VALUE, file, spot.line)];
    const moved = now.find((other) => isForWork(file.after, other));
    return moved && now.every((other) => isForWork(file.after, other))
      ? [done('not-installed', 1, file, moved.line)]
      : [];
  });
};

const SYSTEM_PACKAGES = /\bapt-get install\b|\bapk add\b|\byum install\b|\bdnf install\b|packages\s*[:=]/;
const CLOCKS = /^\W*(?:chrony|ntp|ntpd|ntpdate|systemd-timesyncd|openntpd)\b/;

/** What kept the clock right is no longer there. */
const timeKeepers: Detector = (file) =>
  file.gone
    .filter(
      ({ text }) => CLOCKS.test(text) || (SYSTEM_PACKAGES.test(text) && /\b(?:chrony|ntpd?|ntpdate)\b/.test(text)),
    )
    .map(({ line }) => done('clock-shifted', 0.9, file, line));

const READERS = /\b(?:queues?|topics?|subscriptions?|consumers?|channels|streams)\b/i;
/** Options of a command, and settings on one line. */
const ON_A_LINE = /(?:-Q|--queues?|--topics?|queues?|topics?|subscriptions?)["']?\s*[:= ,]\s*(.+)$/i;

function namesUnder(side: readonly Spot[]): string[] {
  return side.flatMap((spot) => {
    const list = ON_A_LINE.exec(spot.text)?.[1];
    const isItem = /^\s*-\s/.test(spot.text) && READERS.test(holders(side, spot)[0]?.text ?? above(side, spot));
    const names = list ?? (isItem ? spot.text : undefined);
    return names?.match(/[A-Za-z][\w.-]{2,}/g) ?? [];
  });
}

/** A list may stand as far out as its key. */
function above(side: readonly Spot[], spot: Spot): string {
  const at = side.indexOf(spot);
  return side.slice(0, at).findLast(({ text }) => !/^\s*-\s/.test(text))?.text ?? '';
}

/** One of those that are listened to is named no more. */
const readers: Detector = (file) => {
  if (file.kind === 'code' || file.kind === 'dependencies' || file.kind === 'migration') return [];
  const now = new Set(namesUnder(file.after));
  const lost = file.before.find((spot) => spot.sign === '-' && lostIn(spot, file, now).length > 0);
  return lost ? [done('consumes-less', 1, file, lost.line)] : [];
};

function lostIn(spot: Spot, file: FileReading, now: ReadonlySet<string>): string[] {
  const own = new Set(spot.text.match(/[A-Za-z][\w.-]{2,}/g) ?? []);
  return namesUnder(file.before).filter((name) => own.has(name) && !now.has(name));
}

const VERSIONED = /(?:^|\/)V\d[\d_.]*__\w+\.(?:sql|java|kt)$|(?:changelog|changesets?)\/.*\.(?:xml|ya?ml|sql)$/;

/** Whoever runs migrations compares what ran with what is there. */
const ranAlready: Detector = (file) => {
  const first = file.after.find(({ sign }) => sign === '+') ?? file.before.find(({ sign }) => sign === '-');
  return VERSIONED.test(file.path) && !file.isNew && first ? [done('history-rewritten', 0.95, file, first.line)] : [];
};

export const LEFT_OUT_DETECTORS: readonly Detector[] = [packages, timeKeepers, readers, ranAlready];
