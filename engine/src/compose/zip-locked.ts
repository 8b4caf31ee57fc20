/**
 * A zip of one file that opens only with the password (AES-256), so that neither a mail filter, a virus scanner nor a
 * careless click opens what is in it.
 */
export async function zipLocked(name: string, content: Buffer, password: string): Promise<Buffer> {
  const { BlobWriter, Uint8ArrayReader, ZipWriter, configure } = await import('@zip.js/zip.js');
  configure({ useWebWorkers: false });
  const zip = new ZipWriter(new BlobWriter('application/zip'), { password, encryptionStrength: 3 });
  await zip.add(name, new Uint8ArrayReader(content));
  return Buffer.from(await (await zip.close()).arrayBuffer());
}
