import { createInterface } from 'node:readline';
import { type DecoyReport, DecoySettings, TrapOrder } from '@cerberusmesh/contract/decoy';
import { type Decoy, startDecoy } from './decoy.ts';
import { plantTrap } from './trap.ts';

/**
 * A decoy in its own process. Its first line of standard input is its settings, each further one an order; reports go
 * to standard output, first of all where it listens, or why not. It ends when its standard input ends, so that it never
 * outlives who started it.
 */
async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) throw new Error('No settings came on standard input.');
  const settings = DecoySettings.parse(JSON.parse(first.value));
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    const decoy = await startDecoy(settings);
    say({
      kind: 'up',
      ports: decoy.ports,
      logPath: decoy.logPath,
      hostname: decoy.ground.persona.hostname,
    });
    await Promise.race([obey(lines, decoy), stopped]);
    await decoy.close();
    process.exit(0);
  } catch (error) {
    say({ kind: 'failed', why: error instanceof Error ? error.message : String(error), code: codeOf(error) });
    process.exit(1);
  }
}

/** Orders come from the engine alone; one that is not of the form is an error of ours and ends the decoy loudly. */
async function obey(lines: AsyncIterator<string>, { ground }: Decoy): Promise<void> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const order = TrapOrder.parse(JSON.parse(line.value));
    void plantTrap(ground, order).then(say);
  }
}

function say(message: DecoyReport): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
}

await main();
