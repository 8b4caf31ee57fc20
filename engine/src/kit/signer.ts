import { createPrivateKey, createPublicKey, hkdfSync, sign, verify } from 'node:crypto';

export interface Signer {
  sign(bytes: Uint8Array): Buffer;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
  /** PEM, for whoever wants to check a signature elsewhere. */
  readonly publicKey: string;
}

/** What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 signatures under a key that is drawn from `secret` for one purpose: nothing that was signed for another is good here. */
export function createSigner(secret: Uint8Array, purpose: string): Signer {
  const seed = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return {
    sign: (bytes) => sign(null, bytes, privateKey),
    verify: (bytes, signature) => verify(null, bytes, publicKey, signature),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  };
}
