import { GatewayError } from '../../errors.ts';

/** The sixteen names of the W3C (OGC 20-058, table 10). */
const NAMED: { readonly [name: string]: number } = Object.freeze({
  black: 0x000000, silver: 0xc0c0c0, gray: 0x808080, white: 0xffffff, maroon: 0x800000, red: 0xff0000, purple: 0x800080, fuchsia: 0xff00ff,
  green: 0x008000, lime: 0x00ff00, olive: 0x808000, yellow: 0xffff00, navy: 0x000080, blue: 0x0000ff, teal: 0x008080, aqua: 0x00ffff,
});

/** bgcolor: 0xRRGGBB or a name of the W3C. @throws INVALID_PARAMETER */
export function parseColour(text: string, locator: string): number {
  const name = text.trim().toLowerCase();
  const digits = /^(?:0x|#)([0-9a-f]{6})$/.exec(name)?.[1];
  if (digits !== undefined) return Number.parseInt(digits, 16);
  if (Object.hasOwn(NAMED, name)) return NAMED[name] as number;
  throw new GatewayError('INVALID_PARAMETER', `${locator} '${text}' is not a colour; expected 0xRRGGBB or one of ${Object.keys(NAMED).join(', ')}`, { locator });
}
