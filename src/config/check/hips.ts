import type { ConfigPath } from '../issue.ts';
import { hipsMetadata } from '../schema/layers.ts';
import { suggest, withSuggestion } from '../suggest.ts';
import type { Plain } from '../yaml/tree.ts';
import { type Finding, type Knowledge, type PlainMap, layersOf, mapAt, members } from './finding.ts';

/** Frames of the sky, as HiPS spells them and as people do. */
export const SKY_FRAME_NAMES: readonly string[] = ['equatorial', 'icrs', 'galactic', 'ecliptic'];

/** Keywords of HiPS 1.0 and 2.0 that the gateway hands on as they are; only for telling a typing mistake from a new key. */
const HIPS_KEYWORDS: readonly string[] = [
  ...Object.keys(hipsMetadata.shape),
  ...'publisher_id obs_collection obs_ack bib_reference bib_reference_url data_ucd dataproduct_type dataproduct_subtype'.split(' '),
  ...'hips_version hips_builder hips_creator hips_creation_date hips_estsize hips_nb_tiles hips_sampling hips_overlay'.split(' '),
  ...'hips_skyval hips_progenitor_url hips_pixel_scale hips_pixel_cut hips_pixel_bitpix hips_data_range hips_service_url'.split(' '),
  ...'hips_initial_ra hips_initial_dec hips_initial_fov hips_copyright hips_licence hips_doi hips_cat_nrows s_pixel_scale'.split(' '),
  ...'client_category client_sort_key addendum_did moc_sky_fraction t_min t_max em_min em_max obs_regime prov_progenitor type'.split(' '),
];

const STATUS_WORDS: readonly string[] = ['public', 'private', 'master', 'mirror', 'partial', 'clonable', 'unclonable', 'clonableOnce'];

/** `md.hips` of every layer, and `body` and `frame` of every source. */
export function checkHips(data: Plain, knowledge: Knowledge): Finding[] {
  const described = layersOf(mapAt(data)['layers']).map(({ layer, path }) => ({ hips: mapAt(layer, 'md', 'hips'), path: [...path, 'md', 'hips'] }));
  return [
    ...described.flatMap(({ hips, path }) => [...checkFrame(hips, path, knowledge), ...checkProperties(hips, path)]),
    ...nameOfTheList(data),
    ...duplicateIdentifiers(described),
    ...members(data, 'sources').flatMap(([name, source]) => checkSourceFrame(source, ['sources', name], knowledge)),
  ];
}

/** /hips/list is the list of all HiPS of the node (HiPS 1.0, section 5), so a layer of that name could not be asked for. */
function nameOfTheList(data: Plain): Finding[] {
  const { hips: service } = mapAt(data, 'services');
  if (service === undefined) return [];
  const message = "a HiPS cannot be called 'list': /hips/list is the list of all HiPS; give another name, or md: {hips: {enabled: false}}";
  return layersOf(mapAt(data)['layers'])
    .filter(({ layer }) => layer['name'] === 'list' && layer['sources'] !== undefined && mapAt(layer, 'md', 'hips')['enabled'] !== false)
    .map(({ path }) => ({ severity: 'error' as const, path: [...path, 'name'], message }));
}

function checkFrame(hips: PlainMap, path: ConfigPath, knowledge: Knowledge): Finding[] {
  const { hips_body: body, hips_frame: frame } = hips;
  const wrongBody = typeof body === 'string' ? checkBody(body, [...path, 'hips_body'], knowledge) : [];
  const wrongFrame = typeof frame === 'string' ? checkFrameName(frame, [...path, 'hips_frame'], knowledge, ['planet']) : [];
  if (typeof body !== 'string' || typeof frame !== 'string' || wrongBody.length + wrongFrame.length > 0) return [...wrongBody, ...wrongFrame];
  if ([body.toLowerCase(), 'planet'].includes(frame.toLowerCase())) return [];
  const message = `'${frame}' is not a frame of the body '${body}' (hips_body)`;
  return [{ severity: 'error', path: [...path, 'hips_frame'], message, suggestion: body }];
}

