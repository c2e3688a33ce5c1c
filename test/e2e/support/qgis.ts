import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MapView } from './mapView.ts';
import { run } from './process.ts';

/** A map that QGIS is to draw. */
export interface QgisJob {
  /** The layer's address as QGIS keeps it in projects ('crs=...&layers=...&url=...'). */
  readonly source: string;
  readonly extent: MapView['extent'];
  readonly width: number;
  readonly height: number;
}

export interface QgisResult {
  /** Code of the layer's reference system as QGIS knows it. */
  readonly crs: string;
  /** The layer's own rectangle. */
  readonly extent: readonly [number, number, number, number];
  readonly png: Uint8Array;
}

/** Draws each job in the layer's own reference system, without a screen; prints what the layers are, one line of JSON each. */
const SCRIPT = `
import json, sys
from qgis.core import QgsApplication, QgsMapRendererSequentialJob, QgsMapSettings, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QSize, Qt

QgsApplication.setPrefixPath('/usr', True)
app = QgsApplication([], False)
app.initQgis()
for number, job in enumerate(json.load(open(sys.argv[1]))):
    layer = QgsRasterLayer(job['source'], 'layer', 'wms')
    if not layer.isValid():
        raise SystemExit('not a layer: ' + layer.error().message())
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(QgsRectangle(*job['extent']))
    settings.setOutputSize(QSize(job['width'], job['height']))
    settings.setBackgroundColor(Qt.black)
    draw = QgsMapRendererSequentialJob(settings)
    draw.start()
    draw.waitForFinished()
    if draw.errors():
        raise SystemExit('; '.join(error.message for error in draw.errors()))
    draw.renderedImage().save('map%d.png' % number)
    box = layer.extent()
    print(json.dumps({'crs': layer.crs().authid(), 'extent': [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]}))
app.exitQgis()
`;

/** Runs QGIS on the jobs; its settings and caches lie in `folder`. Throws with its output when a layer is not valid or not drawn. */
export async function qgisMaps(jobs: readonly QgisJob[], folder: string): Promise<readonly QgisResult[]> {
  await writeFile(join(folder, 'drawMaps.py'), SCRIPT);
  await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
  const env = { ...process.env, QT_QPA_PLATFORM: 'offscreen', HOME: folder, XDG_RUNTIME_DIR: folder };
  const text = await run('/usr/bin/python3', ['drawMaps.py', 'jobs.json'], 120_000, { cwd: folder, env });
  const told = text.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Omit<QgisResult, 'png'>);
  return Promise.all(told.map(async (layer, i) => ({ ...layer, png: await readFile(join(folder, `map${i}.png`)) })));
}
