import { MOON_JPG } from './moon.ts';

/** The Moon as HiPS, WMS, WMTS, XYZ and TMS, from the picture that `expectMap` compares with. */
export const MOON_MAPS = `
services:
  hips:
  wms: {srs: ['IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:30130', 'IAU_2015:30135', 'EPSG:4326'], md: {title: Moon}}
  wmts:
  tms:
layers:
  - {name: moon, title: The Moon, sources: [moon_cache], md: {hips: {hips_order: 3, hips_body: moon, hips_frame: moon}}}
sources:
  moon_image: {type: image, url: ${JSON.stringify(MOON_JPG)}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
caches:
  moon_cache: {grids: [MOON_EQUIRECTANGULAR, MOON_GEOGRAPHIC, MOON_NORTH_POLAR, MOON_SOUTH_POLAR], sources: [moon_image]}
globals:
  cache: {base_dir: ./cache_data}
`;
