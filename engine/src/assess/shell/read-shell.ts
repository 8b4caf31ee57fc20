import {
  type CommandNode,
  type PipelineNode,
  parse,
  type ScriptNode,
  type SimpleCommandNode,
  type StatementNode,
  type WordNode,
} from 'just-bash';
import { looksLikeText } from './decode-text.ts';
import { isInterpreter, nestedTexts, runsStdin } from './nested-text.ts';
import { producedText } from './produced-text.ts';
import { type ScannedWord, scanWords } from './scan-words.ts';
import {
  bounds,
  type Origin,
  type Redirect,
  type ShellReading,
  type Span,
  type Statement,
  type Variable,
} from './statement.ts';
import { baseName, unwrap } from './unwrap.ts';
import { wordText, wordTexts } from './word-text.ts';

/** A command with its words told, before wrappers are taken off. */
interface Stage {
  readonly words: readonly string[];
  readonly variables: readonly Variable[];
  readonly redirects: readonly Redirect[];
  readonly heredoc: string | null;
  readonly span: Span;
}

interface Surroundings {
  readonly origin: Origin;
  readonly depth: number;
  /** Set inside nested text: the place of the typed word that holds it. */
  readonly span: Span | null;
}

/**
 * Reads a command line as a shell would and tells every simple command in it, those inside `sh -c`, `$(…)`, decoded
 * base64 and the like included. Never throws; text that is no shell is read word by word, and a bound that is met
 * marks the reading partial.
 */
export function readShell(text: string): ShellReading {
  const reader = createReader();
  const parsed = reader.read(text.replaceAll('\u0000', ''), { origin: 'typed', depth: 0, span: null });
  return { statements: reader.statements, parsed, partial: reader.isPartial() };
}

