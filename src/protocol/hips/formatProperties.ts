import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { formatFrame } from './frameName.ts';
import type { HipsView } from './parseProperties.ts';
import type { HipsTileFormat } from './tileFormat.ts';

/** What the gateway says of a HiPS that it serves. null = not said, or the default named. */
export interface HipsProperties {
  /** `ivo://...`, unique per layer: Aladin Lite shows the first of two layers that share it. See creatorDid. */
  readonly creatorDid: string;
  readonly title: string;
  readonly description: string | null;
  /** Colour pictures. Without the word, Aladin Desktop cuts every tile on its own; with it, grey data lose their colour maps. */
  readonly color: boolean;
  /** When the data or the configuration last changed; never "now": a new date empties the caches of clients. */
  readonly releaseDate: Date;
  /** null = releaseDate. */
  readonly creationDate: Date | null;
  /** null = DEFAULT_STATUS. */
  readonly status: string | null;
  /** Offered formats, the suggested one first; put png or webp first when the coverage is partial. */
  readonly formats: readonly HipsTileFormat[];
  readonly order: number;
  readonly tileWidth: Pixels;
  readonly frame: Frame;
  readonly pixelBitpix: number | null;
  readonly pixelCut: readonly [min: number, max: number] | null;
  /** null = the whole sphere from (0, 0). */
  readonly view: HipsView | null;
  /** Covered fraction of the sphere, [0, 1]. */
  readonly skyFraction: number;
  /** Public address of the HiPS; a trailing slash is dropped. LINT wants it equal to the address under test, byte for byte. null = not said. */
  readonly serviceUrl: string | null;
  /** null = 'Solar system/Moon' and the like for bodies, nothing for the sky. */
  readonly category: string | null;
  readonly copyright: string | null;
  /** Further keys from the configuration, in their order; a key that is written anyway is replaced where it stands. */
  readonly extra: ReadonlyMap<string, string>;
}

/** The standard's own default, clonableOnce, would let one Hipsgen MIRROR command crawl the upstream through the gateway. */
export const DEFAULT_STATUS = 'public master unclonable';

const STATUS_WORDS: readonly string[] = ['private', 'public', 'master', 'mirror', 'partial', 'clonable', 'unclonable', 'clonableOnce'];

/** Keys that describe what is really served: `extra` may repeat them but not contradict them. */
export const COMPUTED_KEYS: ReadonlySet<string> = new Set([
  'dataproduct_type', 'hips_version', 'hips_tile_format', 'hips_order', 'hips_order_min', 'hips_tile_width', 'hips_frame',
  'hips_body', 'moc_sky_fraction',
]);

const HIPS_VERSION = '1.4';
const BUILDER = 'hips-gateway';
const WHOLE_SPHERE_VIEW: HipsView = Object.freeze({ lon: 0, lat: 0, fov: 180 });

/** Column in which values begin, as Hipsgen writes them. */
const KEY_WIDTH = 20;

type Line = readonly [key: string, value: string | null];

/**
 * The text of a properties file (HiPS 1.0, section 4.4.1) in a form that the strictest reader takes: fixed order, one line each,
 * single blanks, no '=' in values but those of `..._url` keys, hips_order_min = 0.
 * @throws GatewayError CONFIG_INVALID naming the key, for a value that no client could use or that contradicts what is served
 */
export function formatProperties(fields: HipsProperties): string {
  const written = new Map<string, string>();
  for (const [key, value] of standardLines(fields)) addLine(written, key, value);
  for (const [key, value] of fields.extra) addLine(written, checkKey(key, value, written), value);
  checkDid(written.get('creator_did') ?? '');
  checkStatus(written.get('hips_status') ?? '');
  return [...written].map(([key, value]) => `${key.padEnd(KEY_WIDTH)} = ${value}\n`).join('');
}

