import './ssh/secret-keys.ts';

import { createInterface } from 'node:readline';
import { type DecoyReport, DecoySettings, StopOrder, TrapOrder } from '@cerberusmesh/contract/decoy';
import { WorldAnswer, type WorldRequest } from '@cerberusmesh/contract/decoy-world';
import { z } from 'zod';
import { type Decoy, startDecoy } from './decoy.ts';
import { plantTrap } from './trap.ts';
import { createEngineKeeper } from './world/engine-keeper.ts';

const FromEngine = z.union([TrapOrder, StopOrder, WorldAnswer]);
const worldAnswerMs = 1_500;
const engine = createEngineKeeper({ ask: say, answerMs: worldAnswerMs });

/**
 * A decoy in its own process. Its first line of standard input is its settings, each further one an order; reports go
 * to standard output, first of all where it listens, or why not. It ends when it is told to or its standard input ends, so
 * that it never outlives who started it.
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
    const decoy = await startDecoy(settings, settings.worlds === 'engine' ? engine.keeper : undefined);
    say({
      kind: 'up',
      ports: decoy.ports,
      logPath: decoy.logPath,
      hostname: decoy.ground.persona.hostname,
    });
    const heard = listen(lines, decoy);
    await Promise.race([heard, stopped]);
    await decoy.close();
    process.exit(0);
  } catch (error) {
    say({ kind: 'failed', why: error instanceof Error ? error.message : String(error), code: codeOf(error) });
    process.exit(1);
  }
}

/**
 * Orders and answers come from the engine alone; one that is not of the form is an error of ours and ends the decoy
 * loudly. Resolves when it is to stop; answers are heard after that too, because worlds are kept last.
 */
function listen(lines: AsyncIterator<string>, { ground }: Decoy): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  void hearAll().then(resolve, reject);
  return promise;

  async function hearAll(): Promise<void> {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const heard = FromEngine.parse(JSON.parse(line.value));
      if (heard.kind === 'trap') void plantTrap(ground, heard).then(say);
      else if (heard.kind === 'stop') resolve();
      else engine.hear(heard);
    }
    engine.end();
  }
}

function say(message: DecoyReport | WorldRequest): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : null;
}

await main();