function createReader() {
  const statements: Statement[] = [];
  const variables = new Map<string, string>();
  let partial = false;
  let decodedCharacters = 0;
  let nested = 0;
  let words: readonly ScannedWord[] = [];
  let cursor = 0;

  return { statements, read, isPartial: () => partial };

  function read(text: string, around: Surroundings): boolean {
    const cut = text.length > bounds.parsedCharacters;
    partial ||= cut;
    const { body, offset } = trimmed(cut ? text.slice(0, bounds.parsedCharacters) : text);
    if (around.span === null) words = scanWords(body, wordsScannedMax, offset);
    const script = parsedScript(body);
    if (script !== null) readBody(script.statements, around);
    else readWords(scanWords(body, wordsScannedMax, offset), around);
    return script !== null;
  }

  function readBody(body: readonly StatementNode[], around: Surroundings): void {
    for (const statement of body) {
      for (const pipeline of statement.pipelines) readPipeline(pipeline, statement.background, around);
    }
  }

  function readPipeline(pipeline: PipelineNode, background: boolean, around: Surroundings): void {
    const stages = pipeline.commands.map((command) => stageOf(command, around));
    emitPipeline(stages, background, around);
    for (const command of pipeline.commands) readCompound(command, around);
  }

  function stageOf(command: CommandNode, around: Surroundings): Stage {
    if (command.type === 'SimpleCommand') return simpleStage(command, around);
    const span = around.span ?? { start: 0, end: 0 };
    const redirects = command.redirections.flatMap((redirection) =>
      redirection.target.type === 'Word'
        ? [{ operator: redirection.operator, target: told(redirection.target, around).join(' ') }]
        : [],
    );
    const label =
      command.type === 'FunctionDef' ? ['function', command.name] : [compoundNames.get(command.type) ?? command.type];
    if (command.type === 'For') for (const word of command.words ?? []) told(word, around);
    return { words: label, variables: [], redirects, heredoc: null, span };
  }

  function simpleStage(command: SimpleCommandNode, around: Surroundings): Stage {
    const assigned = command.assignments.map((assignment) => ({
      name: assignment.name,
      value: assignment.value
        ? wordText(assignment.value, scopeOf(around))
        : (assignment.array ?? []).map((word) => wordText(word, scopeOf(around))).join(' '),
    }));
    const told1 = command.name ? told(command.name, around) : [];
    const place = command.name
      ? placeOf(told1[0] ?? '', around)
      : placeOf(command.assignments[0]?.name ?? '', around, true);
    const args = command.args.slice(0, bounds.words).flatMap((word) => told(word, around));
    if (command.name === null) for (const variable of assigned) remember(variable);
    const redirects: Redirect[] = [];
    let heredoc: string | null = null;
    for (const { fd, operator, target } of command.redirections) {
      if (target.type === 'HereDoc') heredoc = wordText(target.content, scopeOf(around));
      else if (operator === '<<<') heredoc = wordText(target, scopeOf(around));
      else redirects.push({ operator: `${fd ?? ''}${operator}`, target: wordText(target, scopeOf(around)) });
    }
    return { words: [...told1, ...args], variables: assigned, redirects, heredoc, span: place };
  }

  function remember({ name, value }: Variable): void {
    if (variables.size < 64 && !value.includes('$')) variables.set(name, value.slice(0, bounds.wordCharacters));
  }

  function told(word: WordNode, around: Surroundings): string[] {
    return wordTexts(word, scopeOf(around));
  }

  function scopeOf(around: Surroundings) {
    return { variables, substitute: (script: ScriptNode) => substitute(script, around) };
  }

  /** Reads the commands of `$(…)`, and tells its output where it is one pipeline of plain text tools. */
  function substitute(script: ScriptNode, around: Surroundings): string | null {
    if (around.depth >= bounds.depth || nested++ >= bounds.nestedTexts) {
      partial = true;
      return null;
    }
    const inner: Surroundings = {
      origin: around.origin === 'decoded' ? 'decoded' : 'nested',
      depth: around.depth + 1,
      span: around.span ?? lastSpan(),
    };
    const single =
      script.statements.length === 1 && script.statements[0]?.pipelines.length === 1
        ? script.statements[0].pipelines[0]
        : undefined;
    if (single === undefined || single.commands.some((command) => command.type !== 'SimpleCommand')) {
      readBody(script.statements, inner);
      return null;
    }
    return emitPipeline(
      single.commands.map((command) => stageOf(command, inner)),
      false,
      inner,
    );
  }

  function readCompound(command: CommandNode, around: Surroundings): void {
    if (command.type === 'SimpleCommand') return;
    if (around.depth >= bounds.depth * 2) {
      partial = true;
      return;
    }
    const inner = { ...around, depth: around.depth + 1 };
    switch (command.type) {
      case 'If':
        for (const clause of command.clauses) {
          readBody(clause.condition, inner);
          readBody(clause.body, inner);
        }
        if (command.elseBody) readBody(command.elseBody, inner);
        return;
      case 'While':
      case 'Until':
        readBody(command.condition, inner);
        readBody(command.body, inner);
        return;
      case 'Case':
        for (const item of command.items) readBody(item.body, inner);
        return;
      case 'FunctionDef':
        readCompound(command.body, inner);
        return;
      case 'For':
      case 'CStyleFor':
      case 'Subshell':
      case 'Group':
        readBody(command.body, inner);
        return;
      case 'ConditionalCommand':
      case 'ArithmeticCommand':
        return;
    }
  }

  /** Tells a pipeline's commands, follows literal text through it, and gives what the last one prints if that is known. */
  function emitPipeline(stages: readonly Stage[], background: boolean, around: Surroundings): string | null {
    const unwrapped = stages.map((stage) => unwrap(stage.words));
    const names = unwrapped.map(({ words: [path = ''] }) => baseName(path));
    let flowing: string | null = null;
    for (const [at, stage] of stages.entries()) {
      const { words: [path = '', ...args] = [], via } = unwrapped[at] ?? { via: [] };
      const name = names[at] ?? '';
      const stdin: string | null = stage.heredoc ?? flowing;
      if (statements.length >= bounds.statements) {
        partial = true;
        return null;
      }
      statements.push({
        name,
        path,
        args,
        via,
        variables: stage.variables,
        redirects: stage.redirects,
        stdin,
        pipedFrom: names.slice(0, at),
        pipedInto: names.slice(at + 1),
        background,
        origin: around.origin,
        depth: around.depth,
        text: [name, ...args].join(' ').slice(0, bounds.statementTextCharacters),
        span: around.span ?? stage.span,
      });
      const command = { name, args };
      for (const text of nestedTexts(command)) readNested(text, 'nested', around, stage.span);
      if (stdin !== null && runsStdin(command))
        readNested(stdin, flowing === null ? 'nested' : 'decoded', around, stage.span);
      if (stdin !== null && isInterpreter(name))
        for (const text of nestedTexts({ name, args: [stdin] })) readNested(text, 'nested', around, stage.span);
      if (stdin !== null && name === 'crontab')
        readNested(stdin.replace(/^(?:[\d*/,-]+\s+){5}|^@\w+\s+/gm, ''), 'nested', around, stage.span);
      flowing = producedText(command, stdin);
    }
    return flowing === null ? null : flowing.slice(0, bounds.decodedCharacters);
  }

  function readNested(text: string, origin: Origin, around: Surroundings, span: Span): void {
    decodedCharacters += text.length;
    if (
      around.depth >= bounds.depth ||
      nested++ >= bounds.nestedTexts ||
      decodedCharacters > bounds.decodedCharacters
    ) {
      partial = true;
      return;
    }
    if (!looksLikeText(text) && text.length > 2) return;
    read(text, {
      origin: around.origin === 'decoded' ? 'decoded' : origin,
      depth: around.depth + 1,
      span: around.span ?? span,
    });
  }

  /** The fallback: words up to each operator are a command. */
  function readWords(scanned: readonly ScannedWord[], around: Surroundings): void {
    let stages: Stage[] = [];
    let current: ScannedWord[] = [];
    for (const word of scanned) {
      if (!word.operator || word.text.includes('<') || word.text.includes('>')) {
        current.push(word);
        continue;
      }
      finishStage();
      if (word.text !== '|') finishPipeline();
    }
    finishStage();
    finishPipeline();

    function finishStage(): void {
      const [first] = current;
      if (first !== undefined)
        stages.push(wordStage(current, around.span ?? { start: first.start, end: current.at(-1)?.end ?? first.end }));
      current = [];
    }
    function finishPipeline(): void {
      if (stages.length > 0) emitPipeline(stages, false, around);
      stages = [];
    }
  }

  /** Finds a command's place by its first word, in step with the parser's order. */
  function placeOf(first: string, around: Surroundings, prefix = false): Span {
    if (around.span !== null) return around.span;
    for (let at = cursor; at < Math.min(words.length, cursor + 256); at++) {
      const word = words[at];
      if (word === undefined || word.operator || !(prefix ? word.text.startsWith(first) : word.text === first))
        continue;
      cursor = at + 1;
      return { start: word.start, end: endOfCommand(at) };
    }
    return nextCommandPlace();
  }

  /** For a command whose first word reads otherwise than it is written, as `$a$b` does. */
  function nextCommandPlace(): Span {
    for (let at = cursor; at < words.length; at++) {
      const word = words[at];
      if (
        word === undefined ||
        word.operator ||
        (at > 0 && words[at - 1]?.operator === false) ||
        reserved.has(word.text)
      )
        continue;
      cursor = at + 1;
      return { start: word.start, end: endOfCommand(at) };
    }
    return lastSpan();
  }

  function endOfCommand(at: number): number {
    let end = words[at]?.end ?? 0;
    for (let next = at + 1; next < words.length; next++) {
      const word = words[next];
      if (word === undefined || (word.operator && !/[<>]/.test(word.text))) break;
      end = word.end;
    }
    return end;
  }

  function lastSpan(): Span {
    const word = words[Math.max(0, cursor - 1)];
    return word === undefined
      ? { start: 0, end: 0 }
      : { start: word.start, end: endOfCommand(Math.max(0, cursor - 1)) };
  }
}

