import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What `npx cerberus` runs. */
export const cerberusScript = join(import.meta.dirname, '..', '..', 'bin', 'cerberus.mjs');

export interface EngineProcess {
  readonly child: ChildProcess;
  /** Everything it wrote so far. */
  said(): string;
  /** Resolves with the first group of `form` as soon as it was said; rejects when the process ends before. */
  untilSaid(form: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves with its exit code when it has ended by itself. */
  untilEnd(): Promise<number | null>;
}

/** Runs `cerberus <args>` as a process of its own, so that it can be killed. */
export function startProcess(args: readonly string[], env: Record<string, string>): EngineProcess {
  const child = spawn(process.execPath, [cerberusScript, ...args], {
    // A decoy only where a test is about it: each is a process with threads. Nobody in the control group, which is chance.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', CERBERUS_DECOY: 'false', CERBERUS_CONTROL_SHARE: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close');
  return {
    child,
    said: () => text,
    untilSaid(form) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = form.exec(text);
          if (found) resolve(found[1] ?? found[0]);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`It ended before it said ${form}: ${text.slice(-2000)}`)));
        look();
      });
    },
    async untilEnd() {
      const [code] = await ended;
      return code;
    },
    async kill(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}
