import { type DecoyReport, DecoySettings } from '@cerberusmesh/contract/decoy';
import { startDecoy } from './decoy.ts';

/**
 * A decoy in its own process: settings come as one JSON line on standard input, and the first line on standard output
 * says where it listens, or why not. It ends when its standard input ends, so that it never outlives who started it.
 */
async function main(): Promise<void> {
  const settings = DecoySettings.parse(JSON.parse(await readLine()));
  try {
    const decoy = await startDecoy(settings);
    say({ kind: 'up', ports: decoy.ports, logPath: decoy.logPath, hostname: decoy.ground.persona.hostname });
    await ended();
    await decoy.close();
    process.exit(0);
  } catch (error) {
    say({ kind: 'failed', why: error instanceof Error ? error.message : String(error), code: codeOf(error) });
    process.exit(1);
  }
}

function say(message: DecoyReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function readLine(): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', function take(chunk: string) {
      text += chunk;
      if (!text.includes('\n')) return;
      process.stdin.off('data', take);
      resolve(text.slice(0, text.indexOf('\n')));
    });
    process.stdin.once('end', () => reject(new Error('No settings came on standard input.')));
  });
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.resume();
    process.stdin.once('end', () => resolve());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
}

await main();