function standardLines(fields: HipsProperties): readonly Line[] {
  const { frame, releaseDate, tileWidth, order } = fields;
  return [
    ['creator_did', fields.creatorDid],
    ['obs_title', fields.title.trim() === '' ? fields.creatorDid : fields.title],
    ['obs_description', fields.description],
    ['dataproduct_type', 'image'],
    ['dataproduct_subtype', fields.color ? 'color' : null],
    ['hips_version', HIPS_VERSION],
    ['hips_release_date', formatHipsDate(releaseDate)],
    ['hips_creation_date', formatHipsDate(fields.creationDate ?? releaseDate)],
    ['hips_status', fields.status ?? DEFAULT_STATUS],
    ['hips_tile_format', [...new Set(fields.formats)].join(' ')],
    ['hips_order', String(order)],
    ['hips_order_min', '0'],
    ['hips_tile_width', String(tileWidth)],
    ['hips_frame', formatFrame(frame)],
    ['hips_body', frame.kind === 'body' ? frame.id : null],
    ...dataLines(fields),
    ['hips_service_url', fields.serviceUrl?.replace(/\/+$/, '') ?? null],
    ['hips_builder', BUILDER],
    ['client_category', fields.category ?? defaultCategory(frame)],
    ['obs_copyright', fields.copyright],
  ];
}

function dataLines({ pixelBitpix, pixelCut, view, skyFraction }: HipsProperties): readonly Line[] {
  const { lon, lat, fov } = view ?? WHOLE_SPHERE_VIEW;
  return [
    ['hips_pixel_bitpix', pixelBitpix === null ? null : String(pixelBitpix)],
    ['hips_pixel_cut', pixelCut === null ? null : pixelCut.join(' ')],
    ['hips_initial_ra', formatDegrees(lon)],
    ['hips_initial_dec', formatDegrees(lat)],
    ['hips_initial_fov', formatDegrees(fov)],
    ['moc_sky_fraction', String(Number(skyFraction.toPrecision(7)))],
  ];
}

function addLine(written: Map<string, string>, key: string, value: string | null): void {
  const text = value === null ? '' : oneLine(key, value);
  if (text !== '') written.set(key, text);
}

/** One line with single blanks. Readers that split at '=' drop lines with a second one; only addresses cannot do without. */
function oneLine(key: string, value: string): string {
  const withoutEquals = key.endsWith('_url') ? value : value.replace(/\s*=\s*/g, ': ');
  // eslint-disable-next-line no-control-regex
  return withoutEquals.toWellFormed().replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}

function checkKey(key: string, value: string, written: ReadonlyMap<string, string>): string {
  if (!/^[^#=\s][^=\s]*$/.test(key)) {
    throw invalid(key, `${JSON.stringify(key)} is no key of a properties file: no blanks, no '=', not beginning with '#'`);
  }
  if (COMPUTED_KEYS.has(key) && written.get(key) !== oneLine(key, value)) {
    throw invalid(key, `${key} = ${value} contradicts what is served: ${written.get(key) ?? 'no such key'}`);
  }
  return key;
}

function checkDid(did: string): void {
  if (!/^ivo:\/\/[^\s=]+$/.test(did)) throw invalid('creator_did', `creator_did = ${did} is no IVOA identifier: expected ivo://authority/name`);
}

function checkStatus(status: string): void {
  const bad = status.split(' ').find((word) => !STATUS_WORDS.includes(word));
  if (bad !== undefined) throw invalid('hips_status', `hips_status = ${status}: '${bad}' is none of ${STATUS_WORDS.join(', ')}`);
}

function invalid(key: string, message: string): GatewayError {
  return new GatewayError('CONFIG_INVALID', message, { locator: key });
}

/** UTC to the minute, `YYYY-mm-ddTHH:MMZ`: the one spelling that every client reads; seconds break Stellarium Web. */
export function formatHipsDate(date: Date): string {
  return `${date.toISOString().slice(0, 16)}Z`;
}

function formatDegrees(degrees: number): string {
  return String(Number(degrees.toFixed(6)));
}

function defaultCategory(frame: Frame): string | null {
  if (frame.kind === 'sky') return null;
  return `Solar system/${frame.id.replace(/(?<![^\s-])\p{L}/gu, (letter) => letter.toUpperCase())}`;
}

/**
 * A stable identifier for a layer of a node, `ivo://{node}/P/{layer}`, without blanks; different layer names give different ones, and so
 * do different names of configurations, where the node has several: `ivo://{node}/P/{site}/{layer}`.
 * @param node host name or address of the node; its scheme is dropped and what an IVOA authority cannot hold becomes '.'
 */
export function creatorDid(node: string, layer: string, site: string | null = null): string {
  const authority = node.trim().toLowerCase().replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[^a-z0-9-]+/g, '.').replace(/^[.-]+|[.-]+$/g, '');
  const steps = [...(site === null ? [] : [site]), layer].map((name) => encodeURIComponent(name.toWellFormed()));
  return `ivo://${authority === '' ? BUILDER : authority}/P/${steps.join('/')}`;
}
