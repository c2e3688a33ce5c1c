import { MOON_JPG } from '../../test/e2e/support/moon.ts';

export type Resampling = 'nearest' | 'bilinear' | 'bicubic';

const HIPS_OF_THE_MOON = 'hips_body: moon, hips_frame: moon';
const OWN_CACHE = 'globals: {cache: {base_dir: ./cache_data}}';

/** A WMS that answers with JPEG, as a HiPS. */
export function wmsAsHips(url: string, order: number, resampling: Resampling = 'bicubic'): string {
  return `
services: {hips: {formats: [jpeg, png], resampling_method: ${resampling}}}
layers: [{name: moon, title: Moon, sources: [moon_wms], md: {hips: {hips_order: ${order}, ${HIPS_OF_THE_MOON}}}}]
sources:
  moon_wms:
    type: wms
    req: {url: '${url}', layers: moon, format: image/jpeg}
    wms_opts: {version: 1.1.1}
    supported_srs: ['IAU_2015:30100']
${OWN_CACHE}
`;
}

/** A picture as a HiPS of order 3 and as maps and tiles. */
export function pictureAsAll(server = '{}'): string {
  return `
services: {hips: {formats: [jpeg, png]}, wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}, wmts: , tms: }
layers: [{name: moon, title: Moon, sources: [moon_cache], md: {hips: {hips_order: 3, ${HIPS_OF_THE_MOON}}}}]
sources: {moon_image: {type: image, url: ${JSON.stringify(MOON_JPG)}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
caches: {moon_cache: {sources: [moon_image], grids: [MOON_GEOGRAPHIC, MOON_NORTH_POLAR], format: image/jpeg}}
server: ${server}
${OWN_CACHE}
`;
}

/** A HiPS in a folder, as maps and tiles; tiles are made anew at every request, as MapProxy does with disable_storage. */
export function hipsAsMaps(folder: string, resampling: Resampling = 'bilinear'): string {
  return `
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130']}, wmts: , tms: }
layers: [{name: moon_tiles, title: Moon, sources: [moon_cache]}, {name: moon, title: Moon, sources: [moon_survey]}]
sources: {moon_survey: {type: hips, url: ${JSON.stringify(folder)}, resampling_method: ${resampling}}}
caches: {moon_cache: {grids: [geodetic], sources: [moon_survey], format: image/jpeg, disable_storage: true}}
grids: {geodetic: {origin: nw, base: GLOBAL_GEODETIC, bbox: [-180, -90, 180, 90], srs: 'IAU_2015:30100'}}
globals: {image: {resampling_method: ${resampling}}, cache: {base_dir: ./cache_data}}
`;
}

/** Many layers over one picture, and many grids. */
export function manyLayers(layers: number, grids: number): string {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const names = numbers(grids).map((i) => `grid_${i}`);
  return `
services: {wms: {srs: ['IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:30130']}, wmts: , hips: }
layers:
${numbers(layers).map((i) => `  - {name: moon_${i}, title: Moon ${i}, sources: [moon_cache], md: {hips: {hips_order: 3, ${HIPS_OF_THE_MOON}}}}`).join('\n')}
sources: {moon_image: {type: image, url: ${JSON.stringify(MOON_JPG)}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
caches: {moon_cache: {sources: [moon_image], grids: [${names.join(', ')}], format: image/jpeg}}
grids:
${names.map((name, i) => `  ${name}: {origin: nw, bbox: [-180, -90, 180, 90], srs: 'IAU_2015:30100', num_levels: ${i + 1}, min_res: 0.703125}`).join('\n')}
${OWN_CACHE}
`;
}

/** Layers of a map server of the Earth, each with a cache of its own on many grids: what no two of them have in common is worked out for each. */
export function manyCaches(layers: number, grids: number): string {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const names = numbers(grids).map((i) => `grid_${i}`);
  return `
services: {wms: , wmts: , hips: }
layers:
${numbers(layers).map((i) => `  - {name: map_${i}, title: Map ${i}, sources: [cache_${i}]}`).join('\n')}
sources: {maps: {type: wms, req: {url: 'http://127.0.0.1:9/?'}, supported_srs: ['EPSG:3857']}}
caches:
${numbers(layers).map((i) => `  cache_${i}: {sources: ['maps:layer_${i}'], grids: [${names.join(', ')}]}`).join('\n')}
grids:
${names.map((name, i) => `  ${name}: {origin: nw, base: GLOBAL_WEBMERCATOR, num_levels: ${i + 1}}`).join('\n')}
${OWN_CACHE}
`;
}
