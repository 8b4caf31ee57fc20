import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from 'just-bash';
import { looksLikeText } from './decode-text.ts';
import { isInterpreter, nestedTexts, type RunWords, runsStdin } from './nested-text.ts';
import { parseScript, withoutSeparators } from './parse-script.ts';
import { createPlaces, type Places, wordsScannedMax } from './places.ts';
import { producedText } from './produced-text.ts';
import { scanWords } from './scan-words.ts';
import { type Stage, scannedPipelines } from './stage.ts';
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
import { type WordScope, wordText, wordTexts } from './word-text.ts';

/** Where a text is read: typed by the visitor, or held by a word that he typed at `span`. */
interface Surroundings {
  readonly origin: Origin;
  readonly depth: number;
  readonly span: Span | null;
}

/**
 * Reads a command line as a shell would and tells every simple command in it, those inside `sh -c`, `$(…)`, decoded
 * base64 and the like included. Never throws; text that is no shell is read word by word, and a bound that is met
 * marks the reading partial.
 */
export function readShell(text: string): ShellReading {
  const reader = createReader();
  const parsed = reader.read(text.replaceAll('\u0000', ' '), { origin: 'typed', depth: 0, span: null });
  return { statements: reader.statements, parsed, partial: reader.isPartial() };
}

function createReader() {
  const statements: Statement[] = [];
  const variables = new Map<string, string>();
  let partial = false;
  let decodedCharacters = 0;
  let nested = 0;
  let places: Places = createPlaces('', 0);

  return { statements, read, isPartial: () => partial };

  /** @returns whether the text is valid shell. */
  function read(text: string, around: Surroundings): boolean {
    if (text.length > bounds.parsedCharacters) partial = true;
    const { body, offset } = withoutSeparators(text.slice(0, bounds.parsedCharacters));
    if (around.span === null) places = createPlaces(body, offset);
    const script = parseScript(body);
    if (script !== null) readBody(script.statements, around);
    else for (const stages of scannedPipelines(scanWords(body, wordsScannedMax, offset))) tell(stages, false, around);
    return script !== null;
  }

  function readBody(body: readonly StatementNode[], around: Surroundings): void {
    for (const { pipelines, background } of body) {
      for (const pipeline of pipelines) readPipeline(pipeline, background, around);
    }
  }

  function readPipeline({ commands }: PipelineNode, background: boolean, around: Surroundings): string | null {
    const stages = commands.map((command) => stageOf(command, around));
    const output = tell(stages, background, around);
    for (const command of commands) readCompound(command, around);
    return output;
  }

  function stageOf(command: CommandNode, around: Surroundings): Stage {
    if (command.type === 'SimpleCommand') return simpleStage(command, around);
    const scope = scopeOf(around, places.latest());
    const redirects: Redirect[] = [];
    for (const { operator, target } of command.redirections) {
      if (target.type === 'Word') redirects.push({ operator, target: wordText(target, scope) });
    }
    if (command.type === 'For') for (const word of command.words ?? []) wordTexts(word, scope);
    const words = [compoundNames[command.type], ...(command.type === 'FunctionDef' ? [command.name] : [])];
    return { words, variables: [], redirects, heredoc: null, span: around.span ?? places.latest() };
  }

  function simpleStage({ assignments, name, args, redirections }: SimpleCommandNode, around: Surroundings): Stage {
    // What `$(…)` holds is read before the place of its command is taken.
    const early = scopeOf(around, places.upcoming());
    const assigned = assignments.map((assignment) => ({
      name: assignment.name,
      value: [...(assignment.value ? [assignment.value] : []), ...(assignment.array ?? [])]
        .map((word) => wordText(word, early))
        .join(' '),
    }));
    if (name === null) for (const variable of assigned) remember(variable);
    const named = name ? wordTexts(name, early) : [];
    const span = around.span ?? placeOf(named[0], assigned[0]);
    const scope = scopeOf(around, span);
    const words = [...named, ...args.slice(0, bounds.words).flatMap((word) => wordTexts(word, scope))];
    return { words, variables: assigned, span, ...redirected(redirections, scope) };
  }

  function placeOf(name: string | undefined, assigned: Variable | undefined): Span {
    return name === undefined ? places.assignment(assigned?.name ?? '') : places.command(name);
  }

  function remember({ name, value }: Variable): void {
    if (variables.size < bounds.variables && !value.includes('$')) variables.set(name, value);
  }

  function scopeOf(around: Surroundings, span: Span): WordScope {
    return { variables, substitute: (script) => substitute(script, around, span) };
  }

  /** Reads the commands of `$(…)`, and tells its output where that is one of plain text tools; of `a || b`, that of `a`. */
  function substitute(script: ScriptNode, around: Surroundings, span: Span): string | null {
    if (isSpent(around)) return null;
    const inner = inside(around, 'nested', span);
    const [only, ...others] = script.statements;
    if (only === undefined || others.length > 0 || only.operators.some((operator) => operator !== '||')) {
      readBody(script.statements, inner);
      return null;
    }
    const outputs = only.pipelines.map((pipeline) => readPipeline(pipeline, false, inner));
    return outputs[0] ?? null;
  }

  function readCompound(command: CommandNode, around: Surroundings): void {
    const bodies = bodiesOf(command);
    if (bodies.length === 0) return;
    if (around.depth >= 2 * bounds.depth) partial = true;
    else for (const body of bodies) readBody(body, { ...around, depth: around.depth + 1 });
  }

  /** Tells a pipeline's commands, follows literal text through it, and gives what the last one prints where that is known. */
  function tell(stages: readonly Stage[], background: boolean, around: Surroundings): string | null {
    const unwrapped = stages.map(({ words }) => unwrap(words));
    const names = unwrapped.map(({ words: [path = ''] }) => baseName(path));
    let flowing: string | null = null;
    for (const [at, stage] of stages.entries()) {
      if (statements.length >= bounds.statements) {
        partial = true;
        return null;
      }
      const { words: [path = '', ...args] = [], via = [] } = unwrapped[at] ?? {};
      const command: RunWords = { name: names[at] ?? '', args };
      const stdin: string | null = stage.heredoc ?? flowing;
      statements.push({
        ...command,
        path,
        via,
        variables: stage.variables,
        redirects: stage.redirects,
        stdin,
        pipedFrom: names.slice(0, at),
        pipedInto: names.slice(at + 1),
        background,
        origin: around.origin,
        depth: around.depth,
        text: [command.name, ...args].join(' ').slice(0, bounds.statementTextCharacters),
        span: around.span ?? stage.span,
      });
      for (const text of nestedTexts(command)) readNested(text, 'nested', around, stage.span);
      if (stdin !== null) readStdin(command, stdin, flowing === null ? 'nested' : 'decoded', around, stage.span);
      flowing = producedText(command, stdin);
    }
    return flowing === null ? null : flowing.slice(0, bounds.decodedCharacters);
  }

  /** Reads what a command runs that it gets on its standard input. */
  function readStdin(command: RunWords, stdin: string, origin: Origin, around: Surroundings, span: Span): void {
    if (runsStdin(command)) readNested(stdin, origin, around, span);
    if (command.name === 'crontab') readNested(stdin.replace(cronTimes, ''), 'nested', around, span);
    if (!isInterpreter(command.name)) return;
    for (const text of nestedTexts({ ...command, args: [stdin] })) readNested(text, 'nested', around, span);
  }

  function readNested(text: string, origin: Origin, around: Surroundings, span: Span): void {
    decodedCharacters += text.length;
    if (decodedCharacters > bounds.decodedCharacters) partial = true;
    else if (!isSpent(around) && (text.length <= 2 || looksLikeText(text))) read(text, inside(around, origin, span));
  }

  /** Counts one nested text, and says whether the budget for them is used up. */
  function isSpent({ depth }: Surroundings): boolean {
    const spent = depth >= bounds.depth || nested++ >= bounds.nestedTexts;
    partial ||= spent;
    return spent;
  }
}

