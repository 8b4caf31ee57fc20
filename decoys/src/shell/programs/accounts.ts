import type { Account } from '../../persona/accounts.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { kindOf } from '../shell-kind.ts';
import { nameOf } from './identity.ts';
import { nested } from './nested.ts';
import { enterShell } from './shells.ts';
import { editHash, setPassword } from './users.ts';
import { accountsIn } from './world-accounts.ts';
import { textOf } from './world-text.ts';

/** Passwords and rights. */
export const accountPrograms: Programs = { passwd, chpasswd, su, sudo, visudo };

const passwdUsage =
  'Usage: passwd [options] [LOGIN]\n\nOptions:\n  -a, --all                     report password status on all accounts\n  -d, --delete                  delete the password for the named account\n  -e, --expire                  force expire the password for the named account\n  -h, --help                    display this help message and exit\n  -l, --lock                    lock the password of the named account\n  -S, --status                  report password status on the named account\n  -u, --unlock                  unlock the password of the named account\n\n';

async function passwd({ args, machine, stdin }: Call): Promise<Result> {
  const name = args.find((arg) => !arg.startsWith('-')) ?? nameOf(machine);
  if (args.some((arg) => arg === '-h' || arg === '--help')) return say(passwdUsage);
  if (args.includes('-S')) return status(machine, name);
  if (!accountsIn(machine).some((account) => account.name === name))
    return fail(`passwd: user '${name}' does not exist\n`);
  const asked = args.find((arg) => Object.hasOwn(changesOfState, arg));
  if (asked !== undefined) return changeState(machine, name, changesOfState[asked] ?? 'expire');
  if (name !== nameOf(machine) && machine.actor.uid !== 0)
    return fail(`passwd: You may not view or modify password information for ${name}.\n`);
  const piped = machine.isAtKeyboard() ? undefined : stdin().split('\n').slice(0, -1);
  // Without a terminal the prompts are said all the same.
  const prompts = piped ? 'New password: Retype new password: ' : '';
  const first = piped ? (piped[0] ?? null) : await machine.ask('New password: ', false);
  const second = first === null ? null : piped ? (piped[1] ?? null) : await machine.ask('Retype new password: ', false);
  const failed = 'passwd: Authentication token manipulation error\npasswd: password unchanged\n';
  if (first === null) return fail(`${piped ? 'New password: ' : ''}Password change has been aborted.\n${failed}`, 10);
  machine.tell({
    eventid: 'cowrie.command.success',
    fields: { realm: 'passwd', input: first },
    message: `INPUT (passwd): ${first}`,
  });
  if (second === null) return fail(`${prompts}Password change has been aborted.\n${failed}`, 10);
  if (first !== second) return fail(`${prompts}Sorry, passwords do not match.\n${failed}`, 10);
  setPassword(machine, name, first);
  return { stderr: `${prompts}passwd: password updated successfully\n` };
}

type StateChange = 'lock' | 'unlock' | 'delete' | 'expire';

const changesOfState: Readonly<Record<string, StateChange>> = {
  ...{ '-l': 'lock', '--lock': 'lock', '-u': 'unlock', '--unlock': 'unlock' },
  ...{ '-d': 'delete', '--delete': 'delete', '-e': 'expire', '--expire': 'expire' },
};

function changeState(machine: Machine, name: string, what: StateChange): Result {
  if (machine.actor.uid !== 0) return fail('passwd: Permission denied.\n');
  if (what === 'expire') return say('passwd: password expiry information changed.\n');
  const kept = textOf(machine, '/etc/shadow')
    .split('\n')
    .find((row) => row.startsWith(`${name}:`));
  if (what === 'unlock' && /^[!*]*$/.test(kept?.split(':')[1] ?? ''))
    return fail(
      'passwd: unlocking the password would result in a passwordless account.\nYou should set a password with usermod -p to unlock the password of this account.\n',
      3,
    );
  editHash(machine, name, (hash) =>
    what === 'delete' ? '' : what === 'lock' ? `!${hash.replace(/^!/, '')}` : hash.replace(/^!/, ''),
  );
  return say('passwd: password changed.\n');
}

