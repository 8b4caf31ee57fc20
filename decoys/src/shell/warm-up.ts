import type { ToWorker } from './messages.ts';
import type { ShellRun } from './run-line.ts';
import type { ShellKind } from './shell-kind.ts';
import type { ShellState } from './shell-memory.ts';

/** Nobody's world, known to the thread alone. */
export const warmWorld = '\0warm';

const line =
  "echo a | cat | grep a | sed s/a/b/ | awk '{print $1}' | sort | uniq -c | head -1 | tail -1 | wc -l | tr a b | cut -c1 >/dev/null; ls -la /etc | xargs echo >/dev/null; find /etc -name passwd; test -e /x; mkdir -p /tmp/w; touch /tmp/w/a; rm -rf /tmp/w; echo a | base64; cat /proc/cpuinfo; which ls; printf %s a; chmod +x /tmp; cp /etc/hosts /tmp/h; mv /tmp/h /tmp/i; echo a | md5sum; date; seq 2; stat /etc; basename /a; dirname /a; for i in 1 2; do echo $i > /tmp/j; done; ps aux; free; w; uname -a; id";

/** The shell that is run to have the interpreter loaded and compiled. */
export function warmRun(kind: ShellKind): Omit<Extract<ToWorker, { kind: 'run' }>, 'kind'> {
  return {
    ...{ job: 0, shell: 0, world: warmWorld, uid: 0, gid: 0, line, stdin: new Uint8Array(), history: [], others: [] },
    visitor: {
      ...{ user: 'root', sourceIp: '', sourcePort: 0, localPort: 0, terminal: null },
      ...{ columns: 80, sinceMs: 0, pid: 2000 },
    },
    state: warmState(kind),
  };
}

/** Runs a line once, so that the first visitor does not wait for what is compiled at the first use. */
export async function runWarm({ run }: ShellRun, kind: ShellKind): Promise<void> {
  await run(line, warmState(kind), {
    stdin: new Uint8Array(),
    signal: new AbortController().signal,
    write: () => undefined,
  });
}

function warmState(kind: ShellKind): ShellState {
  return { cwd: '/', env: { PATH: '/usr/bin' }, functions: {}, status: 0, kind, lines: 0 };
}
