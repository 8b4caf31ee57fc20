import { createCipheriv, createDecipheriv, randomBytes, scrypt, scryptSync } from 'node:crypto';
import { promisify } from 'node:util';
import { CerberusError } from '@cerberusmesh/contract/errors';

const prefix = 'enc:v1:';
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const bodyStart = saltBytes + nonceBytes + tagBytes;

// A master key may be a pass phrase, so guessing must cost: about 80 ms and 32 MB for each value and guess.
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** Whether it says of itself that it is sealed; whether it opens is another question. */
export function isSealed(value: string): boolean {
  return value.startsWith('enc:');
}

/**
 * Seals `value` for the setting `name` (its environment variable) as `enc:v1:…`: AES-256-GCM under a key drawn from
 * `masterKey` with a salt of its own. The name is bound in, so a sealed value opens in no other setting.
 */
export function seal(value: string, name: string, masterKey: string): string {
  const salt = randomBytes(saltBytes);
  return sealWith(drawKey(masterKey, salt), salt, value, name);
}

/** The same without holding up the event loop, for a program that does other things meanwhile. */
export async function sealAside(value: string, name: string, masterKey: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return sealWith(await drawKeyAside(masterKey, salt), salt, value, name);
}

/** Opens what `seal` made. Throws BAD_SECRET for another form, another master key, another setting or a changed byte. */
export function openSealed(sealed: string, name: string, masterKey: string): string {
  const packed = unpack(sealed, name);
  return openWith(drawKey(masterKey, packed.subarray(0, saltBytes)), packed, name);
}

/** The same without holding up the event loop. */
export async function openSealedAside(sealed: string, name: string, masterKey: string): Promise<string> {
  const packed = unpack(sealed, name);
  return openWith(await drawKeyAside(masterKey, packed.subarray(0, saltBytes)), packed, name);
}

function sealWith(key: Buffer, salt: Buffer, value: string, name: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(boundText(name));
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return prefix + Buffer.concat([salt, nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function unpack(sealed: string, name: string): Buffer {
  const packed = Buffer.from(sealed.slice(prefix.length), 'base64url');
  if (sealed.startsWith(prefix) && packed.length >= bodyStart) return packed;
  throw new CerberusError(
    'BAD_SECRET',
    `Expected ${prefix} and what \`cerberus secret seal ${name}\` printed after it.`,
  );
}

function openWith(key: Buffer, packed: Buffer, name: string): string {
  const nonce = packed.subarray(saltBytes, saltBytes + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
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

async function drawKeyAside(masterKey: string, salt: Buffer): Promise<Buffer> {
  return await scryptAside(masterKey, salt, 32, scryptCost);
}

const scryptAside = promisify<string, Buffer, number, object, Buffer>(scrypt);

function boundText(name: string): Buffer {
  return Buffer.from(`cerberusmesh ${prefix}${name}`, 'utf8');
}
