import type { Persona } from '@cerberusmesh/contract/persona';
import { accountsOf } from './accounts.ts';

/** Everything in which a persona contradicts itself, as sentences; a visitor who compares two places would see it. */
export function checkPersona(persona: Persona): string[] {
  return [...checkSystem(persona), ...checkAccounts(persona), ...checkNetwork(persona), ...checkPackages(persona)];
}

function checkSystem({ os, kernel, cpu, ssh, bootedAtMs, installedAtMs, memoryKb }: Persona): string[] {
  const faults: string[] = [];
  const flavour =
    os.family === 'busybox'
      ? /^\d+\.\d+\.\d+$/
      : kernel.machine === 'x86_64'
        ? os.id === 'ubuntu'
          ? /-generic$/
          : /-amd64$/
        : /-v8\+$|-arm64$|-rpi/;
  if (!flavour.test(kernel.release))
    faults.push(`${os.prettyName} on ${kernel.machine} has no kernel called ${kernel.release}`);
  if (os.id === 'ubuntu' && !/Ubuntu/.test(kernel.build))
    faults.push(`Ubuntu does not build a kernel as ${kernel.build}`);
  if (os.id === 'ubuntu' && !/Ubuntu/.test(ssh.ident)) faults.push(`${os.prettyName} does not answer as ${ssh.ident}`);
  if (os.id === 'debian' && !/Debian|Raspbian/.test(ssh.ident))
    faults.push(`${os.prettyName} does not answer as ${ssh.ident}`);
  if (os.family === 'busybox' && !/dropbear/.test(ssh.ident))
    faults.push(`${os.prettyName} does not answer as ${ssh.ident}`);
  if (!os.prettyName.includes(os.versionId)) faults.push(`${os.prettyName} is not version ${os.versionId}`);
  if ((cpu.vendor === 'ARM') !== /^(?:aarch64|armv7l)$/.test(kernel.machine))
    faults.push(`${cpu.model} is no ${kernel.machine}`);
  if ((cpu.vendor === 'MIPS') !== /^mips/.test(kernel.machine)) faults.push(`${cpu.model} is no ${kernel.machine}`);
  if (bootedAtMs < installedAtMs) faults.push('it was booted before it was installed');
  if (memoryKb < (os.family === 'busybox' ? 32 : 256) * 1024) faults.push('it has less memory than its services need');
  return faults;
}

function checkAccounts(persona: Persona): string[] {
  const accounts = accountsOf(persona);
  const faults: string[] = [];
  const seen = new Map<number, string>();
  for (const { uid, name } of accounts) {
    const other = seen.get(uid);
    if (other !== undefined && uid !== 65_534) faults.push(`${name} and ${other} are both user ${uid}`);
    seen.set(uid, name);
  }
  const names = new Set(accounts.map(({ name }) => name));
  for (const { user, name } of persona.services)
    if (!names.has(user)) faults.push(`${name} runs as ${user}, whom /etc/passwd does not have`);
  for (const { owner } of Object.values(persona.files))
    if (!names.has(owner)) faults.push(`${owner} owns a file and is not in /etc/passwd`);
  for (const user of persona.users)
    if (user.home !== `/home/${user.name}`) faults.push(`${user.name} lives in ${user.home}`);
  return faults;
}

function checkNetwork({ network, services, hostname, os }: Persona): string[] {
  const faults: string[] = [];
  if (!/^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.)/.test(network.address))
    faults.push(`${network.address} is somebody's`);
  if (network.gateway === network.address && os.family !== 'busybox') faults.push('it is its own gateway');
  if (!/^[a-z][a-z0-9-]{1,62}$/i.test(hostname)) faults.push(`${hostname} is no name of a host`);
  if (!services.some(({ ports }) => ports.some(({ port }) => port === 22)))
    faults.push('it is reached by SSH, and nothing listens there');
  const places = services.flatMap(({ ports }) =>
    ports.map(({ port, protocol, address }) => `${protocol} ${address}:${port}`),
  );
  if (new Set(places).size !== places.length) faults.push('two services listen at one place');
  return faults;
}

/** A router has one shell, and it is busybox's. */
function checkFirmware(packages: readonly string[], bashVersion: string): string[] {
  const faults = bashVersion === '' ? [] : [`busybox has no bash ${bashVersion}`];
  for (const name of ['busybox', 'dropbear'])
    if (!packages.some((line) => line.startsWith(`${name} `))) faults.push(`it has no package ${name}`);
  return faults;
}

/** What a package says of its version must be what the program says of itself. */
function checkPackages({ packages, ssh, bashVersion, os }: Persona): string[] {
  if (os.family === 'busybox') return checkFirmware(packages, bashVersion);
  const versionOf = (name: string) => packages.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? '';
  const faults: string[] = [];
  const openssh = /^(?:\d+:)?([\d.]+p\d)/.exec(versionOf('openssh-server'))?.[1];
  if (openssh === undefined || !ssh.ident.includes(`OpenSSH_${openssh}`))
    faults.push(`the package is OpenSSH ${openssh}, the banner ${ssh.ident}`);
  const bash = /^[\d.]+/.exec(versionOf('bash'))?.[0]?.replace(/\.$/, '') ?? '';
  if (!bashVersion.startsWith(bash.split('.').slice(0, 2).join('.')))
    faults.push(`the package is bash ${bash}, the shell ${bashVersion}`);
  const isUbuntu = packages.some((line) => /ubuntu/.test(line));
  if (isUbuntu !== (os.id === 'ubuntu')) faults.push(`its packages are not those of ${os.prettyName}`);
  return faults;
}
