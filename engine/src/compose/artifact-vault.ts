import { hash, hkdf, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { openSealedBytes, sealBytes } from '../kit/seal-bytes.ts';
import type { Secret } from '../kit/secret.ts';

export interface ArtifactVault {
  seal(sha256: string, content: Buffer): Promise<Buffer>;
  /** @throws CerberusError BAD_SECRET where the key is not the one that it was sealed under. */
  open(sha256: string, sealed: Buffer): Promise<Buffer>;
}

const keyNumbers = { installation: 0, master: 1 } as const;
const boundText = 'cerberusmesh artifacts';

/**
 * Contents are compressed and sealed under the master key; without one under the key in the state folder, which keeps them
 * from whoever has only the database. What was sealed before a master key was set still opens.
 */
export function createArtifactVault(parts: {
  readonly masterKey: Secret | null;
  readonly installKey: Uint8Array;
  readonly contentBytesMax: number;
}): ArtifactVault {
  const { masterKey, installKey, contentBytesMax } = parts;
  let keys: Promise<ReadonlyMap<number, Uint8Array>> | undefined;

  return {
    async seal(sha256, content) {
      const known = await drawnKeys();
      const number = masterKey === null ? keyNumbers.installation : keyNumbers.master;
      const key = known.get(number);
      if (!key) throw new Error('no key was drawn');
      return sealBytes(key, number, await compress(content), sha256);
    },
    async open(sha256, sealed) {
      const known = await drawnKeys();
      const packed = openSealedBytes((number) => known.get(number), sealed, sha256);
      const content = packed && (await inflate(packed, { maxOutputLength: Math.max(1, contentBytesMax) }));
      if (content && hash('sha256', content) === sha256) return content;
      throw new CerberusError(
        'BAD_SECRET',
        'An artifact does not open: it was sealed under another CERBERUS_MASTER_KEY or in another installation, or was changed.',
      );
    },
  };

  /** At the first use: drawing a key from a pass phrase takes 80 ms on purpose. */
  function drawnKeys(): Promise<ReadonlyMap<number, Uint8Array>> {
    keys ??= drawKeys(masterKey, installKey);
    return keys;
  }
}

const compress = promisify(gzip);
const inflate = promisify<Buffer, object, Buffer>(gunzip);
const scryptAside = promisify<string, string, number, object, Buffer>(scrypt);
const hkdfAside = promisify(hkdf);

async function drawKeys(masterKey: Secret | null, installKey: Uint8Array): Promise<ReadonlyMap<number, Uint8Array>> {
  const own = new Uint8Array(await hkdfAside('sha256', installKey, '', boundText, 32));
  const keys = new Map<number, Uint8Array>([[keyNumbers.installation, own]]);
  // The salt is fixed, so that every machine with the same master key opens what another one sealed.
  const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
  if (masterKey) keys.set(keyNumbers.master, await scryptAside(masterKey.reveal(), boundText, 32, cost));
  return keys;
}
