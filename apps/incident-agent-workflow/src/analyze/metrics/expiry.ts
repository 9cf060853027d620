/** Instants that a metric tells as a number: until when a certificate is good. */
import type { Sample } from './samples.ts';

const EXPIRES = /cert\w*_(?:expir\w*|not_?after|valid_until)|ssl_\w*(?:cert_expiry|not_?after)|x509_\w*not_after/;
/** 2001: what is smaller is no instant but the time that is left. */
const INSTANT_FROM_SECONDS = 1_000_000_000;

/** `probe_ssl_earliest_cert_expiry`, `x509_cert_not_after`: in seconds since 1970, or seconds that are left. */
export function isExpiry(metric: string): boolean {
  return EXPIRES.test(metric);
}

/** Whether it has passed by the last sample. */
export function isOver(metric: string, last: Sample | undefined): boolean {
  if (!isExpiry(metric) || last === undefined) return false;
  const left = last.value >= INSTANT_FROM_SECONDS ? last.value - last.atMilliseconds / 1_000 : last.value;
  return left <= 0;
}
