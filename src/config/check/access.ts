import { polygonsOfArea } from '../../protocol/polygons.ts';
import type { ConfigPath } from '../issue.ts';
import { isMap } from '../schema/walk.ts';
import { withSuggestion } from '../suggest.ts';
import type { Plain } from '../yaml/tree.ts';
import { type Finding, type Knowledge, type PlainMap, layersOf, mapAt, textsAt } from './finding.ts';

const PLACE: ConfigPath = ['server', 'authorization'];

/** Who may see what: layers that are not there, and parts of them that cannot be read. */
export function checkAccess(data: Plain, knowledge: Knowledge): Finding[] {
  const authorization = mapAt(data, 'server', 'authorization');
  const keys = Array.isArray(authorization['keys']) ? authorization['keys'] : [];
  return [
    ...checkNames(authorization['anonymous'], [...PLACE, 'anonymous'], data),
    ...keys.flatMap((key, i) => [
      ...checkNames(mapAt(key)['layers'], [...PLACE, 'keys', i, 'layers'], data),
      ...checkLimit(mapAt(key, 'limited_to'), [...PLACE, 'keys', i, 'limited_to'], knowledge),
    ]),
  ];
}

function checkNames(names: Plain | undefined, path: ConfigPath, data: Plain): Finding[] {
  const known = layersOf(mapAt(data)['layers']).flatMap(({ layer }) => textsAt(layer['name'], []).map(({ text }) => text));
  return textsAt(names, path)
    .filter(({ text }) => text !== '*' && !known.includes(text))
    .map(({ text, path: at }) => ({ severity: 'error', path: at, message: `there is no layer '${text}'; there are: ${known.join(', ')}`, ...withSuggestion(text, known) }));
}

/** What the schema refuses is not looked at again. */
function checkLimit({ srs, geometry }: PlainMap, path: ConfigPath, { isKnownCrs }: Knowledge): Finding[] {
  const unknown: Finding[] = typeof srs !== 'string' || isKnownCrs(srs) ? [] : [{ severity: 'error', path: [...path, 'srs'], message: `the reference system '${srs}' is not known` }];
  return [...unknown, ...checkGeometry(geometry, [...path, 'geometry'])];
}

function checkGeometry(geometry: Plain | undefined, path: ConfigPath): Finding[] {
  const isNoBox = Array.isArray(geometry) && (geometry.length !== 4 || geometry.some((edge) => typeof edge !== 'number'));
  if (isNoBox || !(Array.isArray(geometry) || isMap(geometry) || (typeof geometry === 'string' && geometry !== ''))) return [];
  try {
    polygonsOfArea(geometry);
    return [];
  } catch (error) {
    return [{ severity: 'error', path, message: (error as Error).message }];
  }
}
