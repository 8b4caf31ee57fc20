import type { Node } from './nodes.ts';
import { bind, type Parser } from './parser.ts';
import { partsOf, readArguments, startsTerm } from './read-arguments.ts';
import { inCode, readVariable } from './read-variable.ts';

/** Functions that take one value, or `$_`. */
const ofOne: ReadonlySet<string> = new Set(
  'defined ref scalar lc uc lcfirst ucfirst length chr ord int hex oct abs sqrt sin cos exp log exists delete shift pop chomp chop quotemeta rand srand sleep exit umask chdir rmdir readlink stat lstat localtime gmtime caller close undef eof each keys values chroot require fc fileno lock alarm closedir readdir rewinddir getpwnam getpwuid getgrnam getgrgid gethostbyname getprotobyname untie chained'.split(
    ' ',
  ),
);
const ofNone: ReadonlySet<string> = new Set('time wait fork getppid wantarray times getlogin'.split(' '));
const ofMany: ReadonlySet<string> = new Set(
  'push unshift splice join split sprintf reverse die warn open binmode seek tell truncate unlink mkdir rename link symlink chmod chown utime system exec kill waitpid index rindex substr pack unpack sysread syswrite read getc select socket connect bind listen accept send recv shutdown setsockopt opendir pos lcfirst atan2 vec bless return wantarray local sysopen fcntl ioctl flock pipe setpgrp getpgrp setpriority glob printf_ sysseek setsid formline dump gethostbyaddr crypt tie'.split(
    ' ',
  ),
);

