/** `node demo/mongodb-stand-in/main.ts [--port 27017] [--host 127.0.0.1]`: until SIGTERM or Ctrl-C. */
import { parseArgs } from 'node:util';
import { startMongodbStandIn } from './stand-in.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '27017' }, host: { type: 'string', default: '127.0.0.1' } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error('--port is not a whole number from 0 to 65535');
  process.exit(1);
}

try {
  const standIn = await startMongodbStandIn({ port, host: values.host });
  console.log(`MongoDB stand-in listening at ${standIn.uri}`);
  const stop = () => void standIn.close();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
