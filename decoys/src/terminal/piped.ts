import type { ShellKind } from '../shell/shell-kind.ts';
import { isUnfinished } from '../shell/statements.ts';
import { openShell, tellInput, type Visit } from '../shell/visit.ts';
import { wantsInput } from '../shell/wants-input.ts';

export interface PipedPort {
  readonly write: (bytes: Uint8Array, isError: boolean) => void;
  readonly close: (status: number) => void;
}

const waitingMax = 1024 * 1024;

/**
 * A shell that reads its lines from a pipe, as `ssh -T HOST` and `ssh HOST sh` have it: no prompt, no echo, each line run when it
 * came. A program that reads gets all that follows, since the shell and it share one input.
 */
export function startPiped(visit: Visit, kind: ShellKind, { write, close }: PipedPort) {
  const shell = openShell(visit, { name: null, columns: () => 80 }, { write, ask: async () => null }, kind);
  let waiting = Buffer.alloc(0);
  let isEnded = false;
  let isOpen = true;
  let stopJob: (() => void) | undefined;
  return {
    feed(bytes: Uint8Array) {
      if (!isEnded && waiting.length + bytes.length <= waitingMax) waiting = Buffer.concat([waiting, bytes]);
      next();
    },
    end() {
      isEnded = true;
      next();
    },
    close() {
      isOpen = false;
      stopJob?.();
      shell.close();
    },
  };

  function next(): void {
    if (!isOpen || stopJob) return;
    const line = takeLine();
    if (line === undefined) {
      if (isEnded && waiting.length === 0) finish(shell.state().status);
      return;
    }
    if (wantsInput(line)) {
      if (!isEnded) {
        waiting = Buffer.concat([Buffer.from(`${line}\n`), waiting]);
        return;
      }
      const stdin = waiting;
      waiting = Buffer.alloc(0);
      void runLine(line, stdin);
    } else void runLine(line, new Uint8Array());
  }

  /** The next whole command, which may be several lines. */
  function takeLine(): string | undefined {
    for (let end = waiting.indexOf(0x0a); ; end = waiting.indexOf(0x0a, end + 1)) {
      const isLast = end < 0;
      if (isLast && !(isEnded && waiting.length > 0)) return undefined;
      const text = waiting.toString('utf8', 0, isLast ? waiting.length : end);
      if (!isLast && text.length < 65_536 && isUnfinished(text)) continue;
      waiting = waiting.subarray(isLast ? waiting.length : end + 1);
      return text;
    }
  }

  async function runLine(line: string, stdin: Uint8Array): Promise<void> {
    if (line.trim() !== '') tellInput(visit.events, line);
    const job = shell.run(line, stdin);
    stopJob = job.stop;
    const end = await job.ended;
    // A line that is stuck would be busy until its visitor goes.
    if (end?.isStuck) return;
    stopJob = undefined;
    if (!isOpen) return;
    if (end === null || end.isOver) finish(end?.status ?? 137);
    else next();
  }

  function finish(status: number): void {
    isOpen = false;
    shell.close();
    close(status);
  }
}
