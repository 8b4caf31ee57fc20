import { PyClass, PyInstance, PyTuple, type Value } from './values.ts';

/** An exception of the program's, on its way to who catches it. */
export class PythonFault extends Error {
  readonly value: PyInstance;
  /** Where it passed, innermost first. */
  readonly trace: { line: number; where: string }[] = [];
  constructor(value: PyInstance) {
    super(value.type.name);
    this.value = value;
  }
}

/** The program took all that a line may take: a real machine would be busy, or have killed it. */
export class TooMuch extends Error {}

const tree: Readonly<Record<string, string>> = {
  BaseException: 'Exception SystemExit KeyboardInterrupt GeneratorExit',
  Exception:
    'ArithmeticError LookupError OSError ValueError TypeError NameError AttributeError RuntimeError ImportError StopIteration AssertionError EOFError MemoryError SyntaxError BufferError Warning',
  ArithmeticError: 'ZeroDivisionError OverflowError',
  LookupError: 'KeyError IndexError',
  OSError:
    'FileNotFoundError PermissionError FileExistsError IsADirectoryError NotADirectoryError ConnectionError TimeoutError ProcessLookupError ChildProcessError BlockingIOError',
  ConnectionError: 'ConnectionRefusedError ConnectionResetError BrokenPipeError ConnectionAbortedError',
  ValueError: 'UnicodeError',
  UnicodeError: 'UnicodeDecodeError UnicodeEncodeError',
  NameError: 'UnboundLocalError',
  RuntimeError: 'NotImplementedError RecursionError',
  ImportError: 'ModuleNotFoundError',
  SyntaxError: 'IndentationError',
  Warning: 'DeprecationWarning UserWarning RuntimeWarning',
};

/** Every exception that is built in, by its name. */
export const exceptions: ReadonlyMap<string, PyClass> = makeExceptions();

function makeExceptions(): Map<string, PyClass> {
  const made = new Map<string, PyClass>([['BaseException', new PyClass('BaseException')]]);
  for (const [base, names] of Object.entries(tree)) {
    const parent = made.get(base);
    for (const name of names.split(' ')) made.set(name, new PyClass(name, parent ? [parent] : []));
  }
  return made;
}

/** A built-in one, by name. @throws where we have none of that name */
export function exceptionOf(name: string): PyClass {
  const type = exceptions.get(name);
  if (!type) throw new Error(`No exception is called ${name}.`);
  return type;
}

export function makeException(
  type: PyClass,
  args: readonly Value[],
  members: Readonly<Record<string, Value>> = {},
): PyInstance {
  return new PyInstance(type, new Map([['args', new PyTuple(args)], ...Object.entries(members)]));
}

/** @throws PythonFault, which the visitor's program may catch */
export function raise(name: string, message: string): never {
  throw new PythonFault(makeException(exceptionOf(name), [message]));
}

const errors: Readonly<Record<string, readonly [number, string, string]>> = {
  ENOENT: [2, 'FileNotFoundError', 'No such file or directory'],
  EACCES: [13, 'PermissionError', 'Permission denied'],
  EEXIST: [17, 'FileExistsError', 'File exists'],
  ENOTDIR: [20, 'NotADirectoryError', 'Not a directory'],
  EISDIR: [21, 'IsADirectoryError', 'Is a directory'],
  ENOTEMPTY: [39, 'OSError', 'Directory not empty'],
  ELOOP: [40, 'OSError', 'Too many levels of symbolic links'],
  ENOSPC: [28, 'OSError', 'No space left on device'],
  EPERM: [1, 'PermissionError', 'Operation not permitted'],
  ESRCH: [3, 'ProcessLookupError', 'No such process'],
  ECHILD: [10, 'ChildProcessError', 'No child processes'],
  ECONNREFUSED: [111, 'ConnectionRefusedError', 'Connection refused'],
  EHOSTUNREACH: [113, 'OSError', 'No route to host'],
  EADDRINUSE: [98, 'OSError', 'Address already in use'],
};

/** A fault as the C library numbers it. */
export function raiseOs(code: string, path?: string): never {
  const [number, type, text] = errors[code] ?? [5, 'OSError', 'Input/output error'];
  const members = { errno: BigInt(number), strerror: text, filename: path ?? null };
  throw new PythonFault(makeException(exceptionOf(type), [BigInt(number), text], members));
}
