import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { nameOf } from './identity.ts';

/** Clients of the servers that a persona runs: each server wants a password that nobody has. */
export const serverPrograms: Programs = {
  mysql,
  mysqladmin: mysql,
  mysqldump: mysql,
  nginx,
  psql: postgres,
  pg_dump: postgres,
  pg_isready: () => say('/var/run/postgresql:5432 - accepting connections\n'),
};

async function mysql({ args, machine, name }: Call): Promise<Result> {
  const version = versionOf(machine, 'mysql-server');
  if (args.some((arg) => arg === '-V' || arg === '--version'))
    return say(`${name}  Ver ${version} for Linux on ${machine.persona.kernel.machine} ((Ubuntu))\n`);
  const { flags } = readOptions(
    args.filter((arg) => !/^-p|^--password/.test(arg)),
    'uheDPS',
  );
  const given = args.find((arg) => /^-p|^--password/.test(arg));
  const asks = given === '-p' || given === '--password';
  const typed = asks ? await machine.ask('Enter password: ', false) : given;
  const user = flags.get('u') ?? flags.get('user') ?? nameOf(machine);
  const host = flags.get('h') ?? flags.get('host') ?? 'localhost';
  const isHere = /^(?:localhost|127\.0\.0\.1|::1)$/.test(host);
  const why = isHere
    ? {
        code: '1045 (28000)',
        text: `Access denied for user '${user}'@'localhost' (using password: ${typed ? 'YES' : 'NO'})`,
      }
    : { code: '2003 (HY000)', text: `Can't connect to MySQL server on '${host}:${flags.get('P') ?? 3306}' (113)` };
  const number = why.code.slice(0, 4);
  if (name === 'mysqldump') return fail(`mysqldump: Got error: ${number}: ${why.text} when trying to connect\n`, 2);
  if (name === 'mysqladmin') return fail(`mysqladmin: connect to server at '${host}' failed\nerror: '${why.text}'\n`);
  return fail(`ERROR ${why.code}: ${why.text}\n`);
}

async function postgres({ args, machine, name }: Call): Promise<Result> {
  const [number = '15'] = versionOf(machine, 'postgresql').split('-');
  if (args.some((arg) => arg === '-V' || arg === '--version'))
    return say(`${name} (PostgreSQL) ${number} (Debian ${versionOf(machine, 'postgresql')})\n`);
  const { flags } = readOptions(args, 'Uhpdcf');
  const me = nameOf(machine);
  const user = flags.get('U') ?? flags.get('username') ?? me;
  const host = flags.get('h') ?? flags.get('host');
  if (host !== undefined) {
    await machine.ask(`Password for user ${user}: `, false);
    const why = /^(?:localhost|127\.0\.0\.1|::1)$/.test(host)
      ? `FATAL:  password authentication failed for user "${user}"`
      : 'No route to host\n\tIs the server running on that host and accepting TCP/IP connections?';
    return fail(
      `${name}: error: connection to server at "${host}", port ${flags.get('p') ?? 5432} failed: ${why}\n`,
      2,
    );
  }
  const why =
    user !== me
      ? `Peer authentication failed for user "${user}"`
      : me === 'postgres'
        ? 'sorry, too many clients already'
        : `role "${user}" does not exist`;
  return fail(
    `${name}: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  ${why}\n`,
    name === 'psql' ? 2 : 1,
  );
}

function nginx({ args, machine }: Call): Result {
  const version = `nginx version: nginx/${versionOf(machine, 'nginx').replace(/-.*/, '')}${machine.persona.os.id === 'ubuntu' ? ' (Ubuntu)' : ''}\n`;
  const [first] = args;
  if (first === '-v' || first === '-V') return fail(version, 0);
  if (machine.actor.uid !== 0) return fail('nginx: [emerg] open() "/run/nginx.pid" failed (13: Permission denied)\n');
  const file = '/etc/nginx/nginx.conf';
  if (first === '-t')
    return fail(
      `nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`,
      0,
    );
  if (first === '-s') return {};
  return fail(
    'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\nnginx: [emerg] still could not bind()\n',
  );
}

/** Of the package whose name begins so. */
function versionOf({ persona }: Machine, name: string): string {
  const line = persona.packages.find((each) => each.startsWith(name)) ?? '';
  return line.split(' ')[1] ?? '';
}
