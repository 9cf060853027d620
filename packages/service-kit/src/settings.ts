/** Schemas for single environment variables: text in, true types out. Without a fallback a setting may be missing. */
import { z } from 'zod';

/** A TCP port; 0 lets the system choose a free one. */
export function port(fallback: number): z.ZodType<number> {
  return integer({ min: 0, max: 65_535, fallback });
}

/** A whole number within the bounds, both included. */
export function integer({ min, max, fallback }: { min: number; max: number; fallback: number }): z.ZodType<number> {
  const message = `is not a whole number from ${min} to ${max}; set one, or leave it out for ${fallback}`;
  return z
    .string()
    .default(String(fallback))
    .refine((written) => /^\d{1,15}$/.test(written.trim()) && Number(written) >= min && Number(written) <= max, message)
    .transform(Number);
}

/** `true`, `1`, `yes`, `on` or their opposites, in any case. */
export function flag(fallback: boolean): z.ZodType<boolean> {
  return z.stringbool({ error: 'is neither true nor false; set it to one of them' }).default(fallback);
}

/** An http or https address without a trailing slash. */
export function url(fallback: string): z.ZodType<string>;
export function url(): z.ZodType<string | undefined>;
export function url(fallback?: string): z.ZodType<string | undefined> {
  const written = z
    .string()
    .refine(isHttpUrl, 'is not a web address; set it to something like http://localhost:9090')
    .transform((address) => address.trim().replace(/\/+$/, ''));
  return fallback === undefined ? written.optional() : written.default(fallback);
}

/** Any text that is not empty. */
export function text(fallback: string): z.ZodType<string>;
export function text(): z.ZodType<string | undefined>;
export function text(fallback?: string): z.ZodType<string | undefined> {
  return fallback === undefined ? z.string().optional() : z.string().default(fallback);
}

function isHttpUrl(written: string): boolean {
  return ['http:', 'https:'].includes(URL.parse(written.trim())?.protocol ?? '');
}
