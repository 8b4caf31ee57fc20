import { stripVTControlCharacters } from 'node:util';
import type { Tell } from '@cerberusmesh/contract/detectability';
import type { Greeting } from './greeting.ts';
import { compareToRelease } from './openssh-releases.ts';
import type { Sight } from './visit.ts';

/** One test: `looks` says what gives the server away, or null. */
interface Test<Seen> {
  readonly id: string;
  readonly weight: Tell['weight'];
  readonly fix: string;
  readonly looks: (seen: Seen) => { readonly says: string; readonly saw: string } | null;
}

const newCowrie = 'Update Cowrie; where it stays, put a decoy of our own in front of visitors who look closely.';
const ownDecoy = 'Only another server helps: Cowrie has it in its code.';

/** Made before any login. */
export const greetingTests: readonly Test<Greeting>[] = [
  {
    id: 'answer to another protocol',
    weight: 'known',
    fix: ownDecoy,
    looks: ({ ident, onHttp }) =>
      /OpenSSH/.test(ident) && onHttp !== '' && !/^Invalid SSH identification string\.(?:\r\n)?$/.test(onHttp)
        ? { says: 'OpenSSH answers HTTP with a sentence and no line feed.', saw: JSON.stringify(onHttp) }
        : null,
  },
  {
    id: 'answer to SSH 1',
    weight: 'known',
    fix: ownDecoy,
    looks: ({ ident, onOldVersion }) =>
      /OpenSSH/.test(ident) && onOldVersion !== 'Protocol major versions differ.\r\n'
        ? {
            says: 'OpenSSH refuses SSH 1 with a sentence, a carriage return and a line feed.',
            saw: JSON.stringify(onOldVersion),
          }
        : null,
  },
  {
    id: 'algorithms no OpenSSH has',
    weight: 'known',
    fix: 'Set kex, ciphers and macs of the release in [ssh] of cowrie.cfg, or a persona of ours.',
    looks: ({ ident, offer }) => {
      const old = [...(offer?.ciphers ?? []), ...(offer?.macs ?? [])].filter((name) =>
        /cbc|arcfour|blowfish|cast128|md5|sha1-96|ripemd/.test(name),
      );
      return /OpenSSH_(?:[89]|1\d)/.test(ident) && old.length > 0
        ? { says: 'No OpenSSH of these years offers these ciphers or MACs.', saw: old.join(', ') }
        : null;
    },
  },
  {
    id: 'algorithms and banner',
    weight: 'odd',
    fix: 'Choose a banner whose release offers just these, or lists that fit the banner.',
    looks: ({ ident, offer }) => {
      const found = offer ? (compareToRelease(ident, offer) ?? []) : [];
      return found.length > 0
        ? { says: 'The lists of algorithms are not those of the release that the banner names.', saw: found.join('; ') }
        : null;
    },
  },
];

const passwd = 'cat /etc/passwd';
const hosts = 'cat /etc/hosts';
const size = 'ls -l /etc/passwd; cat /etc/passwd | wc -c';
const headFive = 'head -5 /etc/passwd';
const tilde = 'echo ~';
const free = 'free -m';
const folders = 'mkdir -p /tmp/.x9/y/z; ls -d /tmp/.x9/y/z; rm -rf /tmp/.x9';
const processes = 'ps aux';
const release = 'uname -r; cat /proc/version';
const cores = 'nproc; grep -c ^processor /proc/cpuinfo';
const name = 'hostname; cat /etc/hostname; uname -n';
const memory = "free -k | awk '/^Mem/ {print $2}'; awk '/^MemTotal/ {print $2}' /proc/meminfo";
const system = 'cat /etc/os-release';
export const machineId = 'cat /etc/machine-id';
const up = "cut -d. -f1 /proc/uptime; uptime -s; date '+%F %T'";

/** What is typed for them. */
export const commands: readonly string[] = [
  ...[
    passwd,
    hosts,
    size,
    headFive,
    tilde,
    free,
    folders,
    processes,
    release,
    cores,
    name,
    memory,
    system,
    machineId,
    up,
  ],
];

