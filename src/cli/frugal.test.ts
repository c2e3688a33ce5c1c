import { describe, expect, it } from 'vitest';
import { frugalEnvironment } from './frugal.ts';

/** Dangers: a server that starts itself again for ever, or over what somebody has set. */

describe('the environment of a server', () => {
  it('is made frugal once, beside what is there', () => {
    const env = frugalEnvironment(['serve', 'a.yaml'], { PORT: '1', NODE_OPTIONS: '--max-semi-space-size=32' }, 'linux')!;
    expect(env).toEqual({ PORT: '1', MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=4 --max-semi-space-size=32' }); // V8 takes the last
    expect(frugalEnvironment(['serve', 'a.yaml'], env, 'linux')).toBeNull();
    expect(frugalEnvironment(['serve'], {}, 'linux')).toEqual({ MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=4' });
  });

  it('is left as somebody chose it, where there is no glibc, and for commands that end', () => {
    expect(frugalEnvironment(['serve'], { MALLOC_ARENA_MAX: '16' }, 'linux')).toBeNull();
    expect(frugalEnvironment(['serve'], {}, 'darwin')).toBeNull();
    expect(frugalEnvironment(['check', 'a.yaml'], {}, 'linux')).toBeNull();
  });
});
