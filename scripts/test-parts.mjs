// The parts of the system that tests need besides packages: found, or installed by apt when root.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const cowrieVersion = '3.1.4';
/** What its output_redis needs. */
const txredisapiVersion = '1.6.0';
const motoVersion = '5.2.5';
const paramikoVersion = '4.0.0';

/** What must be there, how it is told, and Debian's packages that bring it. */
export const systemParts = [
  {
    name: 'Python 3.10 or newer with venv (for a real Cowrie)',
    packages: ['python3', 'python3-venv'],
    isThere: () => findPython() !== undefined,
  },
  {
    name: "PostgreSQL's server programs, 13 or newer",
    packages: ['postgresql'],
    isThere: () => findPostgres() !== undefined,
  },
  { name: 'the ssh command', packages: ['openssh-client'], isThere: () => isOnPath('ssh') },
  { name: "OpenSSH's sshd", packages: ['openssh-server'], isThere: () => existsSync('/usr/sbin/sshd') },
  { name: 'dropbear', packages: ['dropbear-bin'], isThere: () => existsSync('/usr/sbin/dropbear') },
  { name: 'the plink command', packages: ['putty-tools'], isThere: () => isOnPath('plink') },
  { name: 'the telnet command', packages: ['telnet'], isThere: () => isOnPath('telnet') },
  { name: 'busybox', packages: ['busybox'], isThere: () => isOnPath('busybox') },
  { name: 'hydra', packages: ['hydra'], isThere: () => isOnPath('hydra') },
  { name: 'the curl command', packages: ['curl'], isThere: () => isOnPath('curl') },
  { name: 'bzip2', packages: ['bzip2'], isThere: () => isOnPath('bzip2') },
  { name: 'Chromium', packages: ['chromium'], isThere: () => existsSync('/usr/bin/chromium') },
  { name: '7-Zip', packages: ['7zip'], isThere: () => isOnPath('7zz') },
  { name: 'Redis 6.2 or newer', packages: ['redis-server'], isThere: () => isOnPath('redis-server') },
  { name: 'nftables', packages: ['nftables'], isThere: () => isOnPath('nft') },
  { name: 'the ip command', packages: ['iproute2'], isThere: () => isOnPath('ip') },
  { name: 'the flock command', packages: ['util-linux'], isThere: () => isOnPath('flock') },
];

/**
 * Makes the parts be there. Returns the variables that tell the tests where they are, or undefined, with one sentence
 * said, where that is not possible.
 */
export function ensureTestParts(root, say) {
  const missing = systemParts.filter(({ isThere }) => !isThere());
  if (missing.length > 0 && canInstall()) aptInstall(missing, say);
  const still = systemParts.filter(({ isThere }) => !isThere());
  if (still.length > 0) {
    say(sentenceForMissing(still));
    return undefined;
  }
  const cowrie = ensureCowrie(root, say);
  const python = ensurePythonParts(root, say);
  return cowrie && python && { ...cowrie, ...python };
}

/** What is missing, and the one command that brings it. */
export function sentenceForMissing(parts) {
  const names = parts.map(({ name }) => name).join('; ');
  const packages = parts.flatMap((part) => part.packages).join(' ');
  return `The tests need, and this machine lacks: ${names}. As root: apt-get update && apt-get install -y ${packages}`;
}

/** Where Cowrie is installed: a folder that the ordinary user can reach whom root's tests run it as. */
export function cowriePlace(root, isRoot = process.getuid?.() === 0) {
  if (!isRoot || isOpenToOthers(root)) return join(root, '.test-parts', 'cowrie');
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  return join('/var/cache/cerberusmesh', checkout, 'cowrie');
}

/** Whether every folder on the way to `path` may be passed by everybody. */
export function isOpenToOthers(path) {
  const real = realpathSync(path);
  if ((statSync(real).mode & 0o001) === 0) return false;
  return dirname(real) === real || isOpenToOthers(dirname(real));
}

function ensureCowrie(root, say) {
  const place = cowriePlace(root);
  const stamp = join(place, 'cerberus-installed');
  // The path is a part of it: a virtual environment that was moved still names its old place.
  const wanted = `cowrie ${cowrieVersion}, txredisapi ${txredisapiVersion} in ${place}`;
  const env = { CERBERUS_TEST_COWRIE: place };
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return env;
  say(`Installing Cowrie ${cowrieVersion} for the tests, about a minute …`);
  const before = process.umask(0o022);
  try {
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    if (!runOrSay(findPython(), ['-m', 'venv', place], say)) return undefined;
    const packages = [`cowrie==${cowrieVersion}`, `txredisapi==${txredisapiVersion}`];
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    if (!runOrSay(join(place, 'bin', 'python'), pip, say)) return undefined;
    writeFileSync(stamp, wanted);
    return env;
  } finally {
    process.umask(before);
  }
}

/** Programs in Python that tests use, each in an environment of its own: its folder's name, what is installed, who is told where. */
const pythonParts = [
  // A server that speaks AWS's protocols, for what the AWS SDK is used for.
  { name: 'moto', wanted: [`moto[server]==${motoVersion}`], variable: 'CERBERUS_TEST_MOTO' },
  // The SSH client that most bots are written with; in Python too, so that our own library is not tested against itself.
  { name: 'paramiko', wanted: [`paramiko==${paramikoVersion}`], variable: 'CERBERUS_TEST_PARAMIKO' },
];

function ensurePythonParts(root, say) {
  const env = {};
  for (const { name, wanted, variable } of pythonParts) {
    const place = join(root, '.test-parts', name);
    env[variable] = place;
    const stamp = join(place, 'cerberus-installed');
    const told = `${wanted.join(', ')} in ${place}`;
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === told) continue;
    say(`Installing ${wanted.join(', ')} for the tests, less than a minute …`);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    if (!runOrSay(findPython(), ['-m', 'venv', place], say)) return undefined;
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted];
    if (!runOrSay(join(place, 'bin', 'python'), pip, say)) return undefined;
    writeFileSync(stamp, told);
  }
  return env;
}

function runOrSay(command, args, say) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status === 0) return true;
  const reason = done.error
    ? String(done.error)
    : `${done.stdout}${done.stderr}`.trim().split('\n').slice(-5).join('\n');
  say(`${reason}\nInstalling what the tests need failed at: ${command} ${args.join(' ')}`);
  return false;
}

function canInstall() {
  return process.getuid?.() === 0 && isOnPath('apt-get');
}

function aptInstall(parts, say) {
  const packages = parts.flatMap((part) => part.packages);
  say(`Installing with apt: ${packages.join(' ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const done = spawnSync('apt-get', args, { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (done.status !== 0) return say(`${done.stderr}\napt-get ${args.join(' ')} failed.`);
  }
}

/** As root, only a Python that an ordinary user may run: not one below /root. */
function findPython() {
  const isRoot = process.getuid?.() === 0;
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'python3'));
  const candidates = isRoot ? ['/usr/bin/python3', ...onPath] : [...onPath, '/usr/bin/python3'];
  const probe = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  return candidates.find(
    (path) => existsSync(path) && (!isRoot || isOpenToOthers(path)) && spawnSync(path, ['-c', probe]).status === 0,
  );
}

function findPostgres() {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return undefined;
  return readdirSync(versions).find(
    (version) => Number(version) >= 13 && existsSync(join(versions, version, 'bin', 'initdb')),
  );
}

function isOnPath(name) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'].some((folder) =>
    existsSync(join(folder, name)),
  );
}
