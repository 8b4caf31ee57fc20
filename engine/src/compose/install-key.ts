import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A key of this installation, made at the first start: it marks the visits of our own probe, so that nobody else can
 * keep his out of the statistics.
 */
export async function openInstallKey(dataDir: string): Promise<Buffer> {
  const file = join(dataDir, 'install.key');
  const known = await findInstallKey(dataDir);
  if (known) return known;
  await mkdir(dataDir, { recursive: true });
  // Two processes may start at once: `link` lets exactly one of them name the file.
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
    await link(draft, file).catch(() => undefined);
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKey(file);
  if (!made) throw new Error(`${file} is no key: expected 64 hexadecimal digits; remove it to have a new one made`);
  return made;
}

/** The same where there is one. */
export async function findInstallKey(dataDir: string): Promise<Buffer | undefined> {
  return await readKey(join(dataDir, 'install.key'));
}

async function readKey(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^[0-9a-f]{64}$/.test(text.trim()) ? Buffer.from(text.trim(), 'hex') : undefined;
}
