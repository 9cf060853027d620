/** logfmt on stdout. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, error: unknown, fields?: Fields): void;
}

export function createLog(service: string, write = (line: string) => void process.stdout.write(line)): Log {
  function line(level: string, message: string, fields: Fields): void {
    const all = { time: new Date().toISOString(), level, service, msg: message, ...fields };
    const parts = Object.entries(all).flatMap(([key, value]) =>
      value === undefined ? [] : `${key}=${written(value)}`,
    );
    write(`${parts.join(' ')}\n`);
  }
  return {
    info: (message, fields = {}) => line('info', message, fields),
    warn: (message, fields = {}) => line('warn', message, fields),
    error: (message, error, fields = {}) => line('error', message, { ...fields, ...described(error) }),
  };
}

function written(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w./:@+-]+$/.test(text) ? text : JSON.stringify(text);
}

function described(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: `${error.name}: ${error.message}`, stack: stackOf(error) };
}

function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
