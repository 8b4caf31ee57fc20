import { bannerPath } from '../manifest.ts';
import { type PersonaFacts, readFacts } from './facts.ts';

/**
 * Where the Cowrie in `dir` contradicts itself, as sentences; empty where it is one machine. What is compared is what
 * visitors compare: who it says it is, which system, which kernel, which processor, and who may log in.
 */
export async function findContradictions(dir: string): Promise<readonly string[]> {
  const facts = await readFacts(dir);
  return [
    ...nameFaults(facts),
    ...systemFaults(facts),
    ...kernelFaults(facts),
    ...processorFaults(facts),
    ...userFaults(facts),
  ];
}

function nameFaults({ setting, text }: PersonaFacts): string[] {
  const name = setting('honeypot', 'hostname');
  const hosts = new RegExp(`^127\\.0\\.1\\.1\\s+${escaped(name)}$`, 'm');
  return [
    ...unless(
      text('/etc/hostname').trim() === name,
      `the prompt says ${name}, and /etc/hostname ${text('/etc/hostname').trim()}`,
    ),
    ...unless(hosts.test(text('/etc/hosts')), `/etc/hosts does not know the host's own name ${name}`),
    ...unless(text(bannerPath).includes(name), `the banner before the login does not name ${name}`),
  ];
}

function systemFaults({ setting, text }: PersonaFacts): string[] {
  const release = text('/usr/lib/os-release');
  const [system = '', version = ''] = [fieldOf(release, 'ID'), fieldOf(release, 'VERSION_ID')];
  const mark = system === 'ubuntu' ? 'Ubuntu' : 'Debian';
  const lsb = text('/etc/lsb-release');
  return [
    ...unless(system !== '' && version !== '', '/etc/os-release does not say which system it is'),
    ...unless(
      text('/etc/issue').startsWith(mark) && text('/etc/issue').includes(version),
      `/etc/issue is not of ${mark} ${version}`,
    ),
    ...unless(text('/etc/motd').includes(mark), `/etc/motd is not of ${mark}`),
    ...unless(
      setting('ssh', 'version').includes(mark),
      `SSH greets as ${setting('ssh', 'version')}, which is not of ${mark}`,
    ),
    ...unless(
      setting('shell', 'ssh_version').includes(mark),
      `ssh -V says ${setting('shell', 'ssh_version')}, which is not of ${mark}`,
    ),
    ...unless(
      sameSsh(setting('ssh', 'version'), setting('shell', 'ssh_version')),
      'the SSH server and its client are of two versions',
    ),
    ...unless(
      system !== 'debian' || text('/etc/debian_version').startsWith(version),
      `/etc/debian_version is not of ${version}`,
    ),
    ...unless(
      lsb === '' ? system !== 'ubuntu' : fieldOf(lsb, 'DISTRIB_RELEASE') === version,
      '/etc/lsb-release says another system',
    ),
  ];
}

function kernelFaults({ setting, text }: PersonaFacts): string[] {
  const version = text('/proc/version');
  const [release, build] = [setting('shell', 'kernel_version'), setting('shell', 'kernel_build_string')];
  const flavour = fieldOf(text('/usr/lib/os-release'), 'ID') === 'ubuntu' ? '-generic' : '-amd64';
  return [
    ...unless(
      version.startsWith(`Linux version ${release} `),
      `uname says ${release}, and /proc/version ${version.trim()}`,
    ),
    ...unless(version.trimEnd().endsWith(build), `uname says ${build}, and /proc/version ${version.trim()}`),
    ...unless(release.endsWith(flavour), `the kernel ${release} is not of this system`),
  ];
}

function processorFaults({ text, lscpu }: PersonaFacts): string[] {
  const names = [...text('/proc/cpuinfo').matchAll(/^model name\s*: (.*)$/gm)].map(([, name]) => name);
  const said = /^\s*Model name:\s*(.*)$/m.exec(lscpu)?.[1];
  const count = Number(/^CPU\(s\):\s*(\d+)$/m.exec(lscpu)?.[1]);
  return [
    ...unless(new Set(names).size === 1 && names[0] === said, `/proc/cpuinfo says ${names[0]}, and lscpu ${said}`),
    ...unless(names.length === count, `/proc/cpuinfo has ${names.length} processors, and lscpu ${count}`),
  ];
}

function userFaults({ text, logins }: PersonaFacts): string[] {
  const known = new Set(
    text('/etc/passwd')
      .split('\n')
      .map((line) => line.split(':')[0]),
  );
  return logins.flatMap((name) =>
    unless(known.has(name), `${name} may log in by etc/userdb.txt, and /etc/passwd does not know him`),
  );
}

function sameSsh(server: string, client: string): boolean {
  const version = /OpenSSH_\S+ \S+/.exec(server)?.[0];
  return version !== undefined && client.startsWith(version);
}

function fieldOf(text: string, key: string): string {
  return new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
}

function unless(holds: boolean, sentence: string): string[] {
  return holds ? [] : [sentence];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
