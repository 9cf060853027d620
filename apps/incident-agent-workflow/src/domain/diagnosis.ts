/** What `doctor` says of one thing: whether it is well, how one would notice that it is not, and the command that mends it. */

export interface Diagnosis {
  /** Which check says so: `loki`, `disk`. */
  readonly check: string;
  /** `failing`: something does not work. `warning`: it works, with less. `unknown`: it could not be told. */
  readonly state: 'fine' | 'warning' | 'failing' | 'unknown';
  readonly what: string;
  /** How it shows to people. */
  readonly shows?: string;
  /** A command, or the setting to change. */
  readonly mend?: string;
}

export function fine(check: string, what: string): Diagnosis {
  return { check, state: 'fine', what };
}

interface Trouble {
  readonly what: string;
  readonly shows: string;
  readonly mend: string;
}
export function failing(check: string, trouble: Trouble): Diagnosis {
  return { check, state: 'failing', ...trouble };
}
export function warning(check: string, trouble: Trouble): Diagnosis {
  return { check, state: 'warning', ...trouble };
}
export function unknown(check: string, trouble: Trouble): Diagnosis {
  return { check, state: 'unknown', ...trouble };
}
