/** Rendered reports as files of one folder: `INC-147-3FA9C21B-v1.pdf`. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import { writeWhole } from '../../lib/write-whole.ts';
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
      try {
        return await writeWhole(path, content, { mode: 0o640 });
      } catch (error) {
        throw refused(`write ${path}`, error);
      }
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

function refused(what: string, error: unknown): AgentError {
  return new AgentError('unreachable', `Could not ${what}: ${messageOf(error)}`, { retryable: true, cause: error });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
