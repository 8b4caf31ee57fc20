import type { ShellKind } from '../shell/shell-kind.ts';
import { isUnfinished } from '../shell/statements.ts';
import { openShell, tellInput, type Visit } from '../shell/visit.ts';
import { wantsInput } from '../shell/wants-input.ts';
import { createTurns, type Outlet } from './turns.ts';

export interface PipedPort {
  readonly write: (bytes: Uint8Array, isError: boolean) => void;
  /** Where `write` writes to. */
  readonly outlet: Outlet;
  readonly close: (status: number) => void;
}

const waitingMax = 1024 * 1024;

/**
 * A shell that reads its lines from a pipe, as `ssh -T HOST` and `ssh HOST sh` have it: no prompt, no echo, each line run when it
 * came. A program that reads gets all that follows, since the shell and it share one input.
 */
export function startPiped(visit: Visit, kind: ShellKind, { write, outlet, close }: PipedPort) {
  const shell = openShell(visit, { name: null, columns: () => 80 }, { write, ask: async () => null }, kind);
  let waiting = Buffer.alloc(0);
  /** Up to here what waits is no whole command. */
  let lookedTo = 0;
  let isEnded = false;
  let isOpen = true;
  let stopJob: (() => void) | undefined;
  const next = createTurns(outlet, takeLine);
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

  /** Runs the next whole command, which may be several lines. @returns whether there is more to look at. */
  function takeLine(): boolean {
    if (!isOpen || stopJob) return false;
    const end = waiting.indexOf(0x0a, lookedTo);
    const isLast = end < 0;
    if (isLast && !(isEnded && waiting.length > 0)) {
      if (isEnded) finish(shell.state().status);
      return false;
    }
    const text = waiting.toString('utf8', 0, isLast ? waiting.length : end);
    if (!isLast && text.length < 65_536 && isUnfinished(text)) {
      // Each look may take its whole time, and thousands of lines may have come at once.
      lookedTo = end + 1;
      return true;
    }
    lookedTo = 0;
    waiting = waiting.subarray(isLast ? waiting.length : end + 1);
    start(text);
    return false;
  }

  function start(line: string): void {
    if (!wantsInput(line)) {
      void runLine(line, new Uint8Array());
      return;
    }
    if (!isEnded) {
      waiting = Buffer.concat([Buffer.from(`${line}\n`), waiting]);
      return;
    }
    const stdin = waiting;
    waiting = Buffer.alloc(0);
    void runLine(line, stdin);
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