/** Made inside. */
export const shellTests: readonly Test<{ sight: Sight; greeting: Greeting }>[] = [
  {
    id: 'insert mode around answers',
    weight: 'known',
    fix: ownDecoy,
    looks: ({ sight }) => {
      const found = [...sight.shown.values()].find((text) => text.includes('\x1b[4h') || text.includes('\x1b[4l'));
      return found === undefined
        ? null
        : { says: 'No shell switches the terminal to insert mode around what a program says.', saw: 'ESC[4h, ESC[4l' };
    },
  },
  expects(
    'head -5',
    'known',
    headFive,
    ownDecoy,
    'head takes -5 on every machine.',
    (text) => !/invalid option/.test(text),
  ),
  expects('home by ~', 'known', tilde, ownDecoy, 'A shell puts the home in place of ~.', (text) => /^\//.test(text)),
  expects('free', 'known', free, ownDecoy, 'free prints a table.', (text) => /Mem:\s+\d+/.test(text)),
  expects('mkdir -p', 'known', folders, ownDecoy, 'mkdir -p makes all folders of a path.', (text) =>
    /^\/tmp\/\.x9\/y\/z/.test(text),
  ),
  {
    id: 'files between commands',
    weight: 'known',
    fix: ownDecoy,
    looks: ({ sight }) =>
      sight.keepsFiles === false
        ? { says: 'What one command writes is gone for the next one of the same connection.', saw: 'an empty answer' }
        : null,
  },
  expects(
    'default user',
    'known',
    passwd,
    'Run cerberus prepare, which gives it a world of its own.',
    'Cowrie comes with a user phil.',
    (text) => !/^phil:/m.test(text),
  ),
  expects(
    'default hosts',
    'known',
    hosts,
    'Run cerberus prepare.',
    'Cowrie’s /etc/hosts names nas3.',
    (text) => !/\bnas3\b/.test(text),
  ),
  expects(
    'default name',
    'known',
    name,
    'Set [honeypot] hostname, or run cerberus prepare.',
    'svr04 is Cowrie’s own name.',
    (text) => !/^svr04/m.test(text),
  ),
  expects(
    'default processes',
    'known',
    processes,
    'Set [shell] processes, or run cerberus prepare.',
    'The processes of a fresh Cowrie began in July.',
    (text) => !/\bJu[ln]2[0-9]\b/.test(text),
  ),
  expects(
    'size of files',
    'known',
    size,
    'Let sizes in the pickle be those of the files: cerberus prepare does.',
    'ls and wc do not agree on the size of a file.',
    (text) => {
      const shown = /\s(\d+)\s+\w{3}\s+\d+\s+[\d:]+\s+\/etc\/passwd/.exec(text)?.[1];
      const counted = /^\s*(\d+)\s*$/m.exec(text.slice(text.indexOf('/etc/passwd') + 11))?.[1];
      return shown === undefined || counted === undefined || shown === counted;
    },
  ),
  expects(
    'kernel',
    'known',
    release,
    'Let [shell] kernel_version and /proc/version agree.',
    'uname and /proc/version name two kernels.',
    (text) => {
      const [first = '', version = ''] = text.split('\n');
      return version === '' || version.includes(first.trim());
    },
  ),
  expects(
    'processors',
    'known',
    cores,
    'Let nproc and /proc/cpuinfo agree.',
    'nproc and /proc/cpuinfo count differently.',
    allEqual,
  ),
  expects(
    'host name',
    'known',
    name,
    'Let hostname, /etc/hostname and uname agree.',
    'The machine has more than one name.',
    allEqual,
  ),
  expects(
    'memory',
    'odd',
    memory,
    'Let free and /proc/meminfo agree.',
    'free and /proc/meminfo tell two sizes of memory.',
    allEqual,
  ),
  expects(
    'time since start',
    'odd',
    up,
    'Let /proc/uptime and uptime agree.',
    '/proc/uptime and uptime tell two moments of start.',
    (text) => {
      const [seconds, since, now] = text.split('\n').map((line) => line.trim());
      const told = (Date.parse(`${now}Z`) - Date.parse(`${since}Z`)) / 1000;
      return !Number.isFinite(told) || Math.abs(told - Number(seconds)) < 120;
    },
  ),
  {
    id: 'banner and system',
    weight: 'known',
    fix: 'Let the banner be that of the system in /etc/os-release.',
    looks: ({ sight, greeting: { ident } }) => {
      const text = plain(sight.shown.get(system));
      const said = /Ubuntu|Debian|Raspbian/.exec(ident)?.[0];
      if (said === undefined || !/^ID=/m.test(text)) return null;
      const isSame = new RegExp(`^ID(?:_LIKE)?=.*${said}`, 'im').test(text);
      return isSame
        ? null
        : { says: 'The banner names another system than /etc/os-release.', saw: `${ident}; ${text.slice(0, 80)}` };
    },
  },
  {
    id: 'refusal at once',
    weight: 'known',
    fix: 'Only another server helps: a real one waits for PAM, a second or two.',
    looks: ({ sight: { refusalMs }, greeting: { ident } }) =>
      refusalMs !== null && refusalMs < 300 && /OpenSSH/.test(ident)
        ? { says: 'A wrong password is refused at once.', saw: `${Math.round(refusalMs)} ms` }
        : null,
  },
];

/** Runs tests over what was seen. */
export function findTells<Seen>(tests: readonly Test<Seen>[], seen: Seen): Tell[] {
  return tests.flatMap(({ id, weight, fix, looks }) => {
    const found = looks(seen);
    return found ? [{ id, weight, fix, says: found.says, saw: printable(found.saw) }] : [];
  });
}

function expects(
  id: string,
  weight: Tell['weight'],
  command: string,
  fix: string,
  says: string,
  isRight: (text: string) => boolean,
): Test<{ sight: Sight; greeting: Greeting }> {
  return {
    ...{ id, weight, fix: fix === ownDecoy ? newCowrie : fix },
    looks: ({ sight }) => {
      const text = plain(sight.shown.get(command));
      return isRight(text) ? null : { says, saw: `${command}: ${text.slice(0, 200)}` };
    },
  };
}

function plain(text = ''): string {
  return stripVTControlCharacters(text).replace(/\r/g, '').trim();
}

function allEqual(text: string): boolean {
  const [first, ...others] = text.split('\n').map((line) => line.trim());
  return others.every((line) => line === first);
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 300);
}
