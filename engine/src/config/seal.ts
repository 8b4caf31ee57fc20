import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { CerberusError } from '@cerberusmesh/contract/errors';

const prefix = 'enc:v1:';
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

// A master key may be a pass phrase, so guessing must cost: about 80 ms and 32 MB for each value and guess.
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

export function isSealed(value: string): boolean {
  return value.startsWith('enc:');
}

/**
 * Seals `value` for the setting `name` (its environment variable) as `enc:v1:…`: AES-256-GCM under a key drawn from
 * `masterKey` with a salt of its own. The name is bound in, so a sealed value opens in no other setting.
 */
export function seal(value: string, name: string, masterKey: string): string {
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', drawKey(masterKey, salt), nonce);
  cipher.setAAD(boundText(name));
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return prefix + Buffer.concat([salt, nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** Opens what `seal` made. Throws BAD_SECRET for another form, another master key, another setting or a changed byte. */
export function openSealed(sealed: string, name: string, masterKey: string): string {
  const packed = Buffer.from(sealed.slice(prefix.length), 'base64url');
  const bodyStart = saltBytes + nonceBytes + tagBytes;
  if (!sealed.startsWith(prefix) || packed.length < bodyStart) {
    throw new CerberusError(
      'BAD_SECRET',
      `Expected ${prefix} and what \`cerberus secret seal ${name}\` printed after it.`,
    );
  }
  const salt = packed.subarray(0, saltBytes);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    drawKey(masterKey, salt),
    packed.subarray(saltBytes, saltBytes + nonceBytes),
    {
      authTagLength: tagBytes,
    },
  );
  decipher.setAAD(boundText(name));
  decipher.setAuthTag(packed.subarray(saltBytes + nonceBytes, bodyStart));
  try {
    return Buffer.concat([decipher.update(packed.subarray(bodyStart)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new CerberusError(
      'BAD_SECRET',
      `It was sealed for another setting than ${name} or under another master key, or it was changed; seal it again.`,
      cause,
    );
  }
}

function drawKey(masterKey: string, salt: Buffer): Buffer {
  return scryptSync(masterKey, salt, 32, scryptCost);
}

function boundText(name: string): Buffer {
  return Buffer.from(`cerberusmesh ${prefix}${name}`, 'utf8');
}
