/**
 * `fetch` for a configured address and nowhere else: a redirect is an error, because it would let the other side choose
 * where we go, and an answer that is larger than `bytesMax` ends as an error instead of filling the memory.
 */
export function createBoundedFetch(bytesMax: number): typeof fetch {
  return async function boundedFetch(input, init) {
    const response = await fetch(input, { ...init, redirect: 'error' });
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(limit(bytesMax)), { status, statusText, headers });
  };
}

function limit(bytesMax: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) controller.error(new Error(`the answer is larger than ${bytesMax} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
