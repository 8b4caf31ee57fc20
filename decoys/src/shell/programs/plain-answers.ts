import { type Call, fail, type Result, say } from '../program.ts';

const tryHelp = (name: string, said: string, exitCode = 1) =>
  fail(`${name}: ${said}\nTry '${name} --help' for more information.\n`, exitCode);

/** What programs say that nobody here needs to be more than there, called without a word. Learnt from a real Debian 12. */
const bare: Readonly<Record<string, Result>> = {
  addgroup: fail('addgroup: Only one or two names allowed.\n'),
  agetty: fail('agetty: not enough arguments\n', 10),
  'apt-key': fail('Usage: apt-key [--keyring file] [command] [arguments]\n'),
  cmp: fail("cmp: missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.\n", 2),
  'dpkg-deb': fail(
    'dpkg-deb: error: need an action option\n\nType dpkg-deb --help for help about manipulating *.deb files;\nType dpkg --help for help about installing and deinstalling packages.\n',
    2,
  ),
  'dpkg-query': fail('dpkg-query: error: need an action option\n\nUse --help for help about querying packages.\n', 2),
  fdisk: tryHelp('fdisk', 'bad usage'),
  fuser: fail('No process specification given\n'),
  groupdel: fail('Usage: groupdel [options] GROUP\n', 2),
  install: tryHelp('install', 'missing file operand'),
  locale: say(
    'LANG=C.UTF-8\nLANGUAGE=\nLC_CTYPE="C.UTF-8"\nLC_NUMERIC="C.UTF-8"\nLC_TIME="C.UTF-8"\nLC_COLLATE="C.UTF-8"\nLC_MONETARY="C.UTF-8"\nLC_MESSAGES="C.UTF-8"\nLC_PAPER="C.UTF-8"\nLC_NAME="C.UTF-8"\nLC_ADDRESS="C.UTF-8"\nLC_TELEPHONE="C.UTF-8"\nLC_MEASUREMENT="C.UTF-8"\nLC_IDENTIFICATION="C.UTF-8"\nLC_ALL=\n',
  ),
  logrotate: fail(
    'logrotate 3.21.0 - Copyright (C) 1995-2001 Red Hat, Inc.\nThis may be freely redistributed under the terms of the GNU General Public License\n\n',
    1,
  ),
  look: tryHelp('look', 'bad usage'),
  mkfs: fail("mkfs: no device specified\nTry 'mkfs --help' for more information.\n"),
  mkswap: tryHelp('mkswap', 'bad usage: swap area needed'),
  mknod: tryHelp('mknod', 'missing operand'),
  mountpoint: tryHelp('mountpoint', 'bad usage'),
  nologin: { stdout: 'This account is currently not available.\n', exitCode: 1 },
  pathchk: tryHelp('pathchk', 'missing operand'),
  realpath: tryHelp('realpath', 'missing operand'),
  renice: tryHelp('renice', 'not enough arguments'),
  rmmod: fail('rmmod: ERROR: missing module name.\n'),
  rsync: fail('rsync error: syntax or usage error (code 1) at main.c(1795) [client=3.2.7]\n', 1),
  'run-parts': fail("run-parts: missing operand\nTry `run-parts --help' for more information.\n"),
  scp: fail(
    'usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]\n           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]\n           [-P port] [-S program] [-X sftp_option] source ... target\n',
  ),
  sftp: fail(
    'usage: sftp [-46AaCfNpqrv] [-B buffer_size] [-b batchfile] [-c cipher]\n          [-D sftp_server_command] [-F ssh_config] [-i identity_file]\n          [-J destination] [-l limit] [-o ssh_option] [-P port]\n          [-R num_requests] [-S program] [-s subsystem | sftp_server]\n          [-X sftp_option] destination\n',
  ),
  script: fail('script: failed to open: typescript\n'),
  'ssh-add': fail('Could not open a connection to your authentication agent.\n', 2),
  'ssh-keyscan': fail(
    'usage: ssh-keyscan [-46cDHv] [-f file] [-O option] [-p port] [-T timeout]\n                   [-t type] [host | addrlist namelist]\n',
  ),
  sshd: fail('sshd re-exec requires execution with an absolute path\n', 255),
  'start-stop-daemon': fail(
    "start-stop-daemon: need at least one of --exec, --pid, --ppid, --pidfile, --user or --name\nTry 'start-stop-daemon --help' for more information.\n",
    3,
  ),
  strace: fail("strace: must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.\n"),
  truncate: tryHelp('truncate', 'you must specify either ‘--size’ or ‘--reference’'),
  unlink: tryHelp('unlink', 'missing operand'),
  'update-rc.d': fail('update-rc.d: error: not enough arguments\n'),
  vipw: {},
  watch: fail('Usage:\n watch [options] command\n'),
  whereis: tryHelp('whereis', 'not enough arguments'),
  zgrep: fail('Usage: /bin/zgrep [OPTION]... [-e] PATTERN [FILE]...\n', 2),
};

/** Daemons and the like: they do their work unseen, or would. */
const silent: ReadonlySet<string> = new Set(
  'cron rsyslogd ldconfig logger mesg wall telinit init sync setcap runcon dbus-daemon blkid losetup lastb busctl newgrp tset savelog utmpdump fsck hwclock newusers pwck sdiff wdctl ulockmgr_server netplan snap ubuntu-advantage tload pr expand'.split(
    ' ',
  ),
);

/** The answer of a program of which there is a file and no more; none is ever the interpreter's own fault. */
export function plainAnswer({ args, machine, name }: Call): Result {
  const said = Object.hasOwn(bare, name) ? bare[name] : undefined;
  if (args.length === 0 && said) return said;
  if (args.includes('--version') || args.includes('-V')) return say(`${name} from util-linux 2.38.1\n`);
  if (args.includes('--help')) return say(`Usage: ${name} [OPTION]...\n`);
  const [script = '', verb] = args.filter((arg) => !arg.startsWith('-'));
  if (name === 'update-rc.d' && verb !== undefined && machine.world.find(`/etc/init.d/${script}`) === undefined)
    return fail(`update-rc.d: error: unable to read /etc/init.d/${script}\n`);
  if (silent.has(name) || args.length > 0) return {};
  return tryHelp(name, 'bad usage');
}