function status(machine: Machine, name: string): Result {
  const row = textOf(machine, '/etc/shadow')
    .split('\n')
    .map((line) => line.split(':'))
    .find((each) => each[0] === name);
  if (!row) return fail(`passwd: user '${name}' does not exist\n`);
  const kind = (row[1] ?? '').startsWith('$') ? 'P' : row[1] === '' ? 'NP' : 'L';
  const day = new Date(Number(row[2] ?? 0) * 86_400_000).toISOString().slice(0, 10);
  return say(`${name} ${kind} ${day} 0 99999 7 -1\n`);
}

function chpasswd({ machine, stdin }: Call): Result {
  if (machine.actor.uid !== 0) return fail('chpasswd: cannot lock /etc/passwd; try again later.\n');
  let stderr = '';
  let exitCode = 0;
  stdin()
    .split('\n')
    .filter((line) => line !== '')
    .forEach((line, index) => {
      const [name = '', password] = line.split(/:(.*)/s);
      machine.tell({
        eventid: 'cowrie.command.chpasswd',
        fields: { realm: 'chpasswd', username: name },
        message: `Changing password for ${name}`,
      });
      if (password !== undefined && accountsIn(machine).some((account) => account.name === name)) {
        setPassword(machine, name, password);
        return;
      }
      stderr +=
        password === undefined
          ? `chpasswd: line ${index + 1}: missing new password\n`
          : `chpasswd: (user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error\nchpasswd: (line ${index + 1}, user ${name}) password not changed\n`;
      exitCode = 1;
    });
  return fail(stderr, exitCode);
}

async function su({ args, machine, shell }: Call): Promise<Result> {
  const { flags, rest } = readOptions(args, 'csgGw');
  const command = flags.get('c') ?? flags.get('command');
  const name = rest.find((word) => word !== '-') ?? 'root';
  const account = accountsIn(machine).find((each) => each.name === name);
  if (!account)
    return fail(`su: user ${name} does not exist or the user entry does not contain all the required fields\n`);
  if (machine.actor.uid !== 0) {
    const given = await machine.ask('Password: ', false);
    if (given === null) return fail('su: Authentication failure\n');
    machine.tell({
      eventid: 'cowrie.command.success',
      fields: { realm: 'su', input: given },
      message: `INPUT (su): ${given}`,
    });
  }
  const isLogin = args.some((arg) => arg === '-' || arg === '-l' || arg === '--login');
  return await runAs(machine, account, async () =>
    command !== undefined ? await nested(shell, command) : openAs({ machine, shell }, account, isLogin),
  );
}

async function sudo({ args, machine, shell, stdin }: Call): Promise<Result> {
  let index = 0;
  let asksFor = 'root';
  for (; index < args.length && args[index]?.startsWith('-'); index++) {
    const arg = args[index] ?? '';
    if (arg === '-u' || arg === '-g') asksFor = args[++index] ?? 'root';
    if (arg === '-l') return say(sudoList(machine));
    if (arg === '-V' || arg === '--version')
      return say(
        'Sudo version 1.9.9\nSudoers policy plugin version 1.9.9\nSudoers file grammar version 48\nSudoers I/O plugin version 1.9.9\nSudoers audit plugin version 1.9.9\n',
      );
  }
  const account = accountsIn(machine).find((each) => each.name === asksFor);
  if (!account) return fail(`sudo: unknown user ${asksFor}\nsudo: error initializing audit plugin sudoers_audit\n`);
  if (machine.actor.uid !== 0) {
    const given = stdin() || (await machine.ask(`[sudo] password for ${nameOf(machine)}: `, false));
    if (given === null || given === '')
      return fail(
        'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required\n',
      );
    machine.tell({
      eventid: 'cowrie.command.success',
      fields: { realm: 'sudo', input: given.trimEnd() },
      message: `INPUT (sudo): ${given.trimEnd()}`,
    });
  }
  const command = args.slice(index);
  const isShell = args.some((arg) => arg === '-i' || arg === '-s');
  if (command.length === 0 && !isShell)
    return fail(
      'usage: sudo -h | -K | -k | -V\nusage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]\nusage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user]\n            [-u user] [command [arg ...]]\nusage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory]\n            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]\n            [-u user] [VAR=value] [-i | -s] [command [arg ...]]\nusage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory]\n            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]\n            [-u user] file ...\n',
    );
  return await runAs(machine, account, async () =>
    command.length > 0 ? await asSudo(shell, command) : openAs({ machine, shell }, account, args.includes('-i')),
  );
}

