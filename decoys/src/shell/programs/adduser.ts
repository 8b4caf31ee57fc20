import { type Call, fail, type Machine, type Programs, type Result, say } from '../program.ts';
import { addAccount, editTable, joinGroups, leaveGroup, setPassword } from './users.ts';
import { accountsIn, groupsIn, groupsWith } from './world-accounts.ts';

/** Debian's adduser and deluser: they say each step, ask for a password, and put accounts into groups and out of them. */
export const addUserPrograms: Programs = { adduser, deluser };

const takesValue =
  /^--(?:gecos|comment|home|shell|uid|gid|ingroup|firstuid|lastuid|firstgid|lastgid|conf|add_extra_groups|backup-to|group)$/;

function readWords(args: readonly string[]) {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name = '', value] = arg.split(/=(.*)/s);
    if (!arg.startsWith('-')) rest.push(arg);
    else values.set(name.replace(/^-+/, ''), value ?? (takesValue.test(arg) ? (args[++at] ?? '') : ''));
  }
  return { values, rest };
}

async function adduser(call: Call): Promise<Result> {
  const { machine } = call;
  const { values, rest } = readWords(call.args);
  const [user, group] = rest;
  if (machine.actor.uid !== 0) return fail('adduser: Only root may add a user or group to the system.\n');
  if (user === undefined) return fail('adduser: Only one or two names allowed.\n');
  if (group !== undefined) return intoGroup(machine, user, group);
  const isKnown = accountsIn(machine).some(({ name }) => name === user);
  const isSystem = values.has('system');
  if (isKnown)
    return isSystem
      ? fail(`The system user \`${user}' already exists. Exiting.\n`, 0)
      : fail(`adduser: The user \`${user}' already exists.\n`);
  if (!/^[a-z][-a-z0-9_]*$/.test(user))
    return fail(
      "adduser: Please enter a username matching the regular expression configured\nvia the NAME_REGEX configuration variable.  Use the `--force-badname'\noption to relax this check or reconfigure NAME_REGEX.\n",
    );
  const account = addAccount(machine, {
    user,
    uid: numberOf(values.get('uid')),
    gid: numberOf(values.get('gid')) ?? groupsIn(machine).get(values.get('ingroup') ?? ''),
    home: values.get('home') ?? (isSystem ? '/nonexistent' : undefined),
    shell: values.get('shell') ?? (isSystem ? '/usr/sbin/nologin' : '/bin/bash'),
    gecos: values.get('gecos') ?? values.get('comment') ?? ',,,',
    makesHome: !isSystem && !values.has('no-create-home'),
  });
  const steps = isSystem ? systemSteps(user, account.uid) : ownSteps(user, account);
  if (values.has('disabled-password') || values.has('disabled-login') || isSystem || !machine.isAtKeyboard())
    return say(`${steps}${isSystem ? '' : extraGroup(machine, user)}`);
  const said = await askAll(machine, user, steps);
  return said === null ? fail('', 1) : say(`${said}${extraGroup(machine, user)}`);
}

function ownSteps(user: string, { uid, gid, home }: { uid: number; gid: number; home: string }): string {
  return `Adding user \`${user}' ...\nAdding new group \`${user}' (${gid}) ...\nAdding new user \`${user}' (${uid}) with group \`${user} (${gid})' ...\nCreating home directory \`${home}' ...\nCopying files from \`/etc/skel' ...\n`;
}

function systemSteps(user: string, uid: number): string {
  return `Adding system user \`${user}' (UID ${uid}) ...\nAdding new user \`${user}' (UID ${uid}) with group \`nogroup' ...\nNot creating home directory \`/nonexistent'.\n`;
}

/** Since Debian 12 everybody is among `users`. */
function extraGroup(machine: Machine, user: string): string {
  if (machine.persona.os.codename !== 'bookworm') return '';
  joinGroups(machine, user, 'users');
  return `Adding new user \`${user}' to supplemental / extra groups \`users' ...\nAdding user \`${user}' to group \`users' ...\n`;
}

const triesMax = 3;
const fields = ['Full Name', 'Room Number', 'Work Phone', 'Home Phone', 'Other'];

/** The password, who it is, and whether that is right. @returns what is still to be shown, null where he left */
async function askAll(machine: Machine, user: string, steps: string): Promise<string | null> {
  let shown = steps;
  const ask = async (prompt: string, isShown: boolean) => {
    const given = await machine.ask(`${shown}${prompt}`.replace(/\n/g, '\r\n'), isShown);
    shown = '';
    return given;
  };
  for (let tries = 0; ; tries++) {
    const first = await ask('New password: ', false);
    const second = first === null ? null : await ask('Retype new password: ', false);
    if (first === null || second === null) return null;
    if (first === second && first !== '') {
      machine.tell({
        eventid: 'cowrie.command.success',
        fields: { realm: 'passwd', input: first },
        message: `INPUT (passwd): ${first}`,
      });
      setPassword(machine, user, first);
      shown = 'passwd: password updated successfully\n';
      break;
    }
    shown = `${first === '' ? 'No password has been supplied.' : 'Sorry, passwords do not match.'}\n`;
    if (tries >= triesMax) return null;
  }
  shown += `Changing the user information for ${user}\nEnter the new value, or press ENTER for the default\n`;
  const answers: string[] = [];
  for (const field of fields) {
    const given = await ask(`\t${field} []: `, true);
    if (given === null) return null;
    answers.push(given.replace(/[:\n]/g, ''));
  }
  if ((await ask('Is the information correct? [Y/n] ', true)) === null) return null;
  editTable(machine, '/etc/passwd', (rows) =>
    rows.map((row) => (row[0] === user ? row.with(4, answers.slice(0, 4).join(',')) : row)),
  );
  return '';
}

function intoGroup(machine: Machine, user: string, group: string): Result {
  if (!accountsIn(machine).some(({ name }) => name === user))
    return fail(`adduser: The user \`${user}' does not exist.\n`);
  if (!groupsIn(machine).has(group)) return fail(`adduser: The group \`${group}' does not exist.\n`);
  if (groupsWith(machine, user).includes(group))
    return say(`The user \`${user}' is already a member of \`${group}'.\n`);
  joinGroups(machine, user, group);
  const more = machine.persona.os.codename === 'bookworm' ? '' : `Adding user ${user} to group ${group}\n`;
  return say(`Adding user \`${user}' to group \`${group}' ...\n${more}Done.\n`);
}

async function deluser({ args, machine, shell }: Call): Promise<Result> {
  const { values, rest } = readWords(args);
  const [user = '', group = values.get('group')] = rest;
  if (machine.actor.uid !== 0) return fail('deluser: Only root may remove a user or group from the system.\n');
  if (!accountsIn(machine).some(({ name }) => name === user))
    return fail(`deluser: The user \`${user}' does not exist.\n`, 2);
  if (group !== undefined && group !== '') {
    if (!groupsWith(machine, user).includes(group))
      return fail(`deluser: The user \`${user}' is not a member of group \`${group}'.\n`, 6);
    leaveGroup(machine, user, group);
    return say(`Removing user \`${user}' from group \`${group}' ...\nDone.\n`);
  }
  const words = ['userdel', ...(values.has('remove-home') || values.has('remove-all-files') ? ['-r'] : []), user];
  await shell.exec?.(`${words.join(' ')} 2>/dev/null`, { cwd: shell.cwd, env: {} });
  return say(
    `${values.has('remove-home') ? 'Looking for files to backup/remove ...\nRemoving files ...\n' : ''}Removing crontab ...\nRemoving user \`${user}' ...\nDone.\n`,
  );
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
