import type { SimpleCommandNode, StatementNode } from 'just-bash';
import { parseOnce } from './parse-once.ts';

/** Programs that read their standard input unless they are given files. */
const readers = new Set([
  'cat',
  'tee',
  'grep',
  'egrep',
  'fgrep',
  'wc',
  'sort',
  'uniq',
  'head',
  'tail',
  'sed',
  'awk',
  'tr',
  'cut',
  'base64',
  'md5sum',
  'sha1sum',
  'sha256sum',
  'xargs',
  'gzip',
  'gunzip',
  'zcat',
  'tar',
  'od',
  'xxd',
  'hexdump',
  'rev',
  'tac',
  'nl',
  'paste',
  'strings',
]);
/** Programs whose whole input is the point. */
const always = new Set([
  'sh',
  'bash',
  'ash',
  'dash',
  'dd',
  'python',
  'python3',
  'perl',
  'read',
  'chpasswd',
  'crontab',
  'php',
  'ruby',
  'mapfile',
]);

/** Shells: at a terminal they are talked to, not fed. */
const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash']);
/** What has a prompt of its own there. */
const talkers: ReadonlySet<string> = new Set([...shells, 'python', 'python3']);

/** What runs the command that it is given. */
const callers: ReadonlySet<string> = new Set(['busybox', 'sudo', 'nohup']);
/** All at once: ten thousand times `sudo` took half a minute, one by one. */
const isNoCaller = (word: string) => !callers.has(word.replace(/^.*\//, ''));

/** Whether a line would wait for what is typed or piped to it. Told from its text: nothing is run. */
export function wantsInput(line: string, isTerminal = false): boolean {
  try {
    return parseOnce(line).statements.some((statement) => statementWants(statement, isTerminal));
  } catch {
    return false;
  }
}

/** The shell that a command is nothing but, and that reads what follows, by its name: `sh`, `/bin/bash -s`. */
export function bareShell(command: string): { readonly calledAs: string; readonly isApplet: boolean } | undefined {
  const [program = '', ...words] = command.trim().split(/\s+/);
  const isApplet = /(?:^|\/)busybox$/.test(program);
  const [path = '', ...options] = isApplet ? words : [program, ...words];
  const calledAs = path.replace(/^.*\//, '');
  const isBare = options.every((option) => /^-(?:[ils]|-login|-noprofile|-norc)$/.test(option));
  return shells.has(calledAs) && isBare ? { calledAs, isApplet } : undefined;
}

function statementWants({ pipelines }: StatementNode, isTerminal: boolean): boolean {
  const wants = (statement: StatementNode) => statementWants(statement, isTerminal);
  return pipelines.some(({ commands }) => {
    const [first] = commands;
    if (!first) return false;
    if (first.type === 'SimpleCommand') return commandWants(first, isTerminal);
    if (first.type === 'While' || first.type === 'Until')
      return [...first.condition, ...first.body].some(wants) && first.redirections.length === 0;
    if (first.type === 'Group' || first.type === 'Subshell') return first.body.some(wants);
    return false;
  });
}

function commandWants({ name, args, redirections }: SimpleCommandNode, isTerminal: boolean): boolean {
  if (redirections.some(({ operator }) => operator.startsWith('<'))) return false;
  const words = args.map((word) => word.parts.map((part) => (part.type === 'Literal' ? part.value : '_')).join(''));
  const program = (name?.parts.map((part) => (part.type === 'Literal' ? part.value : '_')).join('') ?? '').replace(
    /^.*\//,
    '',
  );
  if (callers.has(program)) return wantsInput(words.slice(words.findIndex(isNoCaller)).join(' '), isTerminal);
  if (isTerminal && talkers.has(program)) return false;
  const operands = words.filter((word) => !word.startsWith('-') || word === '-');
  if (operands.includes('-')) return readers.has(program) || always.has(program);
  if (program === 'dd') return !words.some((word) => word.startsWith('if='));
  if (program === 'read' || program === 'mapfile' || program === 'chpasswd') return true;
  if (always.has(program))
    return operands.length === 0 && !words.some((word) => /^-\w*[celrV]/.test(word) || word.startsWith('--'));
  if (!readers.has(program)) return false;
  const patterns = /^(?:grep|egrep|fgrep|sed|awk|tr)$/.test(program) ? (program === 'tr' ? 2 : 1) : 0;
  if (program === 'tr' || program === 'xargs' || program === 'tee') return true;
  if (program === 'awk' && isOnlyBegin(args)) return false;
  if (program === 'tar') return words.some((word) => /^-?\w*x\w*f?$/.test(word)) && operands.length < 2;
  return (
    operands.filter((word) => !/^\d+$/.test(word)).length <= patterns &&
    !words.some((word) => word === '--help' || word === '--version')
  );
}

/** An awk program of nothing but what comes before the first line reads none: `awk 'BEGIN{print 1}'`. */
function isOnlyBegin(args: SimpleCommandNode['args']): boolean {
  const program = args.flatMap(({ parts: [part] }) => (part?.type === 'SingleQuoted' ? part.value : [])).at(0) ?? '';
  if (!/^\s*BEGIN\s*\{/.test(program)) return false;
  let depth = 0;
  // What stands in quotes may hold braces.
  const bare = program.replace(/"(?:\\.|[^"\\])*"/g, '');
  const end = [...bare].findIndex((character) => {
    depth += character === '{' ? 1 : character === '}' ? -1 : 0;
    return character === '}' && depth === 0;
  });
  return /^[\s;]*$/.test(bare.slice(end + 1));
}
