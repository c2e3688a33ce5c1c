import { readFileSync } from 'node:fs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, GatewayError, type ErrorCode } from '../../src/errors.ts';
import type { ErrorReply } from '../../src/protocol/errorReply.ts';
import { writeProblem } from '../../src/protocol/ogcapi/problem.ts';
import { writeWmsException } from '../../src/protocol/wms/exception.ts';
import { writeWmtsException } from '../../src/protocol/wmts/exception.ts';
import { replyPlainError } from '../../src/service/replyError.ts';

/** Danger: docs/errors.md promises a status or an exception that no service answers, or says nothing of a code that one does. */
const TEXT = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

interface Row {
  readonly code: string;
  readonly cells: readonly string[];
}

/** Rows of the tables below a heading whose first cell is a code. */
function rowsUnder(heading: string): readonly Row[] {
  const section = TEXT.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([A-Z_]+)` \|(.*)\|$/gm)].map(([, code, rest]) => ({
    code: code!,
    cells: rest!.split('|').map((cell) => cell.trim()),
  }));
}

/** What a HiPS, XYZ or TMS address answers. */
function plainStatus(code: ErrorCode): number {
  let status = 0;
  const reply = { code: (value: number) => ((status = value), reply), headers: () => reply, removeHeader: () => reply, send: () => reply };
  const request = { raw: { socket: { destroyed: false } }, log: { error: () => {} }, method: 'GET', url: '/' };
  replyPlainError(new GatewayError(code, 'said'), request as unknown as FastifyRequest, reply as unknown as FastifyReply);
  return status;
}

/** '400 `InvalidFormat`' */
function exceptionCell({ status, body }: ErrorReply): string {
  return `${status} \`${/\b(?:code|exceptionCode)="(\w+)"/.exec(body)?.[1] ?? ''}\``;
}

function answersOf(code: ErrorCode): readonly string[] {
  const error = new GatewayError(code, 'said');
  return [String(plainStatus(code)), exceptionCell(writeWmsException(error, '1.3.0')), exceptionCell(writeWmtsException(error)), String(writeProblem(error).status)];
}

describe('docs/errors.md', () => {
  it('says what every code means, in the order of src/errors.ts, and nothing of codes that are gone', () => {
    const rows = rowsUnder('Codes');
    expect(rows.map(({ code }) => code)).toEqual([...ERROR_CODES]);
    for (const { code, cells } of rows) expect(cells[0]?.length, code).toBeGreaterThan(20);
  });

  it('has an answer for every code', () => {
    expect(rowsUnder('Answers').map(({ code }) => code)).toEqual([...ERROR_CODES]);
  });

  it.each([...ERROR_CODES])('%s: the answers are those of the services', (code) => {
    expect(rowsUnder('Answers').find((row) => row.code === code)?.cells).toEqual(answersOf(code));
  });

  it('names no code anywhere that does not exist', () => {
    const named = [...TEXT.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name!);
    expect([...new Set(named)].filter((name) => !(ERROR_CODES as readonly string[]).includes(name))).toEqual([]);
  });
});
