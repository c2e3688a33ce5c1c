import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './support/gateway.ts';
import { hipsLint } from './support/hipsLint.ts';
import { expectMap, metresPlane, type MapView, MOON_RADIUS, northPolarPlane, type Place } from './support/mapView.ts';
import { keep } from './support/moon.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { outputMatch, run, start } from './support/process.ts';

const CLI = join(ROOT, 'src/cli/main.ts');
const WIDTH = 600;
const HEIGHT = 400;

/** LINT knows HiPS 1.0, which has the frames of the sky only; what else could be said of the data is for a configuration to say. */
const UNAVOIDABLE = ['unreferenced hips_frame [moon]', 'recommended keyword missing'];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hips-gateway-e2e-export-'));
  await writeFile(join(folder, 'moon.yaml'), MOON_MAPS.replace('MOON_SOUTH_POLAR]', 'GLOBAL_WEBMERCATOR]'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function exportArgs(dest: string, ...args: readonly string[]): readonly string[] {
  return [CLI, 'export', join(folder, dest), '-c', join(folder, 'moon.yaml'), '-l', 'moon', ...args];
}

function exported(dest: string, ...args: readonly string[]): Promise<string> {
  return run(process.execPath, exportArgs(dest, '--force', ...args), 300_000, { cwd: folder });
}

/** A window of a file in the plane whose origin is in its middle, as GDAL reads it. */
async function gdalWindow(file: string, resolution: number, col: number, row: number, placeAt: MapView['placeAt'], mean: number): Promise<void> {
  const extent: MapView['extent'] = [col * resolution, (row - HEIGHT) * resolution, (col + WIDTH) * resolution, row * resolution];
  const [minX, minY, maxX, maxY] = extent.map(String) as [string, string, string, string];
  const png = join(folder, 'window.png');
  const bands = ['-b', '1', '-b', '2', '-b', '3'];
  await run('gdal_translate', ['-q', '-of', 'PNG', ...bands, '-projwin', minX, maxY, maxX, minY, '-outsize', String(WIDTH), String(HEIGHT), join(folder, file), png], 120_000, { cwd: folder });
  const bytes = await readFile(png);
  await keep(`export-${file}.png`, bytes);
  await expectMap(bytes, { extent, placeAt }, mean);
}

/** Web Mercator of the Moon's degrees, in metres of the Earth. */
function mercatorPlane(x: number, y: number): Place {
  const radius = 6_378_137;
  return [(x / radius) * (180 / Math.PI), (2 * Math.atan(Math.exp(y / radius)) - Math.PI / 2) * (180 / Math.PI)];
}

describe('export', () => {
  it("to a HiPS that CDS's LINT accepts, in its folder and on the web", async () => {
    const types: Readonly<Record<string, string>> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.fits': 'application/fits', '.xml': 'application/xml' };
    const server = createServer((request, response) => {
      readFile(join(folder, 'hips', decodeURIComponent(new URL(request.url!, 'http://x').pathname)))
        .then((bytes) => response.writeHead(200, { 'content-type': types[extname(request.url!)] ?? 'text/plain', 'content-length': bytes.length }).end(request.method === 'HEAD' ? undefined : bytes))
        .catch(() => response.writeHead(404).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    try {
      await exported('hips', '--levels', '0-3', '--url', url);
      for (const place of [url, join(folder, 'hips')]) {
        const report = await hipsLint(place);
        const others = report.warnings.filter((line) => !UNAVOIDABLE.some((known) => line.includes(known)));
        expect({ others, errors: report.errors }, report.text).toEqual({ others: [], errors: [] });
        expect(report.verdict).toContain('is IVOA HiPS 1.0 compatible');
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('to a GeoPackage that GDAL reads in the system of the body', async () => {
    await exported('moon.gpkg', '-t', 'geopackage', '--grid', 'MOON_EQUIRECTANGULAR', '-o', '0-3');
    const info = await run('gdalinfo', [join(folder, 'moon.gpkg')], 60_000);
    expect(info).toMatch(/ID\["IAU",30110\]/);
    expect(info).not.toMatch(/error|warning/i);
    await gdalWindow('moon.gpkg', (Math.PI * MOON_RADIUS) / 256 / 8, -700, 300, metresPlane, 1);
  });

  it('to a GeoPackage of a pole', async () => {
    await exported('pole.gpkg', '-t', 'geopackage', '--grid', 'MOON_NORTH_POLAR', '-o', '0-3', '--bbox', '-180,50,180,90');
    await gdalWindow('pole.gpkg', (4 * MOON_RADIUS) / 256 / 8, -250, 180, northPolarPlane, 1.5);
  });

  it('to MBTiles that GDAL reads', async () => {
    await exported('moon.mbtiles', '-t', 'mbtiles', '--grid', 'GLOBAL_WEBMERCATOR', '-o', '0-4');
    const info = await run('gdalinfo', [join(folder, 'moon.mbtiles')], 60_000);
    expect(info).toMatch(/Driver: MBTiles/);
    expect(info).toMatch(/Size is 4096, 4096/);
    await gdalWindow('moon.mbtiles', (2 * Math.PI * 6_378_137) / 256 / 16, -700, 500, mercatorPlane, 1);
  });

  it('stops at Ctrl-C, and the same command makes the rest', async () => {
    const args = exportArgs('stopped', '-t', 'tms', '--grid', 'MOON_GEOGRAPHIC', '-o', '0-5', '-j', '1');
    const process_ = start(process.execPath, args, { cwd: folder });
    const until = performance.now() + 60_000;
    while (!existsSync(join(folder, 'stopped/3')) && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    process_.child.kill('SIGINT');
    expect(await process_.ended).toBe(1);
    const [, made] = await outputMatch(process_, /stopped: (\d+) tiles written .*; \d+ of 2730 are missing, the same command goes on/, 1000);
    expect(existsSync(join(folder, 'stopped.unfinished.json'))).toBe(true);
    const rest = await run(process.execPath, [...args.slice(0, -2), '-j', '4'], 300_000, { cwd: folder });
    expect(rest).toContain(`${2730 - Number(made)} tiles written`);
    expect(rest).toContain(`${made} there before`);
    const files = (await readdir(join(folder, 'stopped'), { recursive: true })).filter((name) => name.endsWith('.png'));
    expect(files).toHaveLength(2730);
  });
});
