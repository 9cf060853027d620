import type { Receipt } from '@incident-agent/contracts/notify';
import { expect, test } from 'vitest';
import { createDispatch, type DispatchOptions } from './dispatch.ts';
import type { Entry, ReceiptJournal } from './journal.ts';
import type { Channel } from './ports.ts';
import { minimal, now } from './testing/messages.ts';

const request = { ...minimal, channel: 'email', kind: 'opened', idempotency_key: 'k' } as const;
const receipt: Receipt = { channel: 'email', idempotency_key: 'k', sent_at: now };

/** A journal without a disk; `fails` says which writes do. */
function memory(fails: (entry: Entry) => boolean = () => false): ReceiptJournal {
  const entries = new Map<string, Entry>();
  return {
    unreadableLines: 0,
    find: (key) => entries.get(key),
    async write(entry) {
      if (fails(entry)) throw new Error('ENOSPC');
      entries.set(entry.key, entry);
    },
  };
}

function dispatchOver(channel: Partial<Channel>, changes: Partial<DispatchOptions> = {}) {
  const whole: Channel = { name: 'email', destination: 'a test', send: async () => receipt, ...channel };
  return createDispatch({
    channels: [whole],
    journal: memory(),
    clock: { now: () => now },
    newKey: () => 'new',
    onResult: () => undefined,
    onForgetting: () => undefined,
    ...changes,
  });
}

test('asking for a key waits for the try that is under way', async () => {
  const gate = Promise.withResolvers<Receipt>();
  const dispatch = dispatchOver({ send: () => gate.promise });
  const sending = dispatch.send(request);
  const asked = dispatch.find('k');
  gate.resolve(receipt);
  expect((await asked)?.receipt).toEqual(receipt);
  expect(await sending).toEqual(receipt);
});

test('what cannot be written down is not sent', async () => {
  let sent = 0;
  const journal = memory(({ state }) => state === 'sending');
  const send = async () => {
    sent += 1;
    return receipt;
  };
  const dispatch = dispatchOver({ send }, { journal });
  await expect(dispatch.send(request)).rejects.toMatchObject({ code: 'internal', retryable: true });
  expect(sent).toBe(0);
});

test('a disk that fails after the message was taken costs no answer, but somebody is told', async () => {
  const told: unknown[] = [];
  const journal = memory(({ state }) => state === 'sent');
  const dispatch = dispatchOver({}, { journal, onForgetting: (error) => told.push(error) });
  expect(await dispatch.send(request)).toEqual(receipt);
  expect(told).toHaveLength(1);
});

async function mustNotSend(): Promise<Receipt> {
  throw new Error('must not be sent again');
}

test('a channel that can look for itself is asked before anything is repeated', async () => {
  const journal = memory();
  await journal.write({ key: 'k', state: 'sending', channel: 'email', at: now });
  const found = await dispatchOver({ send: mustNotSend, find: async () => receipt }, { journal }).send(request);
  expect(found).toEqual(receipt);
  expect(journal.find('k')?.state).toBe('sent');
});

test('a key that was used for another channel is refused', async () => {
  const journal = memory();
  await journal.write({
    key: 'k',
    state: 'sent',
    channel: 'slack',
    at: now,
    receipt: { ...receipt, channel: 'slack' },
  });
  await expect(dispatchOver({}, { journal }).send(request)).rejects.toMatchObject({ code: 'invalid-input' });
});

test('with fifty messages under way the next one is asked to come back, and a repeated one is not', async () => {
  const gate = Promise.withResolvers<Receipt>();
  const dispatch = dispatchOver({ send: () => gate.promise });
  const running = Array.from({ length: 50 }, (_, index) => dispatch.send({ ...request, idempotency_key: `${index}` }));
  await expect(dispatch.send(request)).rejects.toMatchObject({ code: 'busy', retryable: true });
  const repeated = dispatch.send({ ...request, idempotency_key: '7' });
  gate.resolve(receipt);
  expect(await Promise.all([...running, repeated])).toHaveLength(51);
});
