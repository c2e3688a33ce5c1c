import { bodyFrame, type Frame } from '../../geometry/frame/frame.ts';
import type { HipsListEntry } from '../../protocol/hips/list.ts';
import type { HipsDescription } from '../../protocol/hips/properties.ts';
import { oneLine, plainName, wanted, type InitOptions, type Starter, type StarterLayer } from './starter.ts';

/** One HiPS. @param url its address, or its folder as the configuration is to name it */
export function hipsStarter(description: HipsDescription, url: string, options: InitOptions): Starter {
  const { title, frame, dataproductType, order, tileWidth, formats } = description;
  const about = `Deepest order ${order}, tiles of ${tileWidth} pixels, ${formats.join(', ') || 'formats not named'}`;
  const one = layerOf({ url, title, frame, type: dataproductType, description: description.description, remarks: [about] }, options);
  return typeof one === 'string' ? { title: '', layers: [], leftOut: [one] } : { title: oneLine(title ?? ''), layers: [one], leftOut: [] };
}

/** The HiPS of a node's list. */
export function listStarter(entries: readonly HipsListEntry[], options: InitOptions): Starter {
  const { chosen, leftOut } = wanted(entries.filter(isPublic), ({ serviceUrl, title }) => `${serviceUrl} ${title ?? ''}`, options);
  const found = chosen.map(({ serviceUrl, title, frame, keys }) => {
    const type = keys.get('dataproduct_type') ?? 'image';
    return layerOf({ url: serviceUrl, title, frame, type, description: keys.get('obs_description') ?? null, remarks: [] }, options);
  });
  return {
    title: '',
    layers: found.filter((one) => typeof one !== 'string'),
    leftOut: [...found.filter((one) => typeof one === 'string'), ...leftOut],
  };
}

function isPublic({ status }: HipsListEntry): boolean {
  return !status.includes('private');
}

interface Found {
  readonly url: string;
  readonly title: string | null;
  readonly frame: Frame | null;
  readonly type: string;
  readonly description: string | null;
  readonly remarks: readonly string[];
}

/** A layer, or why there is none. */
function layerOf({ url, title, frame: said, type, description, remarks }: Found, { body }: InitOptions): StarterLayer | string {
  const frame = body === null ? said : bodyFrame(body);
  if (type !== 'image') return `${url}: a HiPS of type '${oneLine(type)}', which is no picture`;
  if (frame === null) return `${url}: does not say which body it shows; --body does`;
  const name = plainName(url.split(/[?#]/)[0]!.split('/').filter((step) => step !== '').at(-1) ?? 'hips');
  return {
    name,
    title: oneLine(title ?? '') || name,
    abstract: oneLine(description ?? ''),
    frame,
    source: { type: 'hips', url, ...(body === null ? {} : { body: frame.id }) },
    remarks,
    hips: {},
  };
}
