import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PickleValue, readPickle, writePickle } from './pickle.ts';

const { tree } = fc.letrec<{ tree: PickleValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.array(tie('tree'), { maxLength: 8 }),
  ),
}));

describe('a file system pickle', () => {
  it('says the same after it was written and read', () => {
    fc.assert(
      fc.property(tree, (value) => {
        // A whole double and an int are one number in JavaScript, and minus zero is written as the int 0.
        expect(normalZero(readPickle(writePickle(value)))).toEqual(normalZero(value));
      }),
    );
  });

  it('never does anything but give a value or refuse, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readPickle(bytes);
        } catch (error) {
          expect(error).toMatchObject({ name: 'PickleError' });
        }
      }),
    );
  });

  it('refuses a pickle that names a class', () => {
    const evil = Buffer.from('\x80\x04\x8c\x02os\x8c\x06system\x93.', 'latin1');
    expect(() => readPickle(evil)).toThrow(/instruction 0x93 at 14/);
  });

  it('refuses one that is cut', () => {
    const whole = writePickle(['/', 1, 0]);
    expect(() => readPickle(whole.subarray(0, -4))).toThrow(/ends at/);
  });

  it('refuses more values and more depth than the bounds', () => {
    const deep = writePickle([[[[1]]]]);
    expect(() => readPickle(deep, { valuesMax: 3, depthMax: 10 })).toThrow(/more than 3 values/);
    expect(() => writePickle([[[[1]]]], { valuesMax: 100, depthMax: 2 })).toThrow(/2 deep/);
  });

  it('does not follow a list that holds itself for ever when it writes', () => {
    const own: PickleValue[] = [];
    own.push(own);
    expect(() => writePickle(own)).toThrow(/deep/);
  });
});

function normalZero(value: PickleValue): PickleValue {
  if (Array.isArray(value)) return value.map(normalZero);
  return value === 0 ? 0 : value;
}
