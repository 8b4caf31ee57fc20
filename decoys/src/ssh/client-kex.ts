import { createHash } from 'node:crypto';

/** What a client offers in its first packet, and the fingerprint that follows from it. */
export interface ClientKex {
  readonly hassh: string;
  readonly hasshAlgorithms: string;
  readonly kexAlgs: readonly string[];
  readonly keyAlgs: readonly string[];
  readonly encCS: readonly string[];
  readonly macCS: readonly string[];
  readonly compCS: readonly string[];
  readonly langCS: readonly string[];
}

export interface ClientHello {
  readonly version?: string;
  readonly kex?: ClientKex;
}

const helloBytesMax = 16_384;

/**
 * Reads a client's version line and KEXINIT out of the first bytes of a connection, which are not encrypted. Feed it
 * until it says that it is done; it keeps at most 16 KiB.
 */
export function createHelloReader() {
  let bytes = Buffer.alloc(0);
  let isDone = false;
  return function feed(chunk: Buffer): ClientHello | undefined {
    if (isDone) return undefined;
    bytes = Buffer.concat([bytes, chunk]).subarray(0, helloBytesMax);
    const lineEnd = bytes.indexOf(0x0a);
    if (lineEnd < 0) return bytes.length >= 512 ? finish({ version: bytes.toString('latin1', 0, 255) }) : undefined;
    const version = bytes.toString('latin1', 0, lineEnd).replace(/\r$/, '').slice(0, 255);
    if (!version.startsWith('SSH-')) return finish({ version });
    const packet = bytes.subarray(lineEnd + 1);
    if (packet.length < 5) return undefined;
    const length = packet.readUInt32BE(0);
    if (length > helloBytesMax) return finish({ version });
    if (packet.length < length + 4) return undefined;
    const kex = readKexInit(packet.subarray(5, 4 + length));
    return finish(kex ? { version, kex } : { version });
  };

  function finish(hello: ClientHello): ClientHello {
    isDone = true;
    bytes = Buffer.alloc(0);
    return hello;
  }
}

/** The name lists of a KEXINIT payload (RFC 4253, 7.1); undefined where it is none. */
export function readKexInit(payload: Buffer): ClientKex | undefined {
  if (payload[0] !== 20) return undefined;
  const lists: string[][] = [];
  let at = 17;
  for (let index = 0; index < 10; index++) {
    if (at + 4 > payload.length) return undefined;
    const length = payload.readUInt32BE(at);
    if (at + 4 + length > payload.length) return undefined;
    const text = payload.toString('latin1', at + 4, at + 4 + length);
    lists.push(text === '' ? [] : text.split(','));
    at += 4 + length;
  }
  const [kexAlgs = [], keyAlgs = [], encCS = [], , macCS = [], , compCS = [], , langCS = []] = lists;
  const hasshAlgorithms = [kexAlgs, encCS, macCS, compCS].map((names) => names.join(',')).join(';');
  return {
    hassh: createHash('md5').update(hasshAlgorithms).digest('hex'),
    hasshAlgorithms,
    kexAlgs,
    keyAlgs,
    encCS,
    macCS,
    compCS,
    langCS,
  };
}
