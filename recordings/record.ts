/**
 * Records our stories: plays each against a real, prepared Cowrie over SSH or telnet and keeps its log, with the
 * loopback's addresses rewritten to ranges that are kept for documentation.
 *
 * Run: node recordings/record.ts [story …]
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCowrie } from '../engine/test/support/cowrie.ts';
import { type Story, stories } from './stories.ts';
import { createStage } from './visitors.ts';

/** The honeypot's own address in the recordings. */
const honeypotAddress = '192.0.2.10';

const asked = process.argv.slice(2);
for (const story of stories) {
  if (asked.length > 0 && !asked.includes(story.name)) continue;
  const lines = await record(story);
  process.stdout.write(`${story.name}: ${lines} lines\n`);
}

async function record(story: Story): Promise<number> {
  const cowrie = await startCowrie({
    prepare: true,
    sensor: 'recorded-demo',
    telnet: story.telnet ?? false,
    ...(story.userdb ? { userdb: story.userdb } : {}),
  });
  const addresses = new Map<number, string>();
  const { sshPort, telnetPort } = cowrie;
  try {
    await story.play(createStage({ sshPort, telnetPort, note: (port, address) => addresses.set(port, address) }));
    // The end of the process writes what Cowrie still holds back.
    await cowrie.end();
    const text = await readFile(cowrie.logPath, 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => rewrite(line, addresses, sshPort, telnetPort));
    const folder = join(import.meta.dirname, story.name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'cowrie.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'story.md'), describe(story, lines));
    return lines.length;
  } finally {
    await cowrie.stop();
  }
}

/** Keeps the line as Cowrie wrote it but for the addresses, so that a reader is tested on real lines. */
function rewrite(
  line: string,
  addresses: ReadonlyMap<number, string>,
  sshPort: number,
  telnetPort: number | null,
): string {
  const sourcePort = Number(/"src_port":(\d+)/.exec(line)?.[1]);
  const address = addresses.get(sourcePort);
  if (address === undefined) throw new Error(`no visitor of ours came from port ${sourcePort}: ${line.slice(0, 200)}`);
  return line
    .replace('"src_ip":"127.0.0.1"', `"src_ip":"${address}"`)
    .replace(`127.0.0.1:${sourcePort}`, `${address}:${sourcePort}`)
    .replace('"dst_ip":"127.0.0.1"', `"dst_ip":"${honeypotAddress}"`)
    .replace(`"dst_port":${sshPort},`, '"dst_port":2222,')
    .replace(`"dst_port":${telnetPort},`, '"dst_port":2223,')
    .replace(`(127.0.0.1:${sshPort})`, `(${honeypotAddress}:2222)`)
    .replace(`(127.0.0.1:${telnetPort})`, `(${honeypotAddress}:2223)`)
    .replaceAll('127.0.0.1', address);
}

function describe({ title, tells }: Story, lines: readonly string[]): string {
  const events = lines.map((line) => /"eventid":"([^"]+)"/.exec(line)?.[1] ?? 'unknown');
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event, (counts.get(event) ?? 0) + 1);
  const sources = new Set(lines.map((line) => /"src_ip":"([^"]+)"/.exec(line)?.[1]));
  const sessions = new Set(lines.map((line) => /"session":"([^"]+)"/.exec(line)?.[1]));
  return [
    `# ${title}`,
    '',
    ...tells.flatMap((paragraph) => [paragraph, '']),
    `Recorded by us on a real Cowrie that was prepared: ${lines.length} lines, ${sessions.size} sessions, ${sources.size} addresses.`,
    'The commands are our own; addresses are from the ranges that are kept for documentation.',
    '',
    '| event | lines |',
    '|---|---:|',
    ...[...counts].sort(([a], [b]) => a.localeCompare(b)).map(([event, count]) => `| ${event} | ${count} |`),
    '',
  ].join('\n');
}
