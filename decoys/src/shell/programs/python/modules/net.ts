import { exceptionOf, makeException, PythonFault, raise, raiseOs } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { itemsOf } from '../operators.ts';
import { builtIns, textArgument } from '../runtime.ts';
import { strOf } from '../show.ts';
import { PyBytes, PyClass, PyInstance, PyTuple, type Run, type Value } from '../values.ts';

const gaiError = new PyClass('gaierror', [exceptionOf('OSError')], new Map([['__module__', 'socket']]));
const urlError = new PyClass('URLError', [exceptionOf('OSError')], new Map([['__module__', 'urllib.error']]));

/** The network as a firewall leaves it that lets nothing out. */
export const netModules: Modules = {
  socket: (runtime) => [
    ...(
      [
        'AF_INET',
        'SOCK_STREAM',
        'SOCK_DGRAM',
        'SOCK_RAW',
        'AF_UNIX',
        'SOL_SOCKET',
        'SO_REUSEADDR',
        'IPPROTO_TCP',
        'IPPROTO_UDP',
        'SHUT_RDWR',
      ] as const
    ).map((name, at): [string, Value] => [name, BigInt(Math.min(at + 1, 3))]),
    ['timeout', exceptionOf('TimeoutError')],
    ['error', exceptionOf('OSError')],
    ['gaierror', gaiError],
    ...builtIns({
      socket: () => socketOf(),
      create_connection: ([address = null]) => connect(address),
      gethostname: () => runtime.call.machine.persona.hostname,
      getfqdn: () => runtime.call.machine.persona.hostname,
      gethostbyname: ([name]) => addressOf(textArgument(name)),
      setdefaulttimeout: () => null,
      inet_aton: ([address]) => new PyBytes(Buffer.from(String(address).split('.').map(Number))),
      inet_ntoa: ([bytes]) => (bytes instanceof PyBytes ? [...bytes.bytes].join('.') : ''),
      htons: ([value]) => BigInt(((Number(value) & 0xff) << 8) | ((Number(value) >> 8) & 0xff)),
    }),
  ],
  urllib: () => [],
  'urllib.request': () => [
    [
      'Request',
      new PyClass(
        'Request',
        [],
        new Map(),
        ([url]) => new PyInstance(new PyClass('Request'), new Map([['full_url', url ?? '']])),
      ),
    ],
    ...builtIns({ urlopen: ([url = null]) => opened(url), urlretrieve: ([url = null]) => opened(url) }),
  ],
  'urllib.error': () => [
    ['URLError', urlError],
    ['HTTPError', new PyClass('HTTPError', [urlError])],
  ],
  'urllib.parse': () =>
    builtIns({
      quote: ([text]) => encodeURIComponent(String(text)).replaceAll('%2F', '/'),
      unquote: ([text]) => unquoted(String(text)),
      urlparse: ([url]) => parsed(String(url)),
      urlencode: ([pairs = null]) => itemsOf(pairs).map(strOf).join('&'),
    }),
  urllib2: missing('urllib2'),
  requests: missing('requests'),
  paramiko: missing('paramiko'),
};

/** What Debian does not bring with its Python. */
function missing(name: string): Modules[string] {
  return () => raise('ModuleNotFoundError', `No module named '${name}'`);
}

const isLocal = /^(?:127\.|localhost$|0\.0\.0\.0$|$)/;

function addressOf(host: string): string {
  if (isLocal.test(host)) return '127.0.0.1';
  if (/^[\d.]+$/.test(host)) return host;
  throw new PythonFault(
    makeException(gaiError, [-3n, 'Temporary failure in name resolution'], {
      errno: -3n,
      strerror: 'Temporary failure in name resolution',
      filename: null,
    }),
  );
}

function connect(address: Value): never {
  const [host = ''] = itemsOf(address).map(String);
  return raiseOs(isLocal.test(addressOf(host)) ? 'ECONNREFUSED' : 'EHOSTUNREACH');
}

const socketType = new PyClass('socket', [], new Map(), () => null);

function socketOf(): PyInstance {
  const silent = Object.fromEntries(
    ['settimeout', 'setsockopt', 'setblocking', 'close', 'shutdown', 'bind', 'listen'].map((name): [string, Run] => [
      name,
      () => null,
    ]),
  );
  const unconnected: Run = () => {
    throw new PythonFault(
      makeException(exceptionOf('OSError'), [107n, 'Transport endpoint is not connected'], {
        errno: 107n,
        strerror: 'Transport endpoint is not connected',
        filename: null,
      }),
    );
  };
  return new PyInstance(
    socketType,
    new Map(
      builtIns({
        ...silent,
        connect: ([address = null]) => connect(address),
        connect_ex: ([address = null]) => (isLocal.test(addressOf(String(itemsOf(address)[0] ?? ''))) ? 111n : 113n),
        fileno: () => 3n,
        sendto: ([bytes]) => BigInt(bytes instanceof PyBytes ? bytes.bytes.length : 0),
        ...{
          send: unconnected,
          sendall: unconnected,
          recv: unconnected,
          accept: () => raise('TimeoutError', 'timed out'),
        },
      }),
    ),
  );
}

function opened(url: Value): never {
  const text = url instanceof PyInstance ? String(url.members.get('full_url')) : String(url);
  const host = /^\w+:\/\/(?:[^@/]*@)?([^:/]*)/.exec(text)?.[1];
  if (host === undefined) raise('ValueError', `unknown url type: '${text}'`);
  const reason = isLocal.test(host)
    ? '[Errno 111] Connection refused'
    : /^[\d.]+$/.test(host)
      ? '[Errno 113] No route to host'
      : '[Errno -3] Temporary failure in name resolution';
  throw new PythonFault(makeException(urlError, [`<urlopen error ${reason}>`], { reason }));
}

function unquoted(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(url: string): Value {
  const [, scheme = '', netloc = '', path = '', query = ''] =
    /^(?:(\w+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  const members = { scheme, netloc, path, query, hostname: netloc.replace(/:\d+$/, '') };
  return new PyInstance(
    new PyClass('ParseResult', [], new Map(), () => null),
    new Map<string, Value>([
      ...Object.entries(members),
      ['\0groups', new PyTuple([scheme, netloc, path, '', query, ''])],
    ]),
  );
}