function checkBody(body: string, path: ConfigPath, knowledge: Knowledge): Finding[] {
  if (knowledge.isBody(body)) return [];
  return [{ severity: 'error', path, message: `there is no body '${body}'`, ...withSuggestion(body, knowledge.bodies) }];
}

function checkFrameName(frame: string, path: ConfigPath, knowledge: Knowledge, also: readonly string[]): Finding[] {
  const name = frame.toLowerCase();
  const allowed = [...SKY_FRAME_NAMES, ...also];
  if (allowed.includes(name) || knowledge.isBody(name)) return [];
  const message = `there is no frame '${frame}'; allowed: ${allowed.join(', ')}, or a body`;
  return [{ severity: 'error', path, message, ...withSuggestion(frame, [...allowed, ...knowledge.bodies]) }];
}

function checkSourceFrame(source: PlainMap, path: ConfigPath, knowledge: Knowledge): Finding[] {
  const { body, frame } = source;
  const wrong = [
    ...(typeof body === 'string' ? checkBody(body, [...path, 'body'], knowledge) : []),
    ...(typeof frame === 'string' ? checkFrameName(frame, [...path, 'frame'], knowledge, []) : []),
  ];
  const disagree = typeof body === 'string' && typeof frame === 'string' && body.toLowerCase() !== frame.toLowerCase();
  if (wrong.length > 0 || !disagree) return wrong;
  return [{ severity: 'error', path: [...path, 'frame'], message: `'${frame}' is not a frame of the body '${body}'; give one of the two` }];
}

function checkProperties(hips: PlainMap, path: ConfigPath): Finding[] {
  return Object.entries(hips).flatMap(([key, value]) => [...checkKey(key, [...path, key]), ...checkValue(key, value, [...path, key])]);
}

function checkKey(key: string, path: ConfigPath): Finding[] {
  if (/[=\s#]/.test(key)) return [{ severity: 'error', path, message: 'a key of a properties file has no blanks, no = and no #', atKey: true }];
  const near = HIPS_KEYWORDS.includes(key) ? undefined : suggest(key, HIPS_KEYWORDS);
  if (near === undefined) return [];
  return [{ severity: 'warning', path, message: 'not a keyword of HiPS; written to the properties file as it is', suggestion: near, atKey: true }];
}

function checkValue(key: string, value: Plain, path: ConfigPath): Finding[] {
  if (typeof value !== 'string') return [];
  if (/[\r\n]/.test(value.trim())) return [{ severity: 'error', path, message: 'a value of a properties file is one line' }];
  const message = VALUE_RULES[key]?.(value);
  return message === undefined ? [] : [{ severity: 'warning', path, message }];
}

const VALUE_RULES: Readonly<Record<string, (value: string) => string | undefined>> = {
  creator_did: (value) => (/^ivo:\/\/\S+$/.test(value) ? undefined : `an IVOA identifier is ivo://authority/name without blanks, found '${value}'`),
  hips_release_date: (value) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z$/.test(value) ? undefined : `expected a time as YYYY-mm-ddTHH:MMZ, found '${value}'`,
  hips_status: (value) => {
    const wrong = value.split(/\s+/).find((word) => !STATUS_WORDS.includes(word));
    return wrong === undefined ? undefined : `'${wrong}' is no word of hips_status; there are: ${STATUS_WORDS.join(', ')}`;
  },
};

/** Aladin Lite takes two HiPS of one identifier for one. */
function duplicateIdentifiers(described: readonly { readonly hips: PlainMap; readonly path: ConfigPath }[]): Finding[] {
  const seen = new Set<string>();
  return described.flatMap(({ hips, path }) => {
    const { creator_did: did, enabled } = hips;
    if (typeof did !== 'string' || enabled === false) return [];
    const isNew = !seen.has(did);
    seen.add(did);
    if (isNew) return [];
    const message = `'${did}' is the creator_did of another layer too: viewers show that one instead`;
    return [{ severity: 'warning' as const, path: [...path, 'creator_did'], message }];
  });
}
