import type { IncomingHttpHeaders } from 'node:http';

/** What a client may hold already: the validators of one answer. */
export interface Validators {
  /** Strong entity tag, quotes included. */
  readonly etag: string;
  /** null = no date is known. */
  readonly modified: Date | null;
}

const WEAK_PREFIX = /^W\//;

function matchesTag(header: string, etag: string): boolean {
  if (header === etag || header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(WEAK_PREFIX, '') === etag);
}

/**
 * True when the client's copy is still good and 304 answers it (RFC 9110, 13.2.2): If-None-Match decides where it is given,
 * by weak comparison; else If-Modified-Since, in whole seconds. An unreadable date counts as absent.
 */
export function isNotModified(headers: IncomingHttpHeaders, validators: Validators): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return matchesTag(tags, validators.etag);
  const since = headers['if-modified-since'];
  if (since === undefined || validators.modified === null) return false;
  const sinceMs = Date.parse(since);
  return !Number.isNaN(sinceMs) && Math.floor(validators.modified.getTime() / 1000) * 1000 <= sinceMs;
}
