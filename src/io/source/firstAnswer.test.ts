import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { createFirstAnswer } from './firstAnswer.ts';

const never = new AbortController().signal;
const down = (): Promise<never> => Promise.reject(new GatewayError('UPSTREAM_FAILED', 'down'));

describe('the first answer of several places', () => {
  it('asks in order, and those in trouble last until they have been left alone for a while', async () => {
    const places = createFirstAnswer(['a', 'b', 'c'], 50);
    const asked: string[] = [];
    const ask = (place: string): Promise<string> => (asked.push(place), place === 'a' ? down() : Promise.resolve(place));
    expect(await places.ask(never, ask)).toBe('b');
    expect(await places.ask(never, ask)).toBe('b');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await places.ask(never, ask)).toBe('b');
    expect(asked).toEqual(['a', 'b', 'b', 'a', 'b']);
  });

  it('asks even those in trouble when there are no others (danger: down for a minute after one failure)', async () => {
    const places = createFirstAnswer(['a']);
    let up = false;
    const ask = (place: string): Promise<string> => (up ? Promise.resolve(place) : down());
    await expect(places.ask(never, ask)).rejects.toMatchObject({ message: 'down' });
    up = true;
    expect(await places.ask(never, ask)).toBe('a');
  });

  it('throws the error of the preferred place', async () => {
    const places = createFirstAnswer(['a', 'b']);
    await expect(places.ask(never, (place) => Promise.reject(new GatewayError('UPSTREAM_TIMEOUT', place)))).rejects.toMatchObject({ message: 'a' });
  });

  it('does not go on after an abort or a mistake of our own', async () => {
    const places = createFirstAnswer(['a', 'b']);
    const asked: string[] = [];
    const abort = new AbortController();
    const aborted = places.ask(abort.signal, (place) => {
      asked.push(place);
      abort.abort(new Error('left'));
      return down();
    });
    await expect(aborted).rejects.toThrow('left');
    await expect(places.ask(never, (place) => (asked.push(place), Promise.reject(new TypeError('bug'))))).rejects.toThrow('bug');
    expect(asked).toEqual(['a', 'a']);
  });
});
