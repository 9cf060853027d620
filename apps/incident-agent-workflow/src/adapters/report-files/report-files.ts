/** Rendered reports as files of one folder: `INC-147-3FA9C21B-v1.pdf`. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { ReportFiles, ReportFormat } from '../../ports.ts';

/** Everything that becomes part of a name. None of it can leave the folder. */
const NameParts = z.object({
  id: z.string().regex(/^INC-\d{1,15}$/),
  pipelineId: z.string().regex(/^[0-9A-F]{8}$/),
  version: z.number().int().positive().max(999_999),
  format: z.enum(['pdf', 'docx', 'md', 'json']),
});

/** Throws AgentError('invalid-input') for a report whose id is none, AgentError('unreachable') when the disk refuses. */
export function reportFiles({ folder }: { readonly folder: string }): ReportFiles {
  return {
    async write(report, format, content) {
      const path = pathOf(report, format, folder);
      await onDisk(`write ${path}`, async () => {
        await mkdir(folder, { recursive: true });
        await writeWhole(path, content);
      });
      return path;
    },
    async read(report, format) {
      const path = pathOf(report, format, folder);
      try {
        return await readFile(path);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw refused(`read ${path}`, error);
      }
    },
  };
}

function pathOf({ incident, run, version }: Report, format: ReportFormat, folder: string): string {
  const parts = NameParts.safeParse({ id: incident.id, pipelineId: run.pipelineId, version, format });
  if (!parts.success)
    throw new AgentError(
      'invalid-input',
      `A report without a proper id has no file name: ${z.prettifyError(parts.error)}`,
      {
        retryable: false,
      },
    );
  const { id, pipelineId } = parts.data;
  return join(resolve(folder), `${id}-${pipelineId}-v${parts.data.version}.${parts.data.format}`);
}

/** Nobody ever reads half a file: it is written under another name, then moved. */
async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(beside, 'wx', 0o640);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function onDisk(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw refused(what, error);
  }
}

function refused(what: string, error: unknown): AgentError {
  return new AgentError('unreachable', `Could not ${what}: ${messageOf(error)}`, { retryable: true, cause: error });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
