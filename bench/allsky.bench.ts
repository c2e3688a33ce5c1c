import type { Figures } from './measure.ts';
import { pictureAsAll } from './support/configs.ts';
import { hipsTile } from './support/paths.ts';
import { measureServed } from './support/served.ts';
import { withGateway } from './support/withGateway.ts';

/** How long does somebody wait for the first Allsky, and for every tile of order 3, of a HiPS that was never asked for? */
export default async function allsky(quick: boolean): Promise<Figures[]> {
  return withGateway(pictureAsAll(), async (gateway) => {
    const tiles = Array.from({ length: quick ? 96 : 768 }, (_, npix) => hipsTile(3, npix));
    return [
      await measureServed('Allsky of order 3 from a picture of 4096x2048, first of all', gateway, ['/hips/moon/Norder3/Allsky.jpg']),
      await measureServed(`${quick ? 'an eighth of the tiles' : 'every tile'} of order 3 from a picture, each`, gateway, tiles),
    ];
  });
}
