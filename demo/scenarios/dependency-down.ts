/** MongoDB dies; no commit is to blame. */
import { prepareDemoServices, usersOf } from './demo-services.ts';
import type { Scenario } from './scenario.ts';

export const dependencyDown: Scenario = {
  name: 'dependency-down',
  async prepare(options) {
    const services = await prepareDemoServices(options);
    const { weather, mongoApi, repository } = services;
    return {
      repository,
      services: [weather, mongoApi],
      broken: mongoApi.name,
      expected: {
        class: 'dependency-refused',
        service: mongoApi.name,
        commit: null,
        file: null,
        line: null,
        dependency: 'mongodb',
      },
      // The newest commit would fail requests too, and one incident at a time is enough.
      traffic: usersOf(services).filter(({ url }) => url.startsWith(mongoApi.url)),
      start: (signal) => services.start(signal),
      async breakIt() {
        options.say('killing MongoDB');
        await services.killMongodb();
      },
      stop: () => services.stop(),
    };
  },
};