/** A term that begins with a name. */
export function readWord(parser: Parser): Node {
  const { reader } = parser;
  const name = reader.take(/[A-Za-z_]\w*(?:(?:::|')(?=[A-Za-z_])\w+)*(?:::)?/) ?? reader.fault();
  if (reader.sees(/=>/)) return { kind: 'text', value: name };
  const read = Object.hasOwn(words, name) ? words[name] : undefined;
  if (read) return read(parser, name);
  if (ofNone.has(name)) {
    reader.take(/\(\s*\)/);
    return { kind: 'built-in', name, args: [] };
  }
  if (ofOne.has(name)) return { kind: 'built-in', name, args: readArguments(parser, true) };
  if (ofMany.has(name)) return { kind: 'built-in', name, args: readArguments(parser, false) };
  if (/^(?:STDIN|STDOUT|STDERR|ARGV|DATA)$/.test(name)) return { kind: 'glob', name };
  if (name === '__PACKAGE__') return { kind: 'text', value: 'main' };
  if (name === '__FILE__') return { kind: 'scalar', name: '0' };
  if (name === '__LINE__') return { kind: 'number', value: reader.line() };
  return readCall(parser, name);
}

function readCall(parser: Parser, name: string): Node {
  const { reader, declared } = parser;
  if (reader.sees(/->|::/) && !declared.has(name)) return { kind: 'text', value: name.replace(/::$/, '') };
  if (reader.take(/\(/) !== undefined) return { kind: 'call', name, args: parser.argumentsTo(')'), isAmpersand: false };
  // `new Class(…)`
  const ofClass = name === 'new' ? reader.take(/[A-Za-z_]\w*(?:::\w+)*/) : undefined;
  if (ofClass !== undefined) {
    const args = reader.take(/\(/) === undefined ? parser.openArguments() : parser.argumentsTo(')');
    return { kind: 'method', of: { kind: 'text', value: ofClass }, name, args };
  }
  if (declared.has(name) && startsTerm(parser))
    return { kind: 'call', name, args: parser.openArguments(), isAmpersand: false };
  if (/^[A-Z]\w*::/.test(name)) return { kind: 'text', value: name };
  return { kind: 'call', name: `${name}\0`, args: [], isAmpersand: false };
}

type ReadWord = (parser: Parser, name: string) => Node;

const words: Readonly<Record<string, ReadWord>> = {
  my: readMy,
  our: readMy,
  local: readMy,
  state: readMy,
  sub: ({ reader, block }) => {
    reader.take(/\([^)]*\)/);
    return { kind: 'sub', name: undefined, body: block() };
  },
  do: (parser) =>
    parser.reader.sees(/\{/)
      ? { kind: 'do', body: parser.block() }
      : { kind: 'built-in', name: 'do-file', args: [parser.expression(bind.named + 1)] },
  eval: (parser) =>
    parser.reader.sees(/\{/)
      ? { kind: 'eval-block', body: parser.block() }
      : { kind: 'built-in', name: 'eval', args: readArguments(parser, true) },
  map: readEach,
  grep: readEach,
  sort: readEach,
  print: readPrint,
  printf: readPrint,
  say: readPrint,
  return: (parser) => ({
    ...{ kind: 'leave', how: 'return' },
    what: startsTerm(parser) ? parser.expression(bind.comma) : undefined,
  }),
  next: readLeave,
  last: readLeave,
  redo: readLeave,
  qw: ({ reader }) => reader.fault(),
};

function readLeave({ reader }: Parser, name: string): Node {
  const what = reader.take(/(?!(?:if|unless|while|until|for|foreach|and|or)\b)[A-Za-z_]\w*/);
  return { kind: 'leave', how: name === 'next' ? 'next' : name === 'last' ? 'last' : 'redo', what };
}

function readMy(parser: Parser, name: string): Node {
  const { reader } = parser;
  const how = name === 'local' ? 'local' : name === 'our' ? 'our' : 'my';
  if (reader.take(/\(/) !== undefined)
    return { kind: 'my', how, target: { kind: 'list', items: parser.argumentsTo(')') } };
  reader.skip();
  const target = readVariable(reader, partsOf(parser), inCode) ?? (how === 'local' ? undefined : reader.fault());
  return { kind: 'my', how, target: target ?? { kind: 'glob', name: reader.take(/\*?\w+/) ?? reader.fault() } };
}

/** `map { … } list`, `grep(/…/, list)`, `sort by_name list`. */
function readEach(parser: Parser, name: string): Node {
  const { reader } = parser;
  const hasBrackets = reader.take(/\(/) !== undefined;
  let work: Node | undefined;
  if (reader.sees(/\{/)) {
    work = { kind: 'do', body: parser.block() };
    reader.take(/,/);
  } else if (name === 'sort') {
    const by = reader.take(/(\$?[a-z_]\w*)(?=\s+[@(]|\s+(?:keys|values|map|grep)\b)/);
    if (by !== undefined && !/^(?:keys|values|map|grep|reverse|sort|split|qw)$/.test(by))
      work = by.startsWith('$')
        ? { kind: 'call-code', code: { kind: 'scalar', name: by.slice(1) }, args: [] }
        : { kind: 'call', name: by, args: [], isAmpersand: true };
    else if (by !== undefined) reader.back(reader.place() - by.length);
  } else {
    work = parser.expression(bind.assign);
    reader.expect(',');
  }
  return { kind: 'each', name, work, args: hasBrackets ? parser.argumentsTo(')') : parser.openArguments() };
}

function readPrint(parser: Parser, name: string): Node {
  const { reader } = parser;
  const place = reader.place();
  const hasBrackets = reader.take(/\(/) !== undefined;
  const handle = readHandle(parser);
  if (!hasBrackets) return { kind: 'print', name, handle, args: startsTerm(parser) ? parser.openArguments() : [] };
  const args = parser.argumentsTo(')');
  // `print (1+2)*3` is a call in brackets; `print ("a") . "b"` too, as Perl has it. A list that only begins with brackets is one.
  if (handle === undefined && reader.sees(/x\s*\d|\[/)) {
    reader.back(place);
    return { kind: 'print', name, handle, args: parser.openArguments() };
  }
  return { kind: 'print', name, handle, args };
}

/** `STDERR`, `{$handle}` or `$handle` before what is printed to it. */
function readHandle(parser: Parser): Node | undefined {
  const { reader } = parser;
  const name = reader.take(/([A-Z][A-Z0-9_]*)(?=\s+[^\s=,.(;?:*/+x-]|\s*;?\s*$|\s*\)|\s+<<)(?!\s*(?:=>|->|::))/);
  if (name !== undefined) return { kind: 'glob', name };
  if (reader.sees(/\{\s*(?:\$|[A-Z])/)) {
    const bare = reader.take(/\{\s*([A-Z]\w*)\s*\}/);
    return bare === undefined ? { kind: 'do', body: parser.block() } : { kind: 'glob', name: bare };
  }
  const variable = reader.take(
    /\$([A-Za-z_]\w*)(?=\s+["'$@\w<])(?!\s+(?:x|eq|ne|lt|gt|le|ge|cmp|if|unless|for|foreach|and|or|while|until)\b)/,
  );
  return variable === undefined ? undefined : { kind: 'scalar', name: variable };
}
