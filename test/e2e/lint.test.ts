import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, startGateway } from './support/gateway.ts';
import { hipsLint } from './support/hipsLint.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ demo: true });
});
afterAll(async () => {
  await gateway?.stop();
});

it("passes CDS's LINT with no warning but the one that every planet gets", async () => {
  const report = await hipsLint(`${gateway.url}/hips/moon`);
  // LINT knows the frames of the sky only.
  const others = report.warnings.filter((line) => !line.includes('unreferenced hips_frame [moon]'));
  expect({ others, errors: report.errors }, report.text).toEqual({ others: [], errors: [] });
  expect(report.verdict).toContain('is IVOA HiPS 1.0 compatible');
});
