import { writtenPaths } from './attack/touched-paths.ts';
import type { ShellReading, Statement } from './shell/statement.ts';

/** What a statement does with files that may be a payload, by the last part of their names. */
export interface PayloadRoles {
  /** Fetched, received or written. */
  readonly brings: ReadonlySet<string>;
  /** Rights or owner changed. */
  readonly readies: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  /** Text from a pipe is run. */
  readonly runsPipe: boolean;
  readonly removes: ReadonlySet<string>;
}

const statementsMax = 24;
const fetchers = /^(?:wget|curl|lwp-download|fetch|axel|aria2c)$/;
const receivers = /^(?:tftp|ftpget|ftp|sftp)$/;
const writers = /^(?:tee|cat|dd|echo|printf|cp|mv|base64)$/;
const removers = /^(?:rm|unlink|shred)$/;
const runners = /^(?:sh|bash|dash|ash|zsh|ksh|perl|python[\d.]*|php|ruby|lua|source|\.|nohup|exec)$/;
const systemFolder = /^\/(?:usr\/)?(?:local\/)?s?bin\/|^\/etc\/init\.d/;
/** The header that `scp -t` is sent before a file. */
const receivedHeader = /^C0[0-7]{3}$/;

/** The same word may be brought, made ready, run and removed in one statement that holds others. */
export function payloadRoles(reading: ShellReading): PayloadRoles {
  const roles = { brings: new Set<string>(), readies: new Set<string>(), runs: new Set<string>() };
  const removes = new Set<string>();
  let runsPipe = false;
  for (const statement of reading.statements.slice(0, statementsMax)) {
    const { name } = statement;
    const plain = statement.args.filter((arg) => !arg.startsWith('-'));
    addNames(roles.brings, broughtBy(statement, plain));
    if (name === 'chmod' || name === 'chown') addNames(roles.readies, plain.slice(1));
    if (removers.test(name)) addNames(removes, plain);
    addNames(roles.runs, runBy(statement, plain));
    runsPipe ||= runners.test(name) && plain.length === 0 && statement.pipedFrom.length > 0;
  }
  return { ...roles, removes, runsPipe };
}

function broughtBy(statement: Statement, plain: readonly string[]): readonly string[] {
  const { name, args } = statement;
  if (fetchers.test(name)) return [...namedOutput(statement), ...plain.filter((arg) => /\/|^\d+\./.test(arg))];
  if (receivers.test(name))
    return plain.filter((arg) => !/^(?:\d+\.){3}|^(?:get|anonymous|binary|octet)$|^\d+$/.test(arg));
  if (name === 'scp') return args.some((arg) => /^-\w*t/.test(arg)) ? plain : [];
  if (receivedHeader.test(name)) return plain.slice(-1);
  if (writers.test(name)) return writtenPaths(statement).filter((path) => !/^\/dev\/(?!shm)/.test(path));
  return [];
}

function namedOutput({ name, args }: Statement): string[] {
  const flag = name === 'wget' ? '-O' : '-o';
  return args.flatMap((arg, at) => (arg === flag || arg === '--output' ? [args[at + 1] ?? ''] : []));
}

function runBy({ name, path, args, via }: Statement, plain: readonly string[]): readonly string[] {
  if (runners.test(name)) return args.includes('-c') ? [] : plain.slice(0, 1);
  const ownFile = /^\.{0,2}\/|^~\/|^\$/.test(path) || (via.length > 0 && path.includes('/'));
  return ownFile && !systemFolder.test(path) ? [path] : [];
}

const nameCharactersMax = 100;

function addNames(names: Set<string>, paths: readonly string[]): void {
  for (const path of paths) {
    const name = path
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1);
    if (name !== undefined && name !== '' && name.length < nameCharactersMax) names.add(name);
  }
}
