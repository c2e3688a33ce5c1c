import { escapeXml } from '../xml.ts';
import { readPairs } from './pairs.ts';

/** Keys whose values are numbers; everything else is text. */
const DATATYPES: ReadonlyMap<string, 'int' | 'double'> = new Map([
  ...['hips_order', 'hips_order_min', 'hips_tile_width', 'hips_pixel_bitpix'].map((key) => [key, 'int'] as const),
  ...['hips_initial_ra', 'hips_initial_dec', 'hips_initial_fov', 'moc_sky_fraction', 't_min', 't_max', 'em_min', 'em_max'].map(
    (key) => [key, 'double'] as const,
  ),
]);

const UNITS: ReadonlyMap<string, string> = new Map([
  ...['hips_initial_ra', 'hips_initial_dec', 'hips_initial_fov'].map((key) => [key, 'deg'] as const),
  ...['t_min', 't_max'].map((key) => [key, 'd'] as const),
  ...['em_min', 'em_max'].map((key) => [key, 'm'] as const),
]);

/**
 * metadata.xml: the properties of a HiPS as the parameters of a VOTable 1.4, for clients that read those.
 * @param properties text of the properties file
 */
export function formatMetadata(properties: string): string {
  const pairs = readPairs(properties);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
    `<RESOURCE type="meta" name="${escapeXml(pairs.get('creator_did') ?? 'HiPS')}">`,
    `<DESCRIPTION>${escapeXml(pairs.get('obs_title') ?? '')}</DESCRIPTION>`,
    ...[...pairs].map(([key, value]) => formatParam(key, value)),
    '</RESOURCE>',
    '</VOTABLE>',
    '',
  ].join('\n');
}

function formatParam(key: string, value: string): string {
  const unit = UNITS.get(key);
  const type = Number.isFinite(Number(value)) ? DATATYPES.get(key) : undefined;
  const attributes = [
    `name="${escapeXml(key)}"`,
    type === undefined ? 'datatype="unicodeChar" arraysize="*"' : `datatype="${type}"`,
    ...(unit === undefined || type === undefined ? [] : [`unit="${unit}"`]),
    `value="${escapeXml(value)}"`,
  ];
  return `<PARAM ${attributes.join(' ')}/>`;
}
