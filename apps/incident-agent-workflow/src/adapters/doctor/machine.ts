/** The machine itself: Node, room on the disk, fonts and the PDF engine, git. */
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Diagnosis, failing, fine, warning } from '../../domain/diagnosis.ts';
import { messageOf } from '../../domain/error.ts';
import type { DoctorCheck } from '../../host-ports.ts';
import { shellCommand } from '../../lib/escape.ts';

const NODE_MAJOR = 26;
const MEGABYTE = 1024 * 1024;
const FULL_MEGABYTES = 100;
const TIGHT_MEGABYTES = 1_000;

/** `version`: as process.versions.node says it. */
export function nodeCheck(version: string): DoctorCheck {
  const name = 'node';
  return {
    name,
    async run() {
      if (Number(version.split('.')[0]) >= NODE_MAJOR) return [fine(name, `Node ${version}`)];
      return [
        failing(name, {
          what: `This runs under Node ${version}; Node ${NODE_MAJOR} is needed`,
          shows: 'programs end at once with a syntax error or ERR_UNKNOWN_FILE_EXTENSION',
          mend: 'npm ci && npx incident-agent doctor   (npx starts the pinned Node; plain `node` is the system’s)',
        }),
      ];
    },
  };
}

/** `folders`: what for → path; a folder that is not there yet is looked for further up. */
export function diskCheck(folders: Readonly<Record<string, string>>): DoctorCheck {
  return {
    name: 'disk',
    run: () => Promise.all(Object.entries(folders).map(([setting, folder]) => roomIn(setting, folder))),
  };
}

async function roomIn(setting: string, folder: string): Promise<Diagnosis> {
  const name = 'disk';
  const shows = 'reports, logs or the database cannot be written; alerts are answered with 503';
  try {
    const existing = await nearest(folder);
    await access(existing, constants.W_OK);
    const { bavail, bsize } = await statfs(existing);
    const megabytes = Math.floor((bavail * bsize) / MEGABYTE);
    const mend = `${shellCommand(['df', '-h', existing])}   then make room, or set ${setting} to a folder on another disk`;
    if (megabytes < FULL_MEGABYTES)
      return failing(name, { what: `${setting}: ${megabytes} MB are left at ${folder}`, shows, mend });
    if (megabytes < TIGHT_MEGABYTES)
      return warning(name, { what: `${setting}: only ${megabytes} MB are left at ${folder}`, shows, mend });
    return fine(name, `${setting}: ${Math.floor(megabytes / 1024)} GB free at ${folder}`);
  } catch (error) {
    const mend = `${shellCommand(['ls', '-ld', dirname(folder), folder])}   then give this user the right to write, or set ${setting}`;
    return failing(name, { what: `${setting}: ${folder} cannot be written (${messageOf(error)})`, shows, mend });
  }
}

async function nearest(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const isThere = await access(at).then(
      () => true,
      () => false,
    );
    if (isThere || at === dirname(at)) return at;
  }
}

export interface PdfParts {
  /** Each loads what it names, or throws. */
  readonly fonts: () => void;
  readonly native: () => unknown;
  readonly portable: () => Promise<unknown>;
}

export function pdfCheck({ fonts, native, portable }: PdfParts): DoctorCheck {
  const name = 'pdf';
  const mend = 'npm ci   (without --omit=optional)';
  return {
    name,
    async run() {
      const found: Diagnosis[] = [];
      const noFonts = await failureOf(fonts);
      if (noFonts !== undefined)
        found.push(
          failing(name, {
            what: `The fonts of the report are missing (${noFonts})`,
            shows: 'PDFs are plain text',
            mend,
          }),
        );
      const noNative = await failureOf(native);
      const noPortable = noNative === undefined ? undefined : await failureOf(portable);
      if (noNative === undefined) found.push(fine(name, 'Typst, native'));
      else if (noPortable === undefined)
        found.push(
          warning(name, {
            what: `Typst runs as WebAssembly, the native engine is missing for ${process.platform}-${process.arch}`,
            shows: 'PDFs are made more slowly and are not marked as PDF/UA',
            mend,
          }),
        );
      else
        found.push(
          failing(name, {
            what: `No PDF engine can be loaded (${noPortable})`,
            shows: 'the PDF is plain text, or the mail comes without it',
            mend,
          }),
        );
      return found;
    },
  };
}

async function failureOf(load: () => unknown): Promise<string | undefined> {
  try {
    await load();
    return undefined;
  } catch (error) {
    return messageOf(error).split('\n', 1)[0] ?? '';
  }
}
