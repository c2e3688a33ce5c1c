import path from 'node:path';
import type { Plain } from '../yaml/tree.ts';
import { mapFormatNamed } from '../schema/mapFormat.ts';
import { formatNamed } from '../schema/values.ts';
import { WMS_REQUEST_KEYS } from '../schema/sources.ts';
import { suggest } from '../suggest.ts';
import type { ConfigPath } from '../issue.ts';
import { isRemote, locatedLegend } from '../paths.ts';
import { type Finding, type Knowledge, type PlainMap, layersOf, mapAt, members, textsAt } from './finding.ts';

/** Files that are not there, parameters that look mistyped, and formats that are not written. */
export function checkSources(data: Plain, directory: string, knowledge: Knowledge): Finding[] {
  return [
    ...members(data, 'sources').flatMap(([name, source]) => [
      ...checkFile(name, source, directory, knowledge),
      ...checkLegend(mapAt(source, 'wms_opts')['legendurl'], ['sources', name, 'wms_opts', 'legendurl'], directory, knowledge),
      ...checkRequest(name, source),
      ...checkCertificates(mapAt(source, 'http'), ['sources', name, 'http'], directory, knowledge),
    ]),
    ...checkCertificates(mapAt(data, 'globals', 'http'), ['globals', 'http'], directory, knowledge),
    ...layersOf(mapAt(data)['layers']).flatMap(({ layer, path: at }) => checkLegend(layer['legendurl'], [...at, 'legendurl'], directory, knowledge)),
    ...members(data, 'caches').flatMap(([name, cache]) => checkCacheFormat(name, cache, data)),
    ...['wms', 'ogcapi'].flatMap((service) => checkFormats(service, data)),
  ];
}

/** The option of each type of source that may name a file or a folder. */
const PLACES: { readonly [type: string]: { readonly option: string; readonly what: string } } = {
  image: { option: 'url', what: 'file' },
  hips: { option: 'url', what: 'directory' },
  mbtiles: { option: 'filename', what: 'file' },
  geopackage: { option: 'filename', what: 'file' },
};

function checkFile(name: string, source: PlainMap, directory: string, knowledge: Knowledge): Finding[] {
  const place = PLACES[String(source['type'])];
  const location = place === undefined ? undefined : source[place.option];
  if (place === undefined || typeof location !== 'string' || isRemote(location)) return [];
  const file = path.resolve(directory, location);
  if (knowledge.exists(file)) return [];
  return [{ severity: 'error', path: ['sources', name, place.option], message: `there is no ${place.what} '${file}'` }];
}

function checkLegend(legendurl: Plain | undefined, at: ConfigPath, directory: string, knowledge: Knowledge): Finding[] {
  if (typeof legendurl !== 'string' || !legendurl.startsWith('file://')) return [];
  const file = locatedLegend(legendurl, directory);
  return knowledge.exists(file) ? [] : [{ severity: 'error', path: at, message: `there is no file '${file}'` }];
}

function checkCertificates({ ssl_ca_certs: location }: PlainMap, at: ConfigPath, directory: string, knowledge: Knowledge): Finding[] {
  if (typeof location !== 'string') return [];
  const file = path.resolve(directory, location);
  return knowledge.exists(file) ? [] : [{ severity: 'error', path: [...at, 'ssl_ca_certs'], message: `there is no file '${file}'` }];
}

/** Any parameter may be a vendor's; one that is nearly a WMS parameter is a mistake. */
function checkRequest(name: string, source: PlainMap): Finding[] {
  return Object.keys(mapAt(source, 'req')).flatMap((key): Finding[] => {
    if (source['type'] !== 'wms' || WMS_REQUEST_KEYS.includes(key.toLowerCase()) || key.length < 4) return [];
    const near = suggest(key, WMS_REQUEST_KEYS);
    if (near === undefined) return [];
    const message = `unknown key; allowed here: ${WMS_REQUEST_KEYS.join(', ')}, and parameters of a vendor that do not resemble these`;
    return [{ severity: 'error', path: ['sources', name, 'req', key], message, suggestion: near, atKey: true }];
  });
}

function checkCacheFormat(name: string, cache: PlainMap, data: Plain): Finding[] {
  const { format } = cache;
  const named = mapAt(data, 'globals', 'image', 'formats');
  if (typeof format !== 'string' || format === 'mixed') return [];
  const known = ['image/png', 'image/jpeg', 'image/webp', 'mixed', ...Object.keys(named)];
  if (formatNamed(namedFormat(format, data)) !== undefined) return [];
  const message = `'${format}' is not a format that is written here; allowed: ${known.join(', ')}`;
  return [{ severity: 'error', path: ['caches', name, 'format'], message }];
}

/** What a name in `globals.image.formats` stands for; others stand for themselves. */
function namedFormat(name: string, data: Plain): string {
  const { format } = mapAt(data, 'globals', 'image', 'formats', name);
  return typeof format === 'string' ? format : name;
}

function checkFormats(service: string, data: Plain): Finding[] {
  const at = ['services', service, 'image_formats'];
  return textsAt(mapAt(data, 'services', service)['image_formats'], at)
    .filter(({ text }) => mapFormatNamed(namedFormat(text, data)) === undefined)
    .map(({ text, path: where }) => {
      const message = `'${text}' is not written here and is left out; there are: image/png, image/jpeg, image/webp, image/avif, image/tiff`;
      return { severity: 'warning', path: where, message };
    });
}
