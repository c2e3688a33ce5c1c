import { describe, expect, it } from 'vitest';
import { isExceptionReport } from './exceptionText.ts';

/** Dangers: an exception of status 200 that is passed on as what is under a pixel; an upstream whose answer keeps the server busy for ever. */
describe('isExceptionReport', () => {
  it.each([
    '<ServiceExceptionReport/>',
    '\uFEFF<?xml version="1.0"?>\n<!-- a --><!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/x.dtd">\n<ServiceExceptionReport version="1.1.1">',
    '<!DOCTYPE x [<!ENTITY a "b">]><ogc:ServiceExceptionReport>',
    '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="a">',
  ])('%s', (body) => expect(isExceptionReport(body)).toBe(true));

  it.each(['', 'ServiceExceptionReport', '<a><ServiceExceptionReport/></a>', '<ServiceExceptionReporter/>', '<html>', '{"a": "<ServiceExceptionReport/>"}'])('not: %s', (body) => expect(isExceptionReport(body)).toBe(false));

  it.each(['<!---->', '<!DOCTYPE[]>', '<!DOCTYPE', '<??>', ' ', '<!--', '<!DOCTYPE['])('many of %s: told at once', (piece) => {
    const startedAt = performance.now();
    expect(isExceptionReport(piece.repeat(500_000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});
