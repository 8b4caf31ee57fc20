import { spawn } from 'node:child_process';
import { clientEnvironment } from './clients.ts';

/** What must have been shown since the last answer, and what is typed then; `now` waits for nothing. */
export type Answer = readonly [RegExp | 'now', string];

/** Runs a real client and answers as soon as what it shows fits. Resolves with all that it showed, when it has ended. */
export function talk(program: string, args: readonly string[], script: readonly Answer[]): Promise<string> {
  const child = spawn(program, args, { env: clientEnvironment(), detached: true });
  const waiting = [...script];
  let all = '';
  let sinceAnswer = '';
  child.stdout.on('data', (bytes: Buffer) => {
    all += bytes.toString('latin1');
    sinceAnswer += bytes.toString('latin1');
    answer();
  });
  child.stdin.on('error', () => undefined);
  answer();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(all));
  });

  function answer(): void {
    const [next] = waiting;
    if (!next || (next[0] !== 'now' && !next[0].test(sinceAnswer))) return;
    waiting.shift();
    sinceAnswer = '';
    child.stdin.write(`${next[1]}\n`);
  }
}
