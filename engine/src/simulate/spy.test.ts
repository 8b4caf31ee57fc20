import fc from 'fast-check';
import { expect, it } from 'vitest';
import { secretIn } from './spy.ts';

const base64 = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];
const id = 'AKIAQCRH2ZNOF35ORXAT';

it('every secret that is planted is read as a whole, whichever character ends it', () => {
  const secrets = fc.array(fc.constantFrom(...base64), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(secrets, (characters) => {
      const secret = characters.join('');
      expect(secretIn(`[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`)).toEqual({
        id,
        secret,
      });
    }),
    { examples: [[[...'a'.repeat(39), '+']], [[...'a'.repeat(39), '/']]] },
  );
});

it('what has not the form of a key is not typed again', () => {
  const long = `aws_access_key_id = ${id}\naws_secret_access_key = ${'a'.repeat(41)}\n`;
  expect([long, 'cat: /root/.aws/credentials: No such file or directory', `; rm -rf / ${id}`].map(secretIn)).toEqual([
    null,
    null,
    null,
  ]);
});
