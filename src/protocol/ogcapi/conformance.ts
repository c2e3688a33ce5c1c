import type { MapFormat } from '../../raster/format.ts';
import type { OgcFeatures } from './features.ts';

const SPEC = 'http://www.opengis.net/spec';
const COMMON: readonly string[] = ['ogcapi-common-1/1.0/conf/core', 'ogcapi-common-1/1.0/conf/landing-page', 'ogcapi-common-1/1.0/conf/json', 'ogcapi-common-1/1.0/conf/html', 'ogcapi-common-1/1.0/conf/oas30', 'ogcapi-common-2/1.0/conf/collections'];
const FORMAT_CLASSES: { readonly [format in MapFormat]: string | null } = Object.freeze({ 'image/png': 'png', 'image/jpeg': 'jpeg', 'image/tiff': 'tiff', 'image/webp': null, 'image/avif': null });

/** Not `background`: of its parameters void-color and void-transparent are not known here. */
function mapClasses({ tiles, dataset }: OgcFeatures, formats: readonly string[]): readonly string[] {
  const names = ['core', 'scaling', 'display-resolution', 'spatial-subsetting', 'crs', 'collection-map', 'collections-selection', ...(dataset ? ['dataset-map'] : []), ...(tiles ? ['tilesets'] : []), ...formats];
  return names.map((name) => `ogcapi-maps-1/1.0/conf/${name}`);
}

function tileClasses({ dataset }: OgcFeatures, formats: readonly string[]): readonly string[] {
  const names = ['core', 'tileset', 'tilesets-list', 'geodata-tilesets', 'collections-selection', ...(dataset ? ['dataset-tilesets'] : []), 'oas30', ...formats.filter((name) => name !== 'tiff')];
  return names.map((name) => `ogcapi-tiles-1/1.0/conf/${name}`);
}

/** The conformance classes that are met: OGC 19-072 and 20-024 (Common), 20-058 (Maps), 20-057 (Tiles), 17-083r4 (TMS). */
export function conformanceClasses(features: OgcFeatures, formats: readonly MapFormat[]): readonly string[] {
  const named = formats.map((format) => FORMAT_CLASSES[format]).filter((name) => name !== null);
  const classes = [
    ...COMMON,
    ...(features.maps ? mapClasses(features, named) : []),
    ...(features.tiles ? [...tileClasses(features, named), 'tms/2.0/conf/tilematrixset', 'tms/2.0/conf/json-tilematrixset'] : []),
  ];
  return classes.map((name) => `${SPEC}/${name}`);
}
