import { describe, expect, it } from 'vitest';
import { imageFormatOf } from './imageFormat.ts';

describe('imageFormatOf', () => {
  it.each([
    ['image/png', 'image/png'],
    ['image/png; mode=8bit', 'image/png'],
    ['IMAGE/PNG', 'image/png'],
    ['image/png8', 'image/png'],
    ['image/x-png', 'image/png'],
    ['image/jpg', 'image/jpeg'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
    ['image/gif', null],
    ['text/html', null],
    ['', null],
    ['png/../..', null],
  ])("reads '%s' as %s", (text, format) => {
    expect(imageFormatOf(text)).toBe(format);
  });
});