const cronTimes = /^(?:[\d*/,-]+\s+){5}|^@\w+\s+/gm;

/** What the heads of compound commands are called as statements. */
const compoundNames = {
  For: 'for',
  CStyleFor: 'for',
  While: 'while',
  Until: 'until',
  If: 'if',
  Case: 'case',
  Subshell: '(',
  Group: '{',
  ConditionalCommand: '[[',
  ArithmeticCommand: '((',
  FunctionDef: 'function',
} satisfies Record<Exclude<CommandNode['type'], 'SimpleCommand'>, string>;

function inside(around: Surroundings, origin: Origin, span: Span): Surroundings {
  return {
    origin: around.origin === 'decoded' ? 'decoded' : origin,
    depth: around.depth + 1,
    span: around.span ?? span,
  };
}

function redirected(
  redirections: SimpleCommandNode['redirections'],
  scope: WordScope,
): Pick<Stage, 'redirects' | 'heredoc'> {
  const redirects: Redirect[] = [];
  let heredoc: string | null = null;
  for (const { fd, operator, target } of redirections) {
    if (target.type === 'HereDoc') heredoc = wordText(target.content, scope);
    else if (operator === '<<<') heredoc = wordText(target, scope);
    else redirects.push({ operator: `${fd ?? ''}${operator}`, target: wordText(target, scope) });
  }
  return { redirects, heredoc };
}

function bodiesOf(command: CommandNode): readonly StatementNode[][] {
  switch (command.type) {
    case 'If':
      return [...command.clauses.flatMap(({ condition, body }) => [condition, body]), command.elseBody ?? []];
    case 'While':
    case 'Until':
      return [command.condition, command.body];
    case 'Case':
      return command.items.map(({ body }) => body);
    case 'FunctionDef':
      return bodiesOf(command.body);
    case 'For':
    case 'CStyleFor':
    case 'Subshell':
    case 'Group':
      return [command.body];
    default:
      return [];
  }
}
