// A layer's tiles in Leaflet, on any grid: what the library calls longitude and latitude are x and y of the grid's plane.

/** What can be shown: [{value, label, group}]. */
export function leafletMaps({ xyz }) {
  return (xyz?.maps ?? []).map(({ id, crs }) => ({ value: `xyz/${id}`, label: `${id} (${crs})`, group: 'XYZ' }));
}

/** Levels between and beyond those of the grid go on by halves. */
function levels(resolutions) {
  const first = resolutions[0];
  const at = (zoom) => {
    const level = Math.min(Math.max(Math.floor(zoom), 0), resolutions.length - 1);
    const next = resolutions[level + 1] ?? resolutions[level] / 2;
    return zoom < 0 ? first * 2 ** -zoom : resolutions[level] * (next / resolutions[level]) ** (zoom - level);
  };
  const of = (resolution) => {
    if (resolution >= first) return -Math.log2(resolution / first);
    const level = resolutions.findLastIndex((each) => each >= resolution);
    const next = resolutions[level + 1] ?? resolutions[level] / 2;
    return level + Math.log(resolution / resolutions[level]) / Math.log(next / resolutions[level]);
  };
  return { at, of };
}

/** The plane of a grid as Leaflet wants it: pixels from the top left corner of the grid, rows down. */
function planeOf(L, { origin, resolutions }, crs) {
  const [minX, minY, maxX, maxY] = crs.extent;
  const { at, of } = levels(resolutions);
  const projection = {
    project: ({ lat, lng }) => L.point(lng, lat),
    unproject: ({ x, y }) => L.latLng(y, x),
    bounds: L.bounds([minX, minY], [maxX, maxY]),
  };
  return L.extend({}, L.CRS, {
    code: crs.id,
    projection,
    transformation: L.transformation(1, -origin[0], -1, origin[1]),
    scale: (zoom) => 1 / at(zoom),
    zoom: (scale) => of(1 / scale),
    ...(crs.global ? { wrapLng: [minX, maxX] } : {}),
    infinite: false,
  });
}

async function tileJsonOf({ layer, map, root, here }) {
  const answer = await fetch(new URL(`${layer.xyz.folder}${encodeURIComponent(map.id)}.json`, root));
  if (!answer.ok) throw new Error(`the TileJSON answered ${answer.status}`);
  return JSON.parse(here(await answer.text()));
}

function tileLayer(L, tiles, bounds) {
  return L.tileLayer(tiles.tiles[0].replace('{y}', '{y}{r}'), {
    tileSize: L.point(tiles.tile_size),
    minNativeZoom: tiles.minzoom,
    minZoom: -2,
    maxZoom: tiles.maxzoom,
    bounds,
  });
}

/** Draws into an element; resolves with what takes the map away again. @param choice {layer, map, crs, root, here, say} */
export async function showLeaflet(element, choice) {
  const { L } = window;
  const { map, crs, say } = choice;
  const tiles = await tileJsonOf(choice);
  const [minX, minY, maxX, maxY] = map.extent;
  const bounds = L.latLngBounds([minY, minX], [maxY, maxX]);
  const chart = L.map(element, { crs: planeOf(L, tiles, crs), minZoom: -2, maxZoom: tiles.maxzoom, zoomSnap: 0.25, attributionControl: false });
  chart.fitBounds(bounds);
  tileLayer(L, tiles, bounds).addTo(chart);
  const [unit, digits] = crs.unit === 'degree' ? ['°', 4] : [' m', 0];
  chart.on('mousemove', ({ latlng: { lng, lat } }) => say(`x ${lng.toFixed(digits)}${unit}, y ${lat.toFixed(digits)}${unit}`));
  element.chart = chart;
  return () => chart.remove();
}
