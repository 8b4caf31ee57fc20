import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { edit } from './editor/editors.ts';
import { nameOf } from './identity.ts';
import { accountsIn } from './world-accounts.ts';
import { keptFile, readText, textOf } from './world-text.ts';

/** Timetables; what they ask for is run by `../run-cron.ts`. */
export const crontabPrograms: Programs = { crontab };

async function crontab({ args, machine, stdin, shell }: Call): Promise<Result> {
  const { flags, rest } = readOptions(args, 'u');
  const user = flags.get('u') ?? nameOf(machine);
  if (!accountsIn(machine).some(({ name }) => name === user)) return fail(`crontab:  user \`${user}' unknown\n`);
  const path = `/var/spool/cron/crontabs/${user}`;
  const node = machine.world.find(path);
  if (flags.has('l')) return node ? say(textOf(machine, path)) : fail(`no crontab for ${user}\n`);
  if (flags.has('r')) {
    if (!node) return fail(`no crontab for ${user}\n`);
    machine.world.put(path, null);
    return {};
  }
  if (flags.has('e')) return await editCrontab({ machine, shell }, path, user);
  const text =
    rest[0] !== undefined && rest[0] !== '-' ? readText(machine, shell.fs.resolvePath(shell.cwd, rest[0])) : stdin();
  if (text === undefined) return fail(`${rest[0] ?? ''}: No such file or directory\n`);
  return installCrontab(machine, path, text, rest[0] ?? '-');
}

const emptyTable = '# Edit this file to introduce tasks to be run by cron.\n# \n# m h  dom mon dow   command\n';

/** In a copy, which is taken over once the editor is left. */
async function editCrontab(call: Pick<Call, 'machine' | 'shell'>, path: string, user: string): Promise<Result> {
  const { machine, shell } = call;
  if (!machine.visitor.terminal) return fail('No modification made\n', 0);
  const old = readText(machine, path);
  const folder = `/tmp/crontab.${machine.persona.machineId.slice(0, 6)}`;
  const copy = `${folder}/crontab`;
  if (!machine.world.find(folder)) machine.world.makeFolder(folder, machine.actor, 0o700);
  machine.world.write(copy, Buffer.from(old ?? emptyTable), machine.actor, 0o600);
  const kind = /vi/.test(shell.env.get('EDITOR') ?? shell.env.get('VISUAL') ?? '') ? 'vi' : 'nano';
  const left = await edit(call, kind, copy);
  const text = readText(machine, copy) ?? '';
  machine.world.remove(copy, machine.actor);
  machine.world.remove(folder, machine.actor);
  const head = old === undefined ? `no crontab for ${user} - using an empty one\n` : '';
  if (text === (old ?? emptyTable)) return { ...left, stderr: `${head}No modification made\n` };
  const done = installCrontab(machine, path, text, copy);
  const said = done.exitCode ? (done.stderr ?? '') : 'crontab: installing new crontab\n';
  return { ...left, ...done, stderr: `${head}${said}` };
}

/** Only a table that cron can read is put in place. */
function installCrontab(machine: Machine, path: string, text: string, from: string): Result {
  const bad = text.split('\n').findIndex((line) => !isCronLine(line));
  if (bad >= 0) return fail(`"${from}":${bad}: bad minute\nerrors in crontab file, can't install.\n`);
  machine.world.put(path, keptFile(text, 0o600, machine));
  return {};
}

const field = '(?:\\*|[\\dA-Za-z]+(?:-[\\dA-Za-z]+)?)(?:/\\d+)?(?:,(?:\\*|[\\dA-Za-z]+(?:-[\\dA-Za-z]+)?)(?:/\\d+)?)*';
const cronLine = new RegExp(
  `^\\s*(?:$|#|\\w+\\s*=|@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)\\s+\\S|[\\d*](?:${field})?(?:\\s+${field}){4}\\s+\\S|${field}(?:\\s+${field}){4}\\s+\\S)`,
);

function isCronLine(line: string): boolean {
  return cronLine.test(line.slice(0, 200));
}