const wordsScannedMax = 16 * bounds.statements;
const reserved = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'for',
  'while',
  'until',
  'case',
  'esac',
  '{',
  '}',
  'in',
  '!',
]);
const compoundNames = new Map([
  ['For', 'for'],
  ['CStyleFor', 'for'],
  ['While', 'while'],
  ['Until', 'until'],
  ['If', 'if'],
  ['Case', 'case'],
  ['Subshell', '('],
  ['Group', '{'],
  ['ConditionalCommand', '[['],
  ['ArithmeticCommand', '(('],
]);

/** Statements cut out of a session keep their separators (`cd /tmp &&`, `; ls`); the parser would refuse those. */
function trimmed(text: string): { body: string; offset: number } {
  const offset = /^[\s;&|]*/.exec(text)?.[0].length ?? 0;
  let end = text.length;
  // Not by a regular expression: `(?:\s|;)+$` takes quadratic time on a long run of blanks in the middle.
  while (end > offset && /[\s;&|]/.test(text[end - 1] ?? '') && text[end - 2] !== '\\') end--;
  if (text[end] === '&' && text[end + 1] !== '&') end++;
  return { body: text.slice(offset, end), offset };
}

function parsedScript(text: string): ScriptNode | null {
  try {
    const script = parse(text);
    return script.statements.some((statement) => statement.deferredError) ? null : script;
  } catch {
    // The parser throws on anything that is no shell, and a RangeError on deep nesting; both mean: read the words.
    return null;
  }
}

function wordStage(scanned: readonly ScannedWord[], span: Span): Stage {
  const words: string[] = [];
  const redirects: Redirect[] = [];
  for (let at = 0; at < scanned.length; at++) {
    const word = scanned[at];
    if (word === undefined) continue;
    if (word.operator) redirects.push({ operator: word.text, target: scanned[++at]?.text ?? '' });
    else words.push(word.text.slice(0, bounds.wordCharacters));
  }
  return { words: words.slice(0, bounds.words), variables: [], redirects, heredoc: null, span };
}
