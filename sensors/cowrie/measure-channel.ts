/**
 * What being prepared costs a visitor: time from asking for a shell channel to its prompt, on one connection.
 * Run: node sensors/cowrie/measure-channel.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'ssh2';
import { withSettings } from '../../engine/src/act/cowrie/config-file.ts';
import { type RealCowrie, startCowrie } from '../../engine/test/support/cowrie.ts';

const channels = 40;

const plain = await startCowrie();
const prepared = await startCowrie({ prepare: true });
const whole = await startCowrie({ prepare: true });
await useWholeTree(whole);
const results = {
  plain: await measure(plain.sshPort),
  prepared: await measure(prepared.sshPort),
  preparedWithCowriesWholeTree: await measure(whole.sshPort),
};
process.stdout.write(`${JSON.stringify(results)}\n`);
for (const cowrie of [plain, prepared, whole]) await cowrie.stop();

/** As an operator would have it who sets contents_path and keeps the packaged pickle. */
async function useWholeTree(cowrie: RealCowrie): Promise<void> {
  const path = join(cowrie.dir, 'etc/cowrie.cfg');
  const text = await readFile(path, 'utf8');
  await writeFile(path, withSettings(text, [{ section: 'shell', key: 'filesystem', value: '' }]));
  await cowrie.restart();
}

async function measure(port: number): Promise<{ p50Ms: number; p95Ms: number }> {
  const client = new Client();
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject);
    client.connect({ host: '127.0.0.1', port, username: 'root', password: 'a-guess' });
  });
  const times: number[] = [];
  for (let index = 0; index < channels; index++) times.push(await openAndClose(client));
  client.end();
  times.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((times[Math.floor(share * times.length)] ?? 0) * 10) / 10;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

function openAndClose(client: Client): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    client.shell((error, channel) => {
      if (error) return reject(error);
      let shown = '';
      let took = 0;
      channel.on('data', (bytes: Buffer) => {
        shown += bytes.toString();
        if (took > 0 || !/[#$] $/.test(shown)) return;
        took = performance.now() - started;
        channel.write('exit\n');
      });
      channel.on('close', () => resolve(took));
    });
  });
}
