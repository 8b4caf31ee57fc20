import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { passwordCharactersMin } from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';

/** 2^`lnN` rounds over 8 blocks, `p` times. */
export interface ScryptCost {
  readonly lnN: number;
  readonly p: number;
}

/** OWASP's third choice of equal strength: 32 MiB a guess instead of 128, so that many sign-ins at once do not cost a gigabyte. */
const usualCost: ScryptCost = { lnN: 15, p: 3 };
const form = /^\$scrypt\$ln=(\d{1,2}),r=8,p=(\d)\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;
const atOnceMax = 4;
const memoryMax = 64 * 1024 * 1024;
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

export interface Passwords {
  hash(password: string): Promise<string>;
  /** Takes as long for somebody who has no password, or does not exist. */
  matches(password: string, hash: string | null): Promise<boolean>;
}

/** Hashes beside the event loop, a few at once: whoever comes beyond that is sent away, so that a flood costs no memory. */
export function createPasswords(cost: ScryptCost = usualCost): Passwords {
  let running = 0;

  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await draw(password, salt, cost);
      return `$scrypt$ln=${cost.lnN},r=8,p=${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },
    async matches(password, hash) {
      const [, lnN, p, salt = '', key] = form.exec(hash ?? '') ?? [];
      // What a hash was made with holds for it, so that the usual cost may grow.
      const its = key === undefined ? cost : { lnN: Number(lnN), p: Number(p) };
      const drawn = await draw(password, Buffer.from(salt, 'base64url'), its);
      return key !== undefined && timingSafeEqual(drawn, Buffer.from(key, 'base64url'));
    },
  };

  async function draw(password: string, salt: Buffer, { lnN, p }: ScryptCost): Promise<Buffer> {
    if (running >= atOnceMax)
      throw new CerberusError('RATE_LIMITED', 'Many people sign in at this moment; try again in a second.');
    running++;
    try {
      // Normalised: the same letters typed on another keyboard may be other bytes.
      return await derive(password.normalize('NFKC'), salt, 32, { N: 2 ** lnN, r: 8, p, maxmem: memoryMax });
    } finally {
      running--;
    }
  }
}

/** Why nobody should have this password; undefined where nothing speaks against it. */
export function faultOfPassword(password: string, name: string): string | undefined {
  if ([...password].length < passwordCharactersMin) return `Take at least ${passwordCharactersMin} characters.`;
  const lower = password.toLowerCase();
  if (new Set(lower).size < 5) return 'Take more than a few different characters.';
  if (lower.replaceAll(name.toLowerCase(), '').length < passwordCharactersMin / 2)
    return 'The name is most of the password.';
  return undefined;
}
