import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Setting, withSettings } from '../../src/act/cowrie/config-file.ts';
import { pluginFolder } from '../../src/act/cowrie/manifest.ts';
import { prepareCowrie } from '../../src/act/cowrie/prepare.ts';
import { openShell, type Shell } from '../../src/act/cowrie/shell-visit.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** Cowrie refuses root, so a root test gives it this user: `nobody`, who owns nothing. */
const ordinaryUser = 65_534;

export interface RealCowrie {
  /** The folder it runs in. */
  readonly dir: string;
  readonly sshPort: number;
  /** Null unless asked for. */
  readonly telnetPort: number | null;
  readonly logPath: string;
  readonly python: string;
  /** Logs in with a password that Cowrie takes and opens a shell. The caller closes it. */
  login(visit?: Guest): Promise<Shell>;
  /** Ends the process, and starts it again with what lies in the folder now. */
  restart(): Promise<void>;
  /** Ends the process, which writes the last lines of its log. */
  end(): Promise<void>;
  /** Ends the process and removes the folder. */
  stop(): Promise<void>;
}

export interface Guest {
  readonly username?: string;
  readonly password?: string;
  readonly ident?: string;
  /** Of the loopback network, so that two visitors have two addresses. */
  readonly localAddress?: string;
}

export interface CowrieOptions {
  /** Makes it ready for adaptations before it starts. */
  readonly prepare?: boolean;
  /** Starts it so that it finds our plugin; asks for `prepare`. */
  readonly plugin?: boolean;
  /** Makes the plugin believe that it was tried with this version only. */
  readonly triedWith?: string;
  readonly telnet?: boolean;
  readonly sensor?: string;
  /** Further settings of etc/cowrie.cfg. */
  readonly settings?: readonly Setting[];
  /** Lines of etc/userdb.txt; without it Cowrie's own rules hold. */
  readonly userdb?: readonly string[];
}

