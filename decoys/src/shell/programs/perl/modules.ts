import { createHash } from 'node:crypto';
import { dumped } from './dump.ts';
import { PerlDied } from './faults.ts';
import { readFile } from './input-output.ts';
import { die, pathOf, type Runtime, whereOf } from './runtime.ts';
import { cellOf } from './scope.ts';
import { addressBytes, packAddress, refuse } from './socket-functions.ts';
import { isTrue, numberOf, PerlArray, PerlCode, PerlHandle, type Scalar, textOf } from './values.ts';

/** What Debian's perl brings; others have to be installed. */
const known =
  /^(?:strict|warnings|vars|lib|utf8|feature|constant|integer|bytes|open|locale|base|parent|overload|threads|sigtrap|subs|Config|POSIX|Socket6?|Cwd|Carp|Fcntl|Errno|English|Env|Encode|Storable|FindBin|Benchmark|Symbol|(?:IO|File|Getopt|Data|MIME|Digest|Time|List|Scalar|Sys|Text|Term|Tie|Math|Hash|Net|HTTP|JSON|Compress|Archive|IPC|Unicode|User|Module|Test|Thread)(?:::[\w:]+)?|\d[\d.]*|v5[\d.]*)$/;
const unknown =
  /^(?:LWP|IO::Socket::SSL|Net::SSH|Net::SSLeay|Crypt::|DBI|JSON::XS|Net::RawIP|Net::Ping::External|Term::ReadKey|IO::Pty)/;

export async function useModule(runtime: Runtime, module: string, args: readonly Scalar[] | undefined): Promise<void> {
  if (!known.test(module) || unknown.test(module)) {
    notFound(runtime, module, 'BEGIN failed--compilation aborted');
  }
  runtime.modules.add(module);
  if (/^(?:base|parent)$/.test(module)) inherit(runtime, args ?? []);
  if (module === 'constant' && args) defineConstants(runtime, args);
}

/** @throws PerlDied where the machine has no such module */
export function requireModule(runtime: Runtime, module: string): void {
  if (known.test(module) && !unknown.test(module)) runtime.modules.add(module);
  else notFound(runtime, module);
}

function notFound(runtime: Runtime, module: string, after?: string): never {
  const file = `${module.replaceAll('::', '/')}.pm`;
  const [, minor = '36'] = runtime.version.split('.');
  const short = `5.${minor}`;
  const folders = `/etc/perl /usr/local/lib/x86_64-linux-gnu/perl/${runtime.version} /usr/local/share/perl/${runtime.version} /usr/lib/x86_64-linux-gnu/perl5/${short} /usr/share/perl5 /usr/lib/x86_64-linux-gnu/perl-base /usr/lib/x86_64-linux-gnu/perl/${short} /usr/share/perl/${short} /usr/local/lib/site_perl`;
  const where = whereOf(runtime);
  const said = `Can't locate ${file} in @INC (you may need to install the ${module} module) (@INC contains: ${folders})${where}`;
  throw new PerlDied(after === undefined ? said : `${said}${after}${where}`);
}

function inherit(runtime: Runtime, args: readonly Scalar[]): void {
  const bases = args.map(textOf).filter((name) => !name.startsWith('-'));
  const array = runtime.globals.names.get(`@${runtime.package}::ISA`);
  if (array instanceof PerlArray) array.items.push(...bases);
  else runtime.globals.names.set(`@${runtime.package}::ISA`, new PerlArray(bases));
}

function defineConstants(runtime: Runtime, args: readonly Scalar[]): void {
  const [first] = args;
  const table =
    typeof first === 'object' && 'items' in first && first.items instanceof Map
      ? [...first.items]
      : [[textOf(first), ...args.slice(1)] as const];
  for (const [name, ...values] of table)
    runtime.subs.set(`${runtime.package}::${textOf(name)}`, new PerlCode(textOf(name), async () => values));
}

type Own = (
  args: readonly Scalar[],
  runtime: Runtime,
  isList: boolean,
) => Scalar | Scalar[] | Promise<Scalar | Scalar[]>;

const digest =
  (name: string, form: 'hex' | 'base64'): Own =>
  (args) =>
    createHash(name)
      .update(Buffer.from(args.map(textOf).join(''), 'latin1'))
      .digest(form)
      .replace(/=+$/, '');
const constant =
  (value: Scalar): Own =>
  () =>
    value;
