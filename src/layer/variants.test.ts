import { describe, expect, it } from 'vitest';
import type { Values } from '../protocol/dimensions.ts';
import { createVariants, theOnly, useAll, type Variants } from './variants.ts';

/** Dangers: one that is in use is given up; clients fill the memory with values; one that could not be made is never tried again. */
function counted(most: number, fails: () => boolean = () => false) {
  const made: string[] = [];
  const disposed: string[] = [];
  const variants = createVariants<string>({
    first: { values: { time: '0' }, one: 'first' },
    complete: ({ time = '0' }) => ({ time }),
    most,
    async make({ time }: Values) {
      made.push(time!);
      await Promise.resolve();
      if (fails()) throw new Error('not now');
      return { one: `made ${time}`, dispose: async () => void disposed.push(time!) };
    },
  });
  return { variants, made, disposed };
}

const nameOf = (variants: Variants<string>, values: Values): Promise<string> => variants.use(values, (one) => Promise.resolve(one));

describe('variants', () => {
  it('are made once, the first one never; what makes no difference is left out', async () => {
    const { variants, made } = counted(8);
    expect(await Promise.all([nameOf(variants, {}), nameOf(variants, { time: '0' }), nameOf(variants, { other: 'x' })])).toEqual(['first', 'first', 'first']);
    expect(await Promise.all([nameOf(variants, { time: '1' }), nameOf(variants, { time: '1', other: 'y' })])).toEqual(['made 1', 'made 1']);
    expect(made).toEqual(['1']);
  });

  it('are given up when others were used since, and never while somebody works with them', async () => {
    const { variants, made, disposed } = counted(2);
    let finish = (): void => {};
    const working = variants.use({ time: '1' }, () => new Promise<void>((resolve) => { finish = resolve; }));
    for (const time of ['2', '3', '4']) await nameOf(variants, { time });
    expect(disposed).toEqual(['2', '3']);
    finish();
    await working;
    await nameOf(variants, { time: '5' });
    expect(disposed).toEqual(['2', '3', '1']);
    await nameOf(variants, { time: '1' });
    expect(made).toEqual(['1', '2', '3', '4', '5', '1']);
    await variants.close();
    expect(disposed.toSorted()).toEqual(['1', '1', '2', '3', '4', '5']);
  });

  it('that could not be made are tried again', async () => {
    let broken = true;
    const { variants, made, disposed } = counted(2, () => broken);
    await expect(nameOf(variants, { time: '1' })).rejects.toThrow('not now');
    broken = false;
    expect(await nameOf(variants, { time: '1' })).toBe('made 1');
    expect([made, disposed]).toEqual([['1', '1'], []]);
  });

  it('are used together, each for its own values', async () => {
    const { variants } = counted(2);
    const wanted = [{ variants: theOnly('one'), values: { time: '7' } }, { variants, values: { time: '7' } }, { variants, values: {} }];
    expect(await useAll(wanted, (all) => Promise.resolve(all))).toEqual(['one', 'made 7', 'first']);
  });
});
