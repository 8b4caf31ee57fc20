import { type Call, fail, type Machine, type Programs, type Result, say } from '../program.ts';
import { textOf } from './world-text.ts';

/** What the system's tables say, read from the world: who was added is there. */
export const databasePrograms: Programs = {
  getent,
  getconf: ({ args, machine }) => {
    const [name] = args.filter((arg) => !arg.startsWith('-'));
    if (name === undefined)
      return fail('Usage: getconf [-v specification] variable_name [pathname]\n       getconf -a [pathname]\n', 2);
    const is64 = /64/.test(machine.persona.kernel.machine);
    const cores = String(machine.persona.cpu.cores);
    const values: Record<string, string> = {
      ...{ LONG_BIT: is64 ? '64' : '32', PAGE_SIZE: '4096', PAGESIZE: '4096', ARG_MAX: '2097152', OPEN_MAX: '1024' },
      ...{ _NPROCESSORS_ONLN: cores, _NPROCESSORS_CONF: cores, NAME_MAX: '255', PATH_MAX: '4096', CLK_TCK: '100' },
    };
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? fail(`getconf: Unrecognized variable \`${name}'\n`, 2) : say(`${value}\n`);
  },
  chage: ({ args, machine }) => {
    const name = args.filter((arg) => !arg.startsWith('-')).at(-1);
    if (name === undefined) return fail('Usage: chage [options] LOGIN\n', 2);
    const row = rows(machine, '/etc/shadow').find((each) => each[0] === name);
    if (!row) return fail(`chage: user '${name}' does not exist in /etc/passwd\n`);
    if (!args.some((arg) => /^-\w*l|^--list/.test(arg))) return {};
    const day = new Date(Number(row[2] ?? 0) * 86_400_000).toUTCString();
    const shown = day.replace(/^\w+, (\d+) (\w+) (\d+) .*/, '$2 $1, $3');
    return say(
      `Last password change\t\t\t\t\t: ${shown}\nPassword expires\t\t\t\t\t: never\nPassword inactive\t\t\t\t\t: never\nAccount expires\t\t\t\t\t\t: never\nMinimum number of days between password change\t\t: 0\nMaximum number of days between password change\t\t: 99999\nNumber of days of warning before password expires\t: 7\n`,
    );
  },
};

const files: Readonly<Record<string, string>> = {
  ...{ passwd: '/etc/passwd', group: '/etc/group', shadow: '/etc/shadow' },
  ...{ hosts: '/etc/hosts', services: '/etc/services', protocols: '/etc/protocols', networks: '/etc/networks' },
};

function getent({ args, machine }: Call): Result {
  const [database, ...keys] = args.filter((arg) => !arg.startsWith('-'));
  if (database === undefined)
    return {
      stdout: "Try `getent --help' or `getent --usage' for more information.\n",
      stderr: 'getent: wrong number of arguments\n',
      exitCode: 1,
    };
  if (database === 'ahosts' || database === 'ahostsv4') return getHosts(keys, machine);
  const path = Object.hasOwn(files, database) ? files[database] : undefined;
  if (path === undefined)
    return {
      stderr: `Unknown database: ${database}\n`,
      stdout: "Try `getent --help' or `getent --usage' for more information.\n",
      exitCode: 1,
    };
  if (database === 'hosts') return getHosts(keys, machine);
  const lines = textOf(machine, path)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) return say(lines.map((line) => `${line}\n`).join(''));
  const found = keys.map((key) => lines.find((line) => isNamed(line, key)));
  return {
    stdout: found.flatMap((line) => (line === undefined ? [] : [`${inColumns(line, database)}\n`])).join(''),
    exitCode: found.every((line) => line !== undefined) ? 0 : 2,
  };
}

/** Where the file has blanks the answer has columns, and no remark. */
function inColumns(line: string, database: string): string {
  if (!/^(?:services|protocols|networks)$/.test(database)) return line;
  const [name = '', ...values] = line.replace(/#.*/, '').trim().split(/\s+/);
  return `${name.padEnd(21)} ${values.join(' ')}`;
}

/** By its name, or by its number. */
function isNamed(line: string, key: string): boolean {
  const cells = line.split(/[:\s]+/);
  return cells[0] === key || (/^\d+$/.test(key) && cells[2] === key);
}

function getHosts(keys: readonly string[], machine: Machine): Result {
  const lines = rowsOf(textOf(machine, '/etc/hosts'), /\s+/).filter((cells) => cells.length > 1);
  // What is its own name is asked for by IPv6 first.
  if (keys.length > 0) lines.sort(([a = ''], [b = '']) => Number(b.includes(':')) - Number(a.includes(':')));
  const found =
    keys.length === 0 ? lines : lines.filter((cells) => keys.some((key) => cells.includes(key))).slice(0, 1);
  return {
    stdout: found.map(([address = '', ...names]) => `${address.padEnd(15)} ${names.join(' ')}\n`).join(''),
    exitCode: found.length > 0 ? 0 : 2,
  };
}

function rows(machine: Machine, path: string): string[][] {
  return rowsOf(textOf(machine, path), ':');
}

function rowsOf(text: string, separator: string | RegExp): string[][] {
  return text.split('\n').flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.split(separator)]));
}
