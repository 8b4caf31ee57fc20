import { createGunzip } from 'node:zlib';

/**
 * Inflates all members of a gzip file. Memory is bounded by the largest expansion of one piece (1:1032, so 16 MB).
 * Throws zlib's error at the first damage, after everything that was inflated before it.
 */
export async function* gunzip(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieceBytes = 16 * 1024;
  const inflated: Buffer[] = [];
  let fault: Error | undefined;
  let wake = () => {};
  const stream = createGunzip({ chunkSize: 64 * 1024 });
  // Taken by events and not by iteration: a stream that fails throws away what its reader has not taken yet.
  stream.on('data', (chunk: Buffer) => inflated.push(chunk));
  stream.on('error', (error) => {
    fault = error;
    wake();
  });
  try {
    for await (const chunk of input) {
      for (let at = 0; at < chunk.length; at += pieceBytes) {
        await settled((done) => stream.write(chunk.subarray(at, at + pieceBytes), done));
        yield* inflated.splice(0);
        if (fault) throw fault;
      }
    }
    await settled((done) => stream.once('end', done).end());
    yield* inflated.splice(0);
    if (fault) throw fault;
  } finally {
    stream.destroy();
  }

  function settled(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      start(resolve);
    });
  }
}
