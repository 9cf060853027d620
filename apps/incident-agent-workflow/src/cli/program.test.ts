import { expect, test } from 'vitest';
import { createProgram } from './program.ts';

async function outcomeOf(...words: string[]): Promise<{ called: string[]; said: string }> {
  const called: string[] = [];
  let said = '';
  const note = (name: string) => async () => {
    called.push(name);
  };
  const program = createProgram({
    serve: note('serve'),
    worker: note('worker'),
    respond: note('respond'),
    replay: note('replay'),
    monitor: note('monitor'),
    watchLogs: note('watch-logs'),
    report: note('report'),
    doctor: note('doctor'),
  });
  program.configureOutput({ writeErr: (text) => (said += text), writeOut: (text) => (said += text) });
  program.exitOverride((error) => {
    throw error;
  });
  await program.parseAsync(words, { from: 'user' }).catch(() => undefined);
  return { called, said };
}

test('without a command the agent serves', async () => {
  expect(await outcomeOf()).toEqual({ called: ['serve'], said: '' });
  expect(await outcomeOf('--no-worker')).toMatchObject({ called: ['serve'] });
});

test('a command that is none is called so, with those that are', async () => {
  const { called, said } = await outcomeOf('bogus');
  expect(called).toEqual([]);
  expect(said).toContain(
    'There is no command bogus; known are serve, worker, respond, replay, watch-logs, monitor, doctor, report',
  );
  expect(said).not.toContain('unknown...');
});
