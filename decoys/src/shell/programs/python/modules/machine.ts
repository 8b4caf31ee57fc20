import { releaseOf } from '../../releases.ts';
import { accountsIn } from '../../world-accounts.ts';
import { buildOf } from '../build-of.ts';
import { leave } from '../built-ins.ts';
import { exceptionOf, makeException, PythonFault } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { itemsOf, keyOf } from '../operators.ts';
import { builtIns, type Runtime, textArgument } from '../runtime.ts';
import { fileOver, placeOf } from '../text-files.ts';
import { PyBuiltIn, PyClass, PyDict, PyInstance, PyIterator, PyList, PyTuple, type Value } from '../values.ts';

export const machineModules: Modules = {
  sys: (runtime) => sys(runtime),
  platform: ({ call }) => {
    const { hostname, kernel } = call.machine.persona;
    return builtIns({
      system: () => 'Linux',
      machine: () => kernel.machine,
      processor: () => '',
      node: () => hostname,
      release: () => kernel.release,
      version: () => kernel.build,
      platform: () => `Linux-${kernel.release}-${kernel.machine}-with-glibc2.36`,
      python_version: () => releaseOf(call.machine.persona).python,
      architecture: () => new PyTuple(['64bit', 'ELF']),
      uname: () => new PyTuple(['Linux', hostname, kernel.release, kernel.build, kernel.machine]),
    });
  },
  pwd: (runtime) =>
    builtIns({
      getpwnam: ([name]) =>
        account(runtime, ({ name: each }) => each === name, `getpwnam(): name not found: '${String(name)}'`),
      getpwuid: ([uid]) =>
        account(runtime, (each) => BigInt(each.uid) === uid, `getpwuid(): uid not found: ${String(uid)}`),
      getpwall: () => new PyList(accountsIn(runtime.call.machine).map(rowOf)),
    }),
  getpass: (runtime) => builtIns({ getuser: () => runtime.call.machine.visitor.user, getpass: () => '' }),
  collections: () => [
    ['OrderedDict', new PyClass('OrderedDict', [], new Map(), () => new PyDict())],
    ['defaultdict', new PyClass('defaultdict', [], new Map(), ([make]) => new PyDict(make))],
    [
      'deque',
      new PyClass('deque', [], new Map(), ([items]) => new PyList(items === undefined ? [] : [...itemsOf(items)])),
    ],
    ['Counter', new PyClass('Counter', [], new Map(), ([items]) => counted(items === undefined ? [] : itemsOf(items)))],
  ],
  itertools: () =>
    builtIns({
      chain: (lists) => new PyIterator(lists.flatMap(itemsOf), 'chain'),
      product: (lists) => new PyIterator(product(lists.map(itemsOf)), 'product'),
      islice: ([items = null, to]) => new PyIterator(itemsOf(items).slice(0, Number(to)), 'islice'),
      repeat: ([value = null, times]) =>
        new PyIterator(
          Array.from({ length: Math.min(Number(times ?? 1000), 10_000) }, () => value),
          'repeat',
        ),
      cycle: ([items = null]) => new PyIterator(Array.from({ length: 100 }, () => itemsOf(items)).flat(), 'cycle'),
    }),
  functools: (runtime) =>
    builtIns({
      reduce: async ([callee = null, items = null, start]) => {
        const [first = null, ...rest] = start === undefined ? itemsOf(items) : [start, ...itemsOf(items)];
        let value = first;
        for (const item of rest) value = await runtime.invoke(callee, [value, item]);
        return value;
      },
      partial: ([callee = null, ...given]) =>
        new PyBuiltIn('partial', async (args, named) => await runtime.invoke(callee, [...given, ...args], named)),
      wraps: () => new PyBuiltIn('wraps', ([callee = null]) => callee),
    }),
  pathlib: (runtime) => [
    ['Path', new PyClass('Path', [], new Map(), ([path]) => pathOf(runtime, String(path ?? '.')))],
  ],
  uuid: () => builtIns({ uuid4: () => crypto.randomUUID() }),
  io: () => [],
};

