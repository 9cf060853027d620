/** Words of what one thread keeps from another: locks taken, kept and given back, threads that are held. */
import type { WordRule } from './word-rules.ts';

const LOCKS =
  /\.R?Lock\(\)|\.lock\(\)|\block\(|\bsynchronized\b|\bwith\s+(?:self\.)?_?\w*(?:lock|mutex|semaphore)\w*|FOR UPDATE|LOCK TABLE|ACCESS EXCLUSIVE|\.acquire\(|[mM]utex\w*\.(?:run\w*|lock|acquire)\(|runExclusive\(|SERIALIZABLE|writeLock\(|readLock\(|pg_advisory_lock|new (?:Mutex|Semaphore|CountDownLatch|CyclicBarrier)|\.Wait\(\)/;

export const LOCK_WORDS: readonly WordRule[] = [
  {
    deed: 'lock-kept',
    value: 0.95,
    when: 'goes',
    is: /\b[tT]ry_?[lL]ock\w*\(|\b(?:put|get)_nowait\(|\.offer\(|\bblock(?:ing)?\s*=\s*False|SKIP LOCKED|\bNOWAIT\b/,
  },
  { deed: 'blocks-thread', value: 0.95, when: 'goes', is: /^\s*default:/, paths: /\.go$/ },
  {
    deed: 'takes-lock',
    value: 0.85,
    when: 'comes',
    is: LOCKS,
    unless: /\bimport\b|\.RLock\(\)|=\s*(?:new|threading|asyncio|sync)\b/,
  },
  { deed: 'lock-kept', value: 1, when: 'goes', is: /\.R?[uU]nlock\(|\.release\(\)|\bfinally\b.*unlock|mutex\.unlock/ },
  {
    deed: 'lock-kept',
    value: 0.9,
    when: 'goes',
    is: /tryLock\([^)]*\d|acquire\([^)]*timeout|lock_timeout|statement_timeout|WithTimeout\(/,
  },
  {
    deed: 'lock-otherwise',
    value: 1,
    when: 'edited',
    is: /[lL]ock/,
    out: /\b(?:RLock|ReentrantLock|RWMutex|ReadWriteLock|StampedLock|ReentrantReadWriteLock)\b/,
    in: /\b(?:Lock|Mutex|Semaphore|StampedLock)\b/,
  },
  {
    deed: 'lock-otherwise',
    value: 1,
    when: 'edited',
    is: /\bsynchronized\b/,
    from: /\bsynchronized\b/,
    to: /\bsynchronized\b/,
  },
  {
    deed: 'lock-otherwise',
    value: 0.95,
    when: 'edited',
    is: /make\(chan\b|ArrayBlockingQueue|LinkedBlockingQueue|Queue\(|SynchronousQueue|Channel\(/,
    out: /\d+|\w+/,
    in: /^$|SynchronousQueue|\b[01]\b/,
  },
  {
    deed: 'blocks-thread',
    value: 1,
    when: 'comes',
    is: /\b(?:exec|spawn|execFile|gzip|gunzip|deflate|inflate|readdir|pbkdf2|scrypt|brotliCompress)Sync\(|Atomics\.wait\(/,
    where: 'function',
  },
  {
    deed: 'blocks-thread',
    value: 0.9,
    when: 'comes',
    is: /\b(?:submit|supplyAsync|runAsync)\(.*\)\.(?:get|join)\(|\.(?:get|join)\(\)\s*;|\.result\(\)|runBlocking|\.block\(\)|async_to_sync|run_until_complete|\.Result\b|\.Wait\(\)/,
  },
  {
    deed: 'blocks-thread',
    value: 1,
    when: 'edited',
    is: /sleep|requests\.|urlopen/,
    out: /\b(?:await|asyncio|httpx|aiohttp)\b/,
  },
  {
    deed: 'lock-otherwise',
    value: 0.95,
    when: 'edited',
    is: /CountDownLatch|CyclicBarrier|Phaser|\bwg\.Add\(|Barrier\(|Semaphore\(/,
    in: /[+-]|\d/,
  },
  {
    deed: 'blocks-thread',
    value: 0.9,
    when: 'comes',
    where: 'function',
    is: /https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])/,
  },
];
