import { faultTexts } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Programs, type Result } from '../program.ts';

/** touch, with the times of another file: what intruders hide a change by. */
export const timeStampPrograms: Programs = { touch };

async function touch({ args, machine, shell }: Call): Promise<Result> {
  const at = args.findIndex((arg) => /^-[acmh]*r$/.test(arg) || arg.startsWith('--reference='));
  if (at < 0) return interpretersOwn;
  const given = args[at] ?? '';
  const isLong = given.startsWith('--');
  const reference = isLong ? given.slice('--reference='.length) : (args[at + 1] ?? '');
  const node = machine.world.find(resolvePath(shell.cwd, reference));
  if (!node) return fail(`touch: failed to get attributes of '${reference}': ${faultTexts.ENOENT}\n`);
  const letters = isLong || given === '-r' ? [] : [given.slice(0, -1)];
  const rest = [...args.slice(0, at), ...letters, ...args.slice(at + (isLong ? 1 : 2))];
  const done: Result = (await shell.origCommand?.(rest)) ?? {};
  for (const name of rest.filter((arg) => !arg.startsWith('-'))) {
    const path = resolvePath(shell.cwd, name);
    if (machine.world.find(path)) machine.world.change(path, machine.actor, { mtimeMs: node.mtimeMs });
  }
  return done;
}
