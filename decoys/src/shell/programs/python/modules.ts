import { raise } from './faults.ts';
import { codecModules } from './modules/codecs.ts';
import { machineModules } from './modules/machine.ts';
import { netModules } from './modules/net.ts';
import { osModules } from './modules/os.ts';
import { patternModules } from './modules/patterns.ts';
import { processModules } from './modules/processes.ts';
import { structModules } from './modules/struct.ts';
import { timeModules } from './modules/time.ts';
import type { Runtime } from './runtime.ts';
import { PyModule, PyOpaque, type Value } from './values.ts';

export type Modules = Readonly<Record<string, (runtime: Runtime) => Iterable<readonly [string, Value]>>>;

const known: Modules = {
  ...osModules,
  ...processModules,
  ...netModules,
  ...codecModules,
  ...structModules,
  ...patternModules,
  ...timeModules,
  ...machineModules,
};

/** Those that Debian's Python brings and of which we know no more than that. */
const others: ReadonlySet<string> = new Set(
  'threading ssl ctypes signal select fcntl resource logging argparse csv zlib gzip bz2 tarfile zipfile errno types codecs termios tty selectors asyncio multiprocessing queue copy pickle sqlite3 ftplib smtplib telnetlib imaplib email html xml http concurrent traceback inspect ast dis secrets stat pprint textwrap warnings weakref abc contextlib dataclasses enum typing operator heapq bisect decimal fractions statistics configparser optparse getopt syslog grp crypt socketserver importlib pkgutil site sysconfig venv pip cmd code readline rlcompleter unittest doctest pdb timeit gc array mmap ipaddress locale gettext calendar fileinput filecmp fnmatch linecache difflib unicodedata webbrowser cgi base64'.split(
    ' ',
  ),
);

/** What `import` gives; the same at each import. @throws PythonFault ModuleNotFoundError */
export function createImporter(runtime: () => Runtime): (path: string) => Value {
  const loaded = new Map<string, Value>();
  return function importModule(path) {
    const before = loaded.get(path);
    if (before !== undefined) return before;
    const make = Object.hasOwn(known, path) ? known[path] : undefined;
    const [first = path] = path.split('.');
    if (!make && !others.has(first) && !Object.hasOwn(known, first))
      return raise('ModuleNotFoundError', `No module named '${path}'`);
    const made = make ? new PyModule(path, new Map(make(runtime()))) : new PyOpaque(`module '${path}'`);
    loaded.set(path, made);
    const last = path.lastIndexOf('.');
    const parent = last > 0 ? importModule(path.slice(0, last)) : undefined;
    if (parent instanceof PyModule) parent.members.set(path.slice(last + 1), made);
    return made;
  };
}
