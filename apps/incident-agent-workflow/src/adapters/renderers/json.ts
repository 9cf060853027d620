/** The whole report as JSON, for programs. The same report is the same bytes. */
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Renderer } from '../../ports.ts';

export function jsonRenderer(): Renderer {
  return {
    format: 'json',
    contentType: 'application/json; charset=utf-8',
    async render(report) {
      return Buffer.from(`${canonicalJson(report, 2)}\n`);
    },
  };
}
