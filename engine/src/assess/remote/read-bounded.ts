/** The text of a response; throws as soon as it is longer than `bytesMax`, so that a wrong service cannot fill our memory. */
export async function readBounded(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`Expected at most ${bytesMax} bytes, came more.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
