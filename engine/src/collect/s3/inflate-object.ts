import { reasonOf } from '../../kit/reason-of.ts';
import { bunzip2 } from '../bunzip2.ts';
import { gunzip } from '../gunzip.ts';

/** Inflated, so many times its bytes may be read of an object: Cowrie's own logs come to 10 to 20. */
export const inflationMax = 32;

export type ObjectPiece =
  | { readonly kind: 'bytes'; readonly chunk: Buffer }
  /** Nothing more can be had of this content, however often it is asked for. */
  | { readonly kind: 'damaged'; readonly why: string };

/** The text of an object, plain, gzip or bzip2 by its first bytes. Throws what the connection threw: then it is asked for again. */
export async function* inflateObject(
  body: AsyncIterable<Uint8Array>,
  textBytesMax: number,
): AsyncGenerator<ObjectPiece> {
  const input = rereadable(body);
  const head = await input.head(4);
  let textBytes = 0;
  try {
    for await (const chunk of decoded(head, input.chunks())) {
      textBytes += chunk.length;
      if (textBytes > textBytesMax) {
        yield { kind: 'damaged', why: `its text has more than ${textBytesMax} bytes` };
        return;
      }
      yield { kind: 'bytes', chunk };
    }
  } catch (error) {
    if (input.broke()) throw error;
    yield { kind: 'damaged', why: reasonOf(error) };
  }
}

function decoded(head: Buffer, chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const magic = head.toString('latin1');
  if (magic.startsWith('\x1f\x8b')) return gunzip(chunks);
  return /^BZh[1-9]/.test(magic) ? bunzip2(chunks) : chunks;
}

/** Lets the first bytes be looked at, and remembers whether it was the connection that failed. */
function rereadable(body: AsyncIterable<Uint8Array>) {
  const iterator = body[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let broke = false;

  return {
    broke: () => broke,
    async head(bytes: number): Promise<Buffer> {
      for (let length = 0; length < bytes; ) {
        const chunk = await next();
        if (chunk === undefined) break;
        held.push(chunk);
        length += chunk.length;
      }
      return Buffer.concat(held).subarray(0, bytes);
    },
    async *chunks(): AsyncGenerator<Buffer> {
      try {
        yield* held.splice(0);
        for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
      } finally {
        await iterator.return?.();
      }
    },
  };

  async function next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await iterator.next();
      return done ? undefined : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    } catch (error) {
      broke = true;
      throw error;
    }
  }
}