const ofNumber =
  (change: (value: number) => number): Own =>
  ([value]) =>
    change(numberOf(value));

const functions: Readonly<Record<string, Own>> = {
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  pow: ([base, power]) => numberOf(base) ** numberOf(power),
  fmod: ([value, by]) => numberOf(value) % numberOf(by),
  strtol: ([text, base]) => Number.parseInt(textOf(text), numberOf(base) || 10) || 0,
  setsid: (_, { call }) => call.machine.visitor.pid,
  getpid: (_, { call }) => call.machine.visitor.pid,
  dup2: constant(1),
  uname: (_, { call: { machine } }) => [
    'Linux',
    machine.persona.hostname,
    machine.persona.kernel.release,
    machine.persona.kernel.build,
    machine.persona.kernel.machine,
  ],
  hostname: (_, { call }) => call.machine.persona.hostname,
  cwd: (_, { cwd }) => cwd,
  getcwd: (_, { cwd }) => cwd,
  abs_path: ([name], runtime) => pathOf(runtime, name),
  basename: ([path, ...ends]) => {
    const name = textOf(path).replace(/\/+$/, '').replace(/^.*\//s, '');
    const end = ends.map(textOf).find((each) => each !== '' && name.endsWith(each));
    return end === undefined ? name : name.slice(0, -end.length);
  },
  dirname: ([path]) => textOf(path).replace(/\/*[^/]*\/*$/, '') || (textOf(path).startsWith('/') ? '/' : '.'),
  copy: async ([from, to], runtime) => {
    const text = readFile(runtime, from);
    if (text === undefined) return 0;
    runtime.call.machine.world.write(pathOf(runtime, to), Buffer.from(text, 'latin1'), runtime.call.machine.actor);
    return 1;
  },
  encode_base64: ([text, end]) => {
    const lines =
      Buffer.from(textOf(text), 'latin1')
        .toString('base64')
        .match(/.{1,76}/g) ?? [];
    return lines.map((line) => line + (end === undefined ? '\n' : textOf(end))).join('');
  },
  decode_base64: ([text]) => Buffer.from(textOf(text), 'base64').toString('latin1'),
  md5_hex: digest('md5', 'hex'),
  md5_base64: digest('md5', 'base64'),
  sha1_hex: digest('sha1', 'hex'),
  sha256_hex: digest('sha256', 'hex'),
  sha512_hex: digest('sha512', 'hex'),
  sum: (args) => (args.length === 0 ? undefined : args.reduce<number>((all, each) => all + numberOf(each), 0)),
  sum0: (args) => args.reduce<number>((all, each) => all + numberOf(each), 0),
  max: (args) => (args.length === 0 ? undefined : Math.max(...args.map(numberOf))),
  min: (args) => (args.length === 0 ? undefined : Math.min(...args.map(numberOf))),
  uniq: (args) => [...new Map(args.map((each) => [textOf(each), each])).values()],
  shuffle: (args) => [...args].sort(() => Math.random() - 0.5),
  blessed: ([value]) => (typeof value === 'object' && 'blessed' in value ? value.blessed : undefined),
  looks_like_number: ([value]) => (/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(textOf(value)) ? 1 : ''),
  Dumper: (args) => args.map((value, at) => dumped(value, at + 1)).join(''),
  croak: (args, runtime) => die(runtime, args.map(textOf).join('')),
  confess: (args, runtime) => die(runtime, args.map(textOf).join('')),
  carp: (args, runtime) => {
    runtime.write(args.map(textOf).join('') + whereOf(runtime), true);
    return 1;
  },
  usleep: constant(0),
  inet_aton: ([host]) => addressBytes(textOf(host)),
  inet_ntoa: ([bytes]) => [...textOf(bytes)].map((byte) => byte.charCodeAt(0)).join('.'),
  sockaddr_in: ([port, address]) => packAddress(numberOf(port), textOf(address)),
  pack_sockaddr_in: ([port, address]) => packAddress(numberOf(port), textOf(address)),
  strftime: ([form, ...parts]) => strftime(textOf(form), parts.map(numberOf)),
  ...Object.fromEntries(
    Object.entries({
      ...{
        PF_INET: 2,
        AF_INET: 2,
        SOCK_STREAM: 1,
        SOCK_DGRAM: 2,
        SOCK_RAW: 3,
        SOL_SOCKET: 1,
        SO_REUSEADDR: 2,
        SOMAXCONN: 4096,
      },
      ...{
        INADDR_ANY: '\0\0\0\0',
        IPPROTO_TCP: 6,
        LOCK_EX: 2,
        LOCK_SH: 1,
        LOCK_UN: 8,
        O_RDONLY: 0,
        O_WRONLY: 1,
        O_RDWR: 2,
      },
      ...{ O_CREAT: 64, WNOHANG: 1, EINTR: 4, SIGINT: 2, SIGTERM: 15, SIGCHLD: 17, EXIT_SUCCESS: 0, EXIT_FAILURE: 1 },
    }).map(([name, value]) => [name, constant(value)]),
  ),
};

const methods: Readonly<Record<string, Own>> = {
  'IO::Socket::INET->new': (args, runtime) => newSocket(args, runtime),
  'IO::Socket->new': (args, runtime) => newSocket(args, runtime),
  'IO::Select->new': () => new PerlHandle('select'),
  'IO::File->new': () => undefined,
  'IO::Handle->autoflush': constant(1),
  'IO::Handle->print': ([handle, ...values]) => {
    if (handle instanceof PerlHandle) handle.output?.(values.map(textOf).join(''));
    return 1;
  },
  'IO::Handle->close': constant(1),
  'IO::Handle->opened': ([handle]) => (handle instanceof PerlHandle && handle.isOpen ? 1 : ''),
  'IO::Handle->add': constant(1),
  'IO::Handle->can_read': () => [],
  'STDOUT->autoflush': constant(1),
  'STDERR->autoflush': constant(1),
  'STDOUT->flush': constant(1),
};

/** A function or method of a module that the program uses; undefined where there is none. */
export async function callModule(
  runtime: Runtime,
  name: string,
  args: readonly Scalar[],
  isList: boolean,
): Promise<Scalar[] | undefined> {
  const bare = name.replace(
    /^(?:POSIX|Socket|Cwd|File::\w+|MIME::Base64|Digest::\w+|List::Util|Scalar::Util|Sys::Hostname|Time::HiRes|Data::Dumper|Carp)::/,
    '',
  );
  const table = name.includes('->') ? methods : runtime.modules.size > 0 || bare !== name ? functions : {};
  const run = Object.hasOwn(table, bare) ? table[bare] : undefined;
  if (!run) return undefined;
  const given = await run(args, runtime, isList);
  return Array.isArray(given) ? given : [given];
}

function newSocket(args: readonly Scalar[], runtime: Runtime): Scalar {
  const options = new Map<string, Scalar>();
  for (let at = 1; at < args.length; at += 2) options.set(textOf(args[at]), args[at + 1]);
  const peer = textOf(args.length === 2 ? args[1] : (options.get('PeerAddr') ?? options.get('PeerHost')));
  // One that waits for others: it is there, and nobody comes.
  if (isTrue(options.get('Listen'))) return new PerlHandle('socket');
  refuse(runtime, peer.replace(/:\d+$/, ''));
  const why = textOf(cellOf(runtime.globals, '!').value);
  cellOf(runtime.globals, '@').value = `IO::Socket::INET: connect: ${why}`;
  return undefined;
}

function strftime(
  form: string,
  [second = 0, minute = 0, hour = 0, date = 1, month = 0, year = 70]: readonly number[],
): string {
  const at = new Date(Date.UTC(year + 1900, month, date, hour, minute, second));
  const iso = Number.isNaN(at.getTime()) ? '1970-01-01T00:00:00' : at.toISOString();
  const [day = '', time = ''] = iso.slice(0, 19).split('T');
  const values: Readonly<Record<string, string>> = {
    ...{
      Y: day.slice(0, 4),
      m: day.slice(5, 7),
      d: day.slice(8),
      H: time.slice(0, 2),
      M: time.slice(3, 5),
      S: time.slice(6),
    },
    ...{
      F: day,
      T: time,
      y: day.slice(2, 4),
      Z: 'UTC',
      z: '+0000',
      s: String(Math.floor(at.getTime() / 1000)),
      '%': '%',
      n: '\n',
    },
    ...{ a: at.toUTCString().slice(0, 3), b: at.toUTCString().slice(8, 11), e: String(date).padStart(2) },
  };
  return form.replace(/%([a-zA-Z%])/g, (whole, letter: string) => values[letter] ?? whole);
}
