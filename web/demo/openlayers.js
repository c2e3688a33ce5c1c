// A layer as WMS and WMTS in OpenLayers, in any CRS of its body: the library needs no formulas to show a map in its own plane.

/** WMS tiles of the view, pixels. */
const TILE = 512;

/** What can be shown: [{value, label, group}]. */
export function openLayersMaps({ wms, wmts }, crsOf) {
  const entries = (kind, maps, label) => (maps ?? []).map((map) => ({ value: `${kind}/${map.id}`, label: label(map), group: kind.toUpperCase() }));
  const short = (title) => title.replace(/^.* - /, '');
  return [
    ...entries('wms', wms?.maps, ({ crs }) => `${crs} ${short(crsOf(crs).title)}`),
    ...entries('wmts', wmts?.maps, ({ id, crs }) => `${id} (${crs})`),
  ];
}

/** Tells the library of a CRS by the two names that documents use, unless it knows them (EPSG:4326, EPSG:3857). */
function register(ol, { id, urn, unit, extent, axes, metersPerUnit, global }) {
  const projections = [id, urn].map((code) => ol.proj.get(code) ?? new ol.proj.Projection({
    code,
    units: unit === 'degree' ? 'degrees' : 'm',
    extent: [...extent],
    axisOrientation: axes === 'yx' ? 'neu' : 'enu',
    metersPerUnit,
    global,
    getPointResolution: (resolution) => resolution,
  }));
  if (projections.some((projection) => ol.proj.get(projection.getCode()) === null)) ol.proj.addEquivalentProjections(projections);
}

/** A world of two squares side by side begins with two tiles, none of which sticks out of it. */
function wmsGrid(ol, extent) {
  const [minX, minY, maxX, maxY] = extent;
  const minZoom = Math.max(0, Math.round(Math.log2((maxX - minX) / (maxY - minY))));
  return ol.tilegrid.createXYZ({ extent: [...extent], tileSize: TILE, minZoom });
}

function wmsSource(ol, { layer, crs, root, values }) {
  return new ol.source.TileWMS({
    url: new URL(layer.wms.url, root).href,
    projection: crs.id,
    tileGrid: wmsGrid(ol, crs.extent),
    params: { LAYERS: layer.name, STYLES: '', VERSION: '1.3.0', ...values },
  });
}

async function wmtsSource(ol, { layer, map, root, here, values }) {
  const answer = await fetch(new URL(layer.wmts.capabilities, root));
  if (!answer.ok) throw new Error(`the capabilities answered ${answer.status}`);
  const capabilities = new ol.format.WMTSCapabilities().read(here(await answer.text()));
  const options = ol.source.WMTS.optionsFromCapabilities(capabilities, { layer: layer.name, matrixSet: map.id });
  if (options === null) throw new Error(`the capabilities have no layer ${layer.name} on ${map.id}`);
  return new ol.source.WMTS({ ...options, dimensions: { ...options.dimensions, ...values }, urls: oneFormat(options.urls) });
}

/** In REST the library takes the addresses of all formats, and each tile from any of them. */
function oneFormat(urls) {
  const extension = (url) => url.slice(url.lastIndexOf('.'));
  return urls.filter((url) => !url.includes('{') || extension(url) === extension(urls[0]));
}

function wmsInfo(source, view, coordinate, name) {
  return source.getFeatureInfoUrl(coordinate, view.getResolution(), view.getProjection(), { INFO_FORMAT: 'application/json', QUERY_LAYERS: name });
}

function wmtsInfo(source, view, coordinate, { layer, map, root, values: chosen }) {
  const grid = source.getTileGrid();
  const z = grid.getZForResolution(view.getResolution());
  const address = grid.getTileCoordForCoordAndZ(coordinate, z);
  const [minX, , , maxY] = grid.getTileCoordExtent(address);
  const [i, j] = [coordinate[0] - minX, maxY - coordinate[1]].map((length) => Math.floor(length / grid.getResolution(z)));
  const dimensions = Object.fromEntries(Object.entries({ ...source.getDimensions(), ...chosen }).map(([name, value]) => [name.toLowerCase(), value]));
  const values = { TileMatrixSet: map.id, TileMatrix: grid.getMatrixId(z), TileCol: address[1], TileRow: address[2], I: i, J: j };
  return new URL(layer.wmts.info.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? dimensions[name.toLowerCase()] ?? 'default')), root).href;
}

/** Characters of what an upstream says that fit below a map. */
const LONGEST = 300;

/** What layers show there; null where an upstream was asked, who answers in words of its own. */
function ownPoints(text) {
  try {
    const { layers } = JSON.parse(text);
    return Array.isArray(layers) && layers.every(({ lon }) => typeof lon === 'number') ? layers : null;
  } catch {
    return null;
  }
}

function describePoint(text) {
  const points = ownPoints(text);
  if (points === null) return text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST);
  if (points.length === 0) return 'nothing here';
  const [found] = points;
  const [lon, lat] = [found.lon, found.lat].map((angle) => angle.toFixed(4));
  return `longitude ${lon}°, latitude ${lat}°: ${found.value === null ? 'nothing here' : found.value.join(' ')}`;
}

/** Where the pointer is, in the units of the CRS; at a click, what is there. */
function readOut(view, chart, crs, infoUrl, say) {
  const unit = crs.unit === 'degree' ? '°' : ' m';
  const digits = crs.unit === 'degree' ? 4 : 0;
  chart.on('pointermove', ({ coordinate: [x, y], dragging }) => {
    if (!dragging) say(`x ${x.toFixed(digits)}${unit}, y ${y.toFixed(digits)}${unit}`);
  });
  if (infoUrl === null) return;
  chart.on('singleclick', async ({ coordinate }) => {
    const answer = await fetch(infoUrl(coordinate));
    say(answer.ok ? describePoint(await answer.text()) : `the server answered ${answer.status}`);
  });
}

/** Draws into an element; resolves with what takes the map away again. @param choice {layer, map, kind, crs, values, root, here, say} */
export async function showOpenLayers(element, choice) {
  const { ol } = window;
  const { layer, map, kind, crs, say } = choice;
  register(ol, crs);
  const source = kind === 'wms' ? wmsSource(ol, choice) : await wmtsSource(ol, choice);
  const view = new ol.View({ projection: crs.id, showFullExtent: true });
  const chart = new ol.Map({ target: element, view, layers: [new ol.layer.Tile({ source })] });
  view.fit(map.extent, { size: chart.getSize() });
  const asked = { wms: () => (coordinate) => wmsInfo(source, view, coordinate, layer.name), wmts: () => (coordinate) => wmtsInfo(source, view, coordinate, choice) };
  const queryable = kind === 'wms' ? layer.wms.queryable : layer.wmts.info !== null;
  readOut(view, chart, crs, queryable ? asked[kind]() : null, say);
  element.chart = chart;
  return () => chart.setTarget(null);
}
