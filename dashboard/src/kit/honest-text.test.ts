import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { honestParts, honestText } from './honest-text.ts';

/** Where the odd ones are, and everywhere. */
const codePoint = fc.oneof(
  fc.integer({ min: 0, max: 0x2100 }),
  fc.integer({ min: 0xfe00, max: 0xffff }),
  fc.integer({ min: 0, max: 0x10_ffff }),
);

describe('a text of a stranger', () => {
  it.each([
    ['invoice_\u202egpj.exe', 'invoice_‹RLO›gpj.exe'],
    ['a\u200db \u3164\ufe0f', 'a‹ZWJ›b ‹U+3164›‹U+FE0F›'],
    [`z${'\u0301'.repeat(40)}x`, 'z‹40 stacked marks›x'],
    ['\ud800 \u{e0041}', '‹U+D800› ‹U+E0041›'],
    ['plain ascii', 'plain ascii'],
    ['Привет, ελλάδα, שלום, नमस्ते, café', 'Привет, ελλάδα, שלום, नमस्ते, café'],
  ])('%j is shown as %s', (text, shown) => {
    expect(honestText(text)).toBe(shown);
  });

  it('says which letters of a Latin word are of another alphabet, and lets words of one alphabet be', () => {
    expect(honestParts('wget p\u0430yp\u0430l Привет').filter(({ as }) => as === 'lookalike')).toHaveLength(2);
    expect(honestParts('Привет мир').every(({ as }) => as === 'text')).toBe(true);
  });

  it('is told whole: nothing but odd characters is replaced, and none is left', () => {
    fc.assert(
      fc.property(fc.array(codePoint, { maxLength: 60 }), (codes) => {
        const text = String.fromCodePoint(...codes);
        const parts = honestParts(text);
        const letters = parts.filter(({ as }) => as !== 'name').map((part) => part.text);
        expect(text.includes(letters.join('')) || parts.some(({ as }) => as === 'name')).toBe(true);
        expect(letters.join('')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u);
      }),
    );
  });
});
