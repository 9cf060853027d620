/** The attachment, from base64 to bytes, with a name that is safe on every file system. */
import { MAX_ATTACHMENT_BYTES } from '@incident-agent/contracts/notify';
import { DeliveryError } from './delivery-error.ts';

export interface Pdf {
  readonly name: string;
  readonly content: Uint8Array;
  /** Then the message only says that there is one. */
  readonly isTooLarge: boolean;
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/u;

/** Throws DeliveryError('invalid-input') for anything but the base64 of a PDF. undefined: none was sent. */
export function readPdf(encoded: string | undefined, name: string): Pdf | undefined {
  if (encoded === undefined || encoded === '') return undefined;
  const compact = encoded.replace(/\s+/gu, '');
  if (!base64.test(compact)) throw refused('must be plain base64, without a data: prefix and not URL-safe');
  const content = Buffer.from(compact, 'base64');
  if (content.subarray(0, 4).toString('latin1') !== '%PDF') throw refused('must decode to a PDF (it starts with %PDF)');
  return { name: pdfName(name), content, isTooLarge: content.byteLength > MAX_ATTACHMENT_BYTES };
}

/** The last part of a path, letters, digits, dot, dash and underscore only, ending in .pdf. */
export function pdfName(wish: string): string {
  const last = wish.split(/[/\\]/u).at(-1) ?? '';
  const stem = last
    .replace(/\.pdf$/iu, '')
    .replace(/[^A-Za-z0-9._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/gu, '')
    .slice(0, 80);
  return `${stem === '' ? 'report' : stem}.pdf`;
}

function refused(cure: string): DeliveryError {
  return new DeliveryError('invalid-input', `pdf_base64: ${cure}`, { retryable: false });
}
