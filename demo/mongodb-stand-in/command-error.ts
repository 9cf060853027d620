/** A refusal as MongoDB words it: the driver decides by code and code name. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  constructor(code: number, codeName: string, message: string) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.codeName = codeName;
  }
}

export function badValue(message: string): CommandError {
  return new CommandError(2, 'BadValue', message);
}
