/** A refactoring goes live and some requests fail: alert, incident, and the commit, file and line that did it. */
import { prepareDemoServices, usersOf } from './demo-services.ts';
import type { Scenario } from './scenario.ts';

export const regression: Scenario = {
  name: 'regression',
  async prepare(options) {
    const services = await prepareDemoServices(options);
    const { weather, mongoApi, repository, history, hashes } = services;
    const guilty = hashes[history.guiltyIndex] ?? '';
    const newest = hashes.at(-1) ?? '';
    return {
      repository,
      services: [weather, mongoApi],
      broken: weather.name,
      expected: { class: 'code-error', service: weather.name, commit: guilty, file: history.file, line: history.line },
      traffic: usersOf(services),
      async start(signal) {
        await services.start(signal);
        await weather.deploy(`${guilty}~1`, signal);
      },
      async breakIt(signal) {
        options.say(
          `deploying ${weather.name} at ${newest.slice(0, 8)} (${hashes.length - history.guiltyIndex} commits more)`,
        );
        await weather.deploy('main', signal);
      },
      stop: () => services.stop(),
    };
  },
};
