/** The pairs of a properties file, or of one record of a HiPS list. */
export type HipsPairs = ReadonlyMap<string, string>;

/**
 * Reads the `key = value` lines of a properties file (HiPS 1.0, section 4.4.1) as they are found in the wild: byte order mark, any
 * line end, blanks or tabs around everything, comments, `=` inside values, the `\:` of Java's property files. Lines without a key
 * are passed over; of a repeated key the first value that is not empty counts; empty values are left out.
 */
export function readPairs(text: string): HipsPairs {
  const pairs = new Map<string, string>();
  for (const line of text.replace(/^\ufeff/, '').split(/[\r\n]+/)) {
    const match = /^\s*([^#=\s][^=\s]*)\s*=(.*)$/.exec(line);
    const value = (match?.[2] ?? '').trim().replace(/\\([:=#!])/g, '$1');
    const key = match?.[1];
    if (key !== undefined && value !== '' && !pairs.has(key)) pairs.set(key, value);
  }
  return pairs;
}

/** Names that keys had before HiPS 1.0, or that others write for them, in order of preference. */
const OTHER_NAMES: { readonly [key: string]: readonly string[] } = Object.freeze({
  hips_order: ['maxOrder'],
  hips_order_min: ['minOrder'],
  hips_tile_width: ['nside'],
  hips_tile_format: ['format'],
  hips_frame: ['coordsys'],
  hips_release_date: ['processingDate'],
  hips_creation_date: ['firstProcessingDate'],
  hips_pixel_cut: ['pixelCut'],
  hips_data_range: ['hips_data_minmax', 'pixelRange'],
  hips_pixel_bitpix: ['data_pixel_bitpix'],
  hips_initial_fov: ['targetRadius'],
  hips_cube_depth: ['cubeDepth'],
  creator_did: ['publisher_did', 'id'],
  obs_title: ['description', 'obs_collection', 'label'],
  obs_description: ['verboseDescription', 'descriptionVerbose'],
  obs_copyright: ['copyright', 'hips_copyright'],
  obs_copyright_url: ['copyrightUrl'],
});

/** Value of a key under its own or an older name; null when there is none. */
export function pairValue(pairs: HipsPairs, key: string): string | null {
  const name = [key, ...(OTHER_NAMES[key] ?? [])].find((each) => pairs.has(each));
  return name === undefined ? null : (pairs.get(name) ?? null);
}
