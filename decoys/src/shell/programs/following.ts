import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Programs, type Result } from '../program.ts';

/** tail as GNU's where it follows a file: at the keyboard until Ctrl-C, elsewhere to the end of what is there. */
export const followingPrograms: Programs = { tail };

const follows = /^-\d*[fF]|^-[qvn]*[fF]\d*$|^--follow|^--retry$/;

async function tail(call: Call): Promise<Result> {
  const { args, machine, shell } = call;
  const asked = args.filter((arg) => follows.test(arg));
  if (asked.length === 0) return interpretersOwn;
  const count = asked.map((arg) => /^-(\d+)/.exec(arg)?.[1]).find((digits) => digits !== undefined);
  const rest = args.filter((arg) => !follows.test(arg) && !/^--(?:pid|sleep-interval)=/.test(arg));
  const words = count === undefined ? rest : ['-n', count, ...rest];
  const done: Result = (await shell.origCommand?.(words)) ?? {};
  const files = rest.filter((arg, at) => !arg.startsWith('-') && !/^-[nc]$/.test(rest[at - 1] ?? ''));
  const isThere = (name: string) => machine.world.find(resolvePath(shell.cwd, name)) !== undefined;
  const waits = asked.some((arg) => /F|retry/.test(arg)) || files.some(isThere) || files.length === 0;
  if (!waits) return fail(`${done.stderr ?? ''}tail: no files remaining\n`);
  if (!machine.isAtTerminal() || files.length === 0) return done;
  await untilInterrupted(machine, `${done.stdout ?? ''}${done.stderr ?? ''}`.replace(/\n/g, '\r\n'));
  // The terminal shows the key that ended it.
  return fail('^C\n', 130);
}

const keysMax = 1_000;

async function untilInterrupted({ ask }: Call['machine'], shown: string): Promise<void> {
  let text = shown;
  for (let count = 0; count < keysMax; count++) {
    const keys = await ask(text, 'keys');
    if (keys === null || keys.includes('\x03')) return;
    text = '';
  }
}
