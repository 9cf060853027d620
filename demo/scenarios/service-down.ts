/** A service is gone from one moment to the next, as when the kernel or a person kills it; after the report it is started again. */
import { prepareDemoServices, usersOf } from './demo-services.ts';
import type { Scenario } from './scenario.ts';

export const serviceDown: Scenario = {
  name: 'service-down',
  async prepare(options) {
    const services = await prepareDemoServices(options);
    const { weather, mongoApi, repository } = services;
    return {
      repository,
      services: [weather, mongoApi],
      broken: mongoApi.name,
      expected: { class: 'process-down', service: mongoApi.name, commit: null, file: null, line: null },
      traffic: usersOf(services).filter(({ url }) => url.startsWith(mongoApi.url)),
      start: (signal) => services.start(signal),
      async breakIt() {
        options.say(`killing ${mongoApi.name}`);
        await mongoApi.kill();
      },
      async mendIt(signal) {
        options.say(`starting ${mongoApi.name} again`);
        await mongoApi.start(signal);
      },
      stop: () => services.stop(),
    };
  },
};