async function asSudo(shell: Call['shell'], command: readonly string[]): Promise<Result> {
  const done = await nested(shell, '"$@"', command);
  const isUnknown = done.exitCode === 127 && /command not found|No such file/.test(done.stderr ?? '');
  return isUnknown ? fail(`sudo: ${command[0] ?? ''}: command not found\n`) : done;
}

/** `-c` looks; editing is for a terminal and an editor of its own. */
function visudo({ args, machine, shell }: Call): Result {
  if (machine.actor.uid !== 0) return fail('visudo: /etc/sudoers: Permission denied\n');
  const at = args.findIndex((arg) => /^-\w*f$/.test(arg));
  const named = at < 0 ? undefined : args[at + 1];
  const folder = '/etc/sudoers.d';
  const included = machine.world.find(folder) ? machine.world.list(folder, machine.actor).sort() : [];
  const files = named === undefined ? ['/etc/sudoers', ...included.map((name) => `${folder}/${name}`)] : [named];
  if (!args.some((arg) => /^-\w*c/.test(arg))) return {};
  const missing = files.find((file) => !machine.world.find(resolvePath(shell.cwd, file)));
  if (missing !== undefined) return fail(`visudo: unable to open ${missing}: No such file or directory\n`);
  return say(files.map((file) => `${file}: parsed OK\n`).join(''));
}

function sudoList(machine: Machine): string {
  const name = nameOf(machine);
  const { hostname } = machine.persona;
  return `Matching Defaults entries for ${name} on ${hostname}:\n    env_reset, mail_badpass, secure_path=/usr/local/sbin\\:/usr/local/bin\\:/usr/sbin\\:/usr/bin\\:/sbin\\:/bin\\:/snap/bin, use_pty\n\nUser ${name} may run the following commands on ${hostname}:\n    (ALL : ALL) ALL\n`;
}

/** Runs something as another user; who the visitor is comes back after it. */
async function runAs(machine: Machine, to: { uid: number; gid: number }, run: () => Promise<Result>): Promise<Result> {
  const { uid, gid } = machine.actor;
  machine.actor.uid = to.uid;
  machine.actor.gid = to.gid;
  try {
    return await run();
  } finally {
    machine.actor.uid = uid;
    machine.actor.gid = gid;
  }
}

/** The shell of an account, below the visitor's own. Without a keyboard it reads an empty input and ends. */
function openAs(call: Pick<Call, 'machine' | 'shell'>, account: Account, isLogin: boolean): Result {
  const { machine } = call;
  if (!machine.isAtKeyboard()) return {};
  if (/\/(?:nologin|false)$/.test(account.shell)) return fail('This account is currently not available.\n');
  const calledAs = account.shell.slice(account.shell.lastIndexOf('/') + 1);
  enterShell(call, kindOf(calledAs, machine.persona, false, isLogin), {
    cwd: isLogin ? account.home : call.shell.cwd,
    env: { HOME: account.home, SHELL: account.shell, USER: account.name, LOGNAME: account.name },
  });
  return {};
}
