import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './support.ts';

interface Upgraded {
  readonly commit: string;
  readonly migrationBefore: string;
  readonly events: number;
  readonly backup: 'restored' | 'not there yet';
}

/**
 * `npm run deploy-test -- upgrade [COMMIT…]`: without commits three from the history, the first that had each of three migrations.
 *
 * Claim: a database that this program's own earlier trees wrote is brought to this version with every event in it: the same logs again
 * are duplicates to the last line, the audit chain is sound, and their backups are restored here. Needs the whole history, and the
 * packages of today to be enough for the trees of then. @throws where one of it is not so.
 */
export async function proveUpgrade(): Promise<object> {
  const { positionals } = parseArgs({ allowPositionals: true, args: process.argv.slice(3) });
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-upgrade-'));
  // Root's embedded server runs as another user, who has to pass.
  chmodSync(folder, 0o755);
  try {
    const commits = positionals.length > 0 ? positionals : chooseCommits();
    return { upgraded: commits.map((commit) => upgrade(commit, join(folder, commit))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From a quarter, half and three quarters of all migrations on: when the first of them was landed that led to today's. */
function chooseCommits(): string[] {
  const names = readdirSync(join(root, 'engine/migrations')).sort();
  return [0.25, 0.5, 0.75].map((share) => {
    const later = names.slice(Math.floor(names.length * share)).map(landingOf);
    const commit = later.find((each) => leadsHere(each, names));
    if (commit === undefined)
      throw new Error('No earlier tree led here: this needs the whole history, not a shallow clone.');
    return commit;
  });
}

function landingOf(name: string): string {
  return git('log', '--diff-filter=A', '--format=%h', '-1', '--', `engine/migrations/${name}`);
}

/** Trees whose migrations were numbered anew before anybody had them lead nowhere. */
function leadsHere(commit: string, names: readonly string[]): boolean {
  const then = git('ls-tree', '--name-only', commit, 'engine/migrations/').split('\n');
  return then.every((path) => names.includes(basename(path)));
}

function upgrade(commit: string, folder: string): Upgraded {
  const [tree, state, backup] = [join(folder, 'tree'), join(folder, 'state'), join(folder, 'backup')];
  run('git', ['clone', '--quiet', '--no-checkout', root, tree]);
  run('git', ['-C', tree, 'checkout', '--quiet', commit]);
  cpSync(join(root, 'node_modules'), join(tree, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const logs = readdirSync(join(tree, 'recordings'))
    .map((story) => join(tree, 'recordings', story, 'cowrie.jsonl'))
    .filter((path) => existsSync(path));

  const before = replay(tree, state, logs);
  const knowsBackup = existsSync(join(tree, 'engine/src/commands/backup.ts'));
  if (knowsBackup) cerberus(tree, state, 'backup', backup);

  cerberus(root, state, 'migrate');
  ensureAllThere(replay(root, state, logs), before.stored);
  cerberus(root, state, 'audit', 'verify');
  if (knowsBackup) {
    const restored = join(folder, 'restored');
    cerberus(root, restored, 'restore', backup);
    ensureAllThere(replay(root, restored, logs), before.stored);
  }
  return {
    commit,
    migrationBefore: readdirSync(join(tree, 'engine/migrations')).sort().at(-1) ?? '',
    events: before.stored,
    backup: knowsBackup ? 'restored' : 'not there yet',
  };
}

interface Counts {
  readonly stored: number;
  readonly duplicate: number;
}

function replay(tree: string, state: string, logs: readonly string[]): Counts {
  return JSON.parse(
    cerberus(tree, state, 'replay', '--json', ...logs)
      .trim()
      .split('\n')
      .at(-1) ?? '',
  );
}

function ensureAllThere({ stored, duplicate }: Counts, events: number): void {
  if (stored === 0 && duplicate === events) return;
  throw new Error(`Of ${events} events of before ${duplicate} are there; ${stored} were stored anew.`);
}

function cerberus(tree: string, state: string, ...args: string[]): string {
  // A backup without a master key lies beside its own.
  const key = args[0] === 'restore' ? { CERBERUS_MASTER_KEY_FILE: `${args[1]}.key` } : {};
  const env = { PATH: process.env['PATH'], CERBERUS_DATA_DIR: state, ...key };
  return run(process.execPath, [join(tree, 'engine/bin/cerberus.mjs'), ...args], { env, cwd: tree });
}

function git(...args: string[]): string {
  return run('git', ['-C', root, ...args]).trim();
}