/** A real Cowrie on free ports of the loopback, in a folder of its own, as an ordinary user. */
export async function startCowrie(options: CowrieOptions = {}): Promise<RealCowrie> {
  const { dir, python } = await initCowrie(options);
  const sshPort = await freePort();
  const telnetPort = options.telnet ? await freePort() : null;
  await configure(dir, sshPort, telnetPort, options);
  if (options.prepare) await prepareCowrie(dir, { python });
  if (options.triedWith !== undefined) await pretendTriedWith(dir, options.triedWith);
  const listeners = 1 + (telnetPort === null ? 0 : 1) + (options.plugin && options.triedWith === undefined ? 1 : 0);
  const start = () => launch(dir, python, listeners, options.plugin ?? false);
  let child = await start();
  const shells = new Set<Shell>();
  return {
    dir,
    sshPort,
    telnetPort,
    python,
    logPath: join(dir, 'var/log/cowrie/cowrie.json'),
    async login({ username = 'root', password = 'a-guess', ...more } = {}) {
      const signal = AbortSignal.timeout(30_000);
      const shell = await openShell({ host: '127.0.0.1', port: sshPort, username, password, signal, ...more });
      shells.add(shell);
      return shell;
    },
    async restart() {
      await end(child);
      child = await start();
    },
    end: () => end(child),
    async stop() {
      for (const shell of shells) shell.close();
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A Cowrie that was set up and does not run. The caller removes the folder. */
export async function initCowrie({ userdb }: CowrieOptions = {}): Promise<{ dir: string; python: string }> {
  const environment = await cowrieEnvironment();
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-cowrie-'));
  if (isRoot()) await chown(dir, ordinaryUser, ordinaryUser);
  await chmod(dir, 0o755);
  await run(join(environment, 'bin/cowrie'), ['init'], {
    cwd: dir,
    ...asOrdinaryUser(),
    env: childEnvironment(environment),
  });
  if (userdb) await writeFile(join(dir, 'etc/userdb.txt'), `${userdb.join('\n')}\n`);
  return { dir, python: join(environment, 'bin/python') };
}

/** One hash over the names below it and the contents of all files there, to see that nothing was touched. */
export async function hashFolder(dir: string): Promise<string> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const path of paths.sort()) {
    hash.update(`${relative(dir, path)}\0`);
    hash.update(await readFile(path));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** The Python in whose environment Cowrie is installed. */
export async function cowriePython(): Promise<string> {
  return join(await cowrieEnvironment(), 'bin/python');
}

/** Made by `npm test`, or here on the first use; takes about half a minute then. */
async function cowrieEnvironment(): Promise<string> {
  // biome-ignore lint/style/noProcessEnv: the one place where a test may be told of another Cowrie.
  const given = process.env['CERBERUS_TEST_COWRIE'];
  if (given) return given;
  const inCheckout = fileURLToPath(new URL('../../../.test-parts/cowrie', import.meta.url));
  // A checkout in root's home is closed to the ordinary user that Cowrie needs.
  const open = !isRoot() || (await isOpenToOthers(inCheckout));
  const place = open ? inCheckout : join(tmpdir(), 'cerberus-test-parts', 'cowrie-3.1.4');
  const there = await access(join(place, 'bin/cowrie')).then(
    () => true,
    () => false,
  );
  if (there) return place;
  await mkdir(join(place, '..'), { recursive: true });
  // Two test files may come here at once: the second waits for the first one's lock.
  await run('flock', [`${place}.lock`, 'sh', '-c', installScript, 'sh', place], { timeout: 300_000 });
  return place;
}

/** Whether every folder above may be entered by any user. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  const above = dirname(path);
  const mode = await stat(above).then(
    (found) => found.mode,
    () => 0o001,
  );
  return (mode & 0o001) !== 0 && (above === path || (await isOpenToOthers(above)));
}

// The system's own Python first: one that lies in root's home cannot be run by the ordinary user that Cowrie needs.
const installScript = `test -x "$1/bin/cowrie" && exit 0
for python in /usr/bin/python3 python3; do
  "$python" -m venv --clear "$1" && "$1/bin/pip" install -q cowrie==3.1.4 txredisapi==1.6.0 && exit 0
done
exit 1`;

async function pretendTriedWith(dir: string, version: string): Promise<void> {
  await writeFile(join(dir, pluginFolder, 'cowrie/cerberus/__init__.py'), `TRIED_WITH = ("${version}",)\n`);
}

async function configure(
  dir: string,
  sshPort: number,
  telnetPort: number | null,
  { sensor, settings: further = [] }: CowrieOptions,
): Promise<void> {
  const path = join(dir, 'etc/cowrie.cfg');
  const text = await readFile(path, 'utf8');
  const telnet =
    telnetPort === null
      ? []
      : [
          { section: 'telnet', key: 'enabled', value: 'true' },
          { section: 'telnet', key: 'listen_endpoints', value: `tcp:${telnetPort}:interface=127.0.0.1` },
        ];
  const settings = [
    { section: 'ssh', key: 'listen_endpoints', value: `tcp:${sshPort}:interface=127.0.0.1` },
    { section: 'honeypot', key: 'sensor_name', value: sensor ?? 'test-sensor' },
    ...telnet,
    ...further,
  ];
  await writeFile(path, withSettings(text, settings));
}

/** In the foreground, so that the process is ours to end; resolves once it listens. */
async function launch(dir: string, python: string, listeners: number, plugin: boolean): Promise<ChildProcess> {
  const environment = join(python, '../..');
  const child = spawn(
    join(environment, 'bin/twistd'),
    ['-n', '--umask=0022', '--pidfile=var/run/cowrie.pid', 'cowrie'],
    {
      cwd: dir,
      ...asOrdinaryUser(),
      env: { ...childEnvironment(environment), ...(plugin ? { PYTHONPATH: join(dir, pluginFolder) } : {}) },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  // A test run that is stopped in the middle must not leave a honeypot behind.
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.removeListener('exit', killAtExit));
  const heard: string[] = [];
  let started = 0;
  let listening = (): void => {};
  const ready = new Promise<void>((resolve) => {
    listening = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (heard.length < 200) heard.push(line);
      if (isListening(line) && ++started === listeners) listening();
    });
  }
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`Cowrie in ${dir} ended with ${code} before it listened:\n${heard.join('\n')}`);
  });
  await Promise.race([ready, gone]);
  gone.catch(() => {});
  return child;
}

/** Of the honeypot's own ports, or of our plugin's socket. */
function isListening(line: string): boolean {
  return /Factory starting on \d|cerberus: listening at/.test(line);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Without TZ=UTC Cowrie's timestamps are the host's local time with a false Z. */
function childEnvironment(environment: string): NodeJS.ProcessEnv {
  return {
    PATH: `${environment}/bin:/usr/bin:/bin`,
    TZ: 'UTC',
    HOME: '/',
    PYTHONDONTWRITEBYTECODE: '1',
    COWRIE_STDOUT: 'yes',
  };
}

function asOrdinaryUser(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: ordinaryUser, gid: ordinaryUser } : {};
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