function sys(runtime: Runtime): [string, Value][] {
  const { python } = releaseOf(runtime.call.machine.persona);
  const version = python.split('.').map((part) => BigInt(part));
  const [major = 3n, minor = 11n, micro = 0n] = version;
  const info = new PyInstance(
    new PyClass('sys.version_info', [], new Map(), () => null),
    new Map<string, Value>([
      ['major', major],
      ['minor', minor],
      ['micro', micro],
      ['\0groups', new PyTuple([major, minor, micro, 'final', 0n])],
    ]),
  );
  const { built, compiler } = buildOf(python);
  const release = python.split('.').slice(0, 2).join('.');
  const input = Buffer.from(runtime.call.stdin(), 'utf8');
  const output = (isError: boolean) =>
    fileOver({
      path: isError ? '<stderr>' : '<stdout>',
      isBytes: false,
      writes: true,
      encoding: 'utf8',
      read: () => Buffer.alloc(0),
      write: (bytes) => runtime.write(bytes.toString('utf8'), isError),
    });
  return [
    ['argv', new PyList([...runtime.argv])],
    ['version', `${python} (main, ${built}) [${compiler}]`],
    ['version_info', info],
    ['platform', 'linux'],
    ['executable', '/usr/bin/python3'],
    ['byteorder', 'little'],
    ['maxsize', 9223372036854775807n],
    ['path', new PyList(['', `/usr/lib/python${release.replace('.', '')}.zip`, `/usr/lib/python${release}`])],
    ['modules', new PyDict()],
    [
      'stdin',
      fileOver({
        path: '<stdin>',
        isBytes: false,
        writes: false,
        encoding: 'utf8',
        read: () => input,
        write: () => undefined,
      }),
    ],
    ['stdout', output(false)],
    ['stderr', output(true)],
    ...builtIns({
      exit: ([code = null]) => leave(code),
      getdefaultencoding: () => 'utf-8',
      exc_info: () => new PyTuple([null, runtime.handled?.value ?? null, null]),
      setrecursionlimit: () => null,
    }),
  ];
}

type Account = ReturnType<typeof accountsIn>[number];

function account(runtime: Runtime, is: (account: Account) => boolean, missing: string): Value {
  const found = accountsIn(runtime.call.machine).find(is);
  if (!found) throw new PythonFault(makeException(exceptionOf('KeyError'), [missing]));
  return rowOf(found);
}

function rowOf({ name, uid, gid, gecos, home, shell }: Account): PyInstance {
  const row = {
    pw_name: name,
    pw_passwd: 'x',
    pw_uid: BigInt(uid),
    pw_gid: BigInt(gid),
    pw_gecos: gecos,
    pw_dir: home,
    pw_shell: shell,
  };
  return new PyInstance(
    new PyClass('pwd.struct_passwd', [], new Map(), () => null),
    new Map<string, Value>([...Object.entries(row), ['\0groups', new PyTuple(Object.values(row))]]),
  );
}

function counted(items: readonly Value[]): PyDict {
  const dict = new PyDict(new PyBuiltIn('int', () => 0n));
  for (const item of items)
    dict.entries.set(keyOf(item), [item, BigInt(Number(dict.entries.get(keyOf(item))?.[1] ?? 0) + 1)]);
  return dict;
}

const productMax = 10_000;

function product(lists: readonly (readonly Value[])[]): PyTuple[] {
  const rows = lists.reduce<Value[][]>(
    (all, list) => all.flatMap((row) => list.map((item) => [...row, item])).slice(0, productMax),
    [[]],
  );
  return rows.map((row) => new PyTuple(row));
}

function pathOf(runtime: Runtime, path: string): PyInstance {
  const { world, actor } = runtime.call.machine;
  const place = placeOf(runtime, path);
  return new PyInstance(
    new PyClass('PosixPath', [], new Map(builtIns({ __str__: () => path })), () => null),
    new Map<string, Value>([
      ['\0path', path],
      ['name', path.slice(path.lastIndexOf('/') + 1)],
      ...builtIns({
        exists: () => world.find(place) !== undefined,
        is_file: () => ['file', 'made'].includes(world.find(place)?.kind ?? ''),
        is_dir: () => world.find(place)?.kind === 'folder',
        read_text: () => Buffer.from(world.read(place, actor)).toString('utf8'),
        write_text: ([text]) => {
          world.write(place, Buffer.from(textArgument(text), 'utf8'), actor, 0o644);
          return BigInt(String(text).length);
        },
        joinpath: ([more]) => pathOf(runtime, `${path.replace(/\/$/, '')}/${String(more)}`),
        home: () => pathOf(runtime, '/root'),
      }),
    ]),
  );
}
