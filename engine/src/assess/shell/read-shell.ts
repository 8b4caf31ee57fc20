import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from 'just-bash';
import { bodiesOf, compoundNames } from './compound.ts';
import { comparedWords } from './condition-words.ts';
import { looksLikeText } from './decode-text.ts';
import { unglobbed } from './glob.ts';
import { createMemory, fileKey, outputAsFile } from './memory.ts';
import { callWords, isInterpreter, isShell, nestedTexts, type RunWords, runFile, runsStdin } from './nested-text.ts';
import { createScriptParser, withoutSeparators } from './parse-script.ts';
import { piecesRead, type ReadPiece } from './pieces-read.ts';
import { createPlaces, type Places, wordsScannedMax } from './places.ts';
import { producedText } from './produced-text.ts';
import { createReadingBudget } from './reading-budget.ts';
import { redirected } from './redirections.ts';
import { remember } from './remember.ts';
import { scanWords } from './scan-words.ts';
import { quoteWord } from './script-calls.ts';
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
import { sumCommands } from './sum-commands.ts';
import { inside, insideText, type Surroundings } from './surroundings.ts';
import { isTellingStage } from './tell-tale.ts';
import { baseName, unwrap, withStdinWords } from './unwrap.ts';
import { indexTexts, variableTexts } from './variable-texts.ts';
import { nameTexts, type WordScope, wordText, wordTexts } from './word-text.ts';

/** The command that is given `<(…)`, and the names of those whose output that is. */
interface Fed {
  readonly into: string;
  readonly fedBy: string[];
}

/**
 * Reads a command line as a shell would and tells every simple command in it, those inside `sh -c`, `$(…)`, decoded
 * base64 and the like included. Never throws; text that is no shell is read word by word, and a bound that is met
 * marks the reading partial.
 */
export function readShell(text: string): ShellReading {
  const reader = createReader();
  const parsed = reader.read(text.replaceAll('\u0000', ' '), { origin: 'typed', depth: 0, texts: 0, span: null });
  return { statements: reader.statements, parsed, partial: reader.isPartial() };
}

function createReader() {
  const statements: Statement[] = [];
  const memory = createMemory();
  const parser = createScriptParser();
  const budget = createReadingBudget();
  let places: Places = createPlaces('', 0);

  return { statements, read, isPartial: () => budget.isPartial() || parser.gaveUp() };

  /** @returns whether the text is valid shell. */
  function read(text: string, around: Surroundings): boolean {
    if (text.length > bounds.parsedCharacters) budget.refuse();
    return piecesRead(text)
      .map((piece) => readPiece(piece, around))
      .every((isValid) => isValid);
  }

  function readPiece({ text, from }: ReadPiece, around: Surroundings): boolean {
    const { body, offset } = withoutSeparators(text);
    if (around.span === null) places = createPlaces(body, from + offset);
    const script = parser.parse(body);
    if (script !== null) readBody(script.statements, around);
    else
      for (const stages of scannedPipelines(scanWords(body, wordsScannedMax, from + offset)))
        tell(stages, false, around);
    return script !== null;
  }

  function readBody(body: readonly StatementNode[], around: Surroundings): void {
    for (const { pipelines, background } of body) {
      for (const pipeline of pipelines) readPipeline(pipeline, background, around);
    }
  }

  function readPipeline(
    { commands }: PipelineNode,
    background: boolean,
    around: Surroundings,
    into: readonly string[] = [],
  ): string | null {
    const stages = commands.map((command) => stageOf(command, around));
    const output = tell(stages, background, around, into);
    for (const command of commands) {
      if (command.type === 'ArithmeticCommand') readSum(command, around);
      else readCompound(command, around);
    }
    return output;
  }

  function stageOf(command: CommandNode, around: Surroundings): Stage {
    if (command.type === 'SimpleCommand') return simpleStage(command, around);
    const scope = scopeOf(around, places.latest());
    const redirects: Redirect[] = [];
    for (const { operator, target } of command.redirections) {
      if (target.type === 'Word') redirects.push({ operator, target: wordText(target, scope) });
    }
    if (command.type === 'For') {
      const [first] = (command.words ?? []).flatMap((word) => wordTexts(word, scope));
      if (first !== undefined && listedWord.test(first)) memory.set(command.variable, first);
    }
    for (const word of comparedWords(command)) wordText(word, scope);
    if (command.type === 'CStyleFor')
      for (const sum of [command.init, command.condition, command.update])
        readSumCommands(sum, around, places.latest());
    if (command.type === 'FunctionDef') memory.define(command.name, bodiesOf(command).flat());
    const words = [compoundNames[command.type], ...(command.type === 'FunctionDef' ? [command.name] : [])];
    return { words, variables: [], redirects, heredoc: null, span: around.span ?? places.latest(), fedBy: [] };
  }

  function simpleStage({ assignments, name, args, redirections }: SimpleCommandNode, around: Surroundings): Stage {
    // What `$(…)` holds is read before the place of its command is taken.
    const early = scopeOf(around, places.upcoming());
    const assigned = assignments.map((assignment) => {
      const values = [...(assignment.value ? [assignment.value] : []), ...(assignment.array ?? [])].map((word) =>
        wordText(word, early),
      );
      const { name: variable, append, array } = assignment;
      if (name === null && array !== null) memory.setArray(variable, values);
      else if (name === null)
        memory.set(variable, `${append ? (memory.variables.get(variable) ?? '') : ''}${values.join(' ')}`);
      return { name: variable, value: values.join(' ') };
    });
    const named = name ? nameTexts(name, early) : [];
    const span = around.span ?? placeOf(named[0], assigned[0]);
    const fedBy: string[] = [];
    const scope = scopeOf(around, span, { into: baseName(named[0] ?? ''), fedBy });
    const words = [...named, ...args.slice(0, bounds.words).flatMap((word) => wordTexts(word, scope))];
    return { words, variables: assigned, span, ...redirected(redirections, scope), fedBy };
  }

  function placeOf(name: string | undefined, assigned: Variable | undefined): Span {
    return name === undefined ? places.assignment(assigned?.name ?? '') : places.command(name);
  }

  function scopeOf(around: Surroundings, span: Span, fed: Fed = { into: '', fedBy: [] }): WordScope {
    return {
      variables: memory.variables,
      substitute: (script) => substitute(script, around, span),
      feed: (script) => feed(script, around, span, fed),
      sum: (sum) => readSumCommands(sum, around, span),
      index: (name) => {
        for (const text of indexTexts(name)) readNested(text, 'nested', around, span);
      },
    };
  }

  /** Reads the commands of `<(…)`: where a shell is given it, their output is run as if it came through a pipe. */
  function feed(script: ScriptNode, around: Surroundings, span: Span, { into, fedBy }: Fed): void {
    const first = statements.length;
    const isRun = isShell(into) || into === 'source' || into === '.';
    const output = substitute(script, around, span, isRun ? [into] : []);
    if (isRun) fedBy.push(...statements.slice(first).map(({ name }) => name));
    memory.write(outputAsFile, output ?? '', false);
  }

  /** Reads the commands of `$(…)`, and tells its output where that is one of plain text tools; of `a || b`, that of `a`. */
  function substitute(
    script: ScriptNode,
    around: Surroundings,
    span: Span,
    into: readonly string[] = [],
  ): string | null {
    if (!budget.maySubstitute(around.depth)) return null;
    const inner = inside(around, 'nested', span);
    const [only, ...others] = script.statements;
    if (only === undefined || others.length > 0 || only.operators.some((operator) => operator !== '||')) {
      readBody(script.statements, inner);
      return null;
    }
    const outputs = only.pipelines.map((pipeline) => readPipeline(pipeline, false, inner, into));
    return outputs[0] ?? null;
  }

  function readCompound(command: CommandNode, around: Surroundings): void {
    const bodies = bodiesOf(command);
    if (bodies.length === 0 || !budget.mayOpen(around.depth)) return;
    for (const body of bodies) readBody(body, { ...around, depth: around.depth + 1 });
  }

  /** What bash takes for a sum, dash and busybox run: `((reboot))`. A true sum (`i++`) reads as a command that nobody has. */
  function readSum({ expression }: Extract<CommandNode, { type: 'ArithmeticCommand' }>, around: Surroundings): void {
    readNested(expression.originalText ?? '', 'nested', around, places.latest());
  }

  function readSumCommands(sum: unknown, around: Surroundings, span: Span): void {
    for (const text of sumCommands(sum)) readNested(text, 'nested', around, span);
  }

  /** Tells a pipeline's commands, follows literal text through it, and gives what the last one prints where that is known. */
  function tell(
    stages: readonly Stage[],
    background: boolean,
    around: Surroundings,
    into: readonly string[] = [],
  ): string | null {
    const unwrapped = stages.map(({ words }) => unwrap(words));
    const names = unwrapped.map(({ words: [path = ''] }) => unglobbed(baseName(path)));
    let flowing: string | null = null;
    for (const [at, stage] of stages.entries()) {
      if (statements.length >= bounds.statements) {
        budget.refuse();
        flowing = null;
        if (statements.length >= bounds.statements + bounds.tellingStatements) return null;
        if (!isTellingStage(stage) && !isTellingStage(stages[at - 1])) continue;
      }
      const { words: [path = '', ...given] = [], via = [] } = unwrapped[at] ?? {};
      const stdin: string | null = stage.heredoc ?? flowing ?? fileText(stage.redirects);
      const args = via.includes('xargs') && stdin !== null ? withStdinWords(given, stdin) : given;
      const command = { name: names[at] ?? '', args, path };
      statements.push({
        ...command,
        via,
        variables: stage.variables,
        redirects: stage.redirects,
        stdin,
        pipedFrom: [...names.slice(0, at), ...stage.fedBy],
        pipedInto: [...names.slice(at + 1), ...into],
        background,
        origin: around.origin,
        depth: around.depth,
        text: [command.name, ...args].join(' ').slice(0, bounds.statementTextCharacters),
        span: around.span ?? stage.span,
      });
      for (const text of variableTexts(stage.variables, command.name, args))
        readNested(text, 'nested', around, stage.span);
      readHeld(command, stdin, around, stage.span);
      if (stdin !== null) readStdin(command, stdin, flowing === null ? 'nested' : 'decoded', around, stage.span);
      flowing = producedText(command, stdin ?? readText(command));
      remember(command, stdin, flowing, stage.redirects, memory);
    }
    return flowing === null ? null : flowing.slice(0, bounds.decodedCharacters);
  }

  /** Reads what stands in a command's words, in the file that it runs, and behind its name. */
  function readHeld(
    command: RunWords & { path: string },
    stdin: string | null,
    around: Surroundings,
    span: Span,
  ): void {
    const texts = nestedTexts(command, stdin);
    // Most commands hold none, and to set and take back `$0` … `$9` for them was a fifth of the time of all reading.
    if (texts.length > 0)
      memory.calledWith(callWords(command), () => {
        for (const text of texts) readNested(text, 'nested', around, span);
      });
    const file = memory.files.size === 0 ? null : runFile(command);
    const script = file === null || file === '' ? undefined : memory.files.get(fileKey(file));
    if (script !== undefined) readNested(script, 'nested', around, span);
    const alias = memory.aliases.get(command.path);
    // An alias for itself with other options (`alias ls='ls -a'`) hides nothing.
    if (alias !== undefined && !alias.startsWith(command.name))
      readNested([alias, ...command.args.map(quoteWord)].join(' '), 'nested', around, span);
    const body = memory.functions.get(command.path);
    if (body === undefined || command.args.length === 0 || !budget.mayCall(around.texts)) return;
    memory.calledWith([command.name, ...command.args], () => readBody(body, insideText(around, 'nested', span)));
  }

  function fileText(redirects: readonly Redirect[]): string | null {
    const from = memory.files.size === 0 ? undefined : redirects.find(({ operator }) => operator === '<');
    return from === undefined ? null : (memory.files.get(fileKey(from.target)) ?? null);
  }

  /** The text of the file that a command names last, as `cat x` and `base64 -d x` do. */
  function readText({ args }: RunWords): string | null {
    const last = args.at(-1);
    return last === undefined ? null : (memory.files.get(fileKey(last)) ?? null);
  }

  /** Reads what a command runs that it gets on its standard input. */
  function readStdin(command: RunWords, stdin: string, origin: Origin, around: Surroundings, span: Span): void {
    if (runsStdin(command)) readNested(stdin, origin, around, span);
    if (command.name === 'crontab') readNested(stdin.replace(cronTimes, ''), 'nested', around, span);
    if (!isInterpreter(command.name)) return;
    for (const text of nestedTexts({ ...command, args: [stdin] })) readNested(text, 'nested', around, span);
  }

  function readNested(text: string, origin: Origin, around: Surroundings, span: Span): void {
    if (!budget.mayRead(text, around.texts) || (text.length > 2 && !looksLikeText(text))) return;
    read(text, insideText(around, origin, span));
  }
}

/** Words of a loop's list that tell more than the variable that stands for them; of numbers the variable tells more. */
const listedWord = /^[\w./@:+?*[\]-]*[A-Za-z/][\w./@:+?*[\]-]*$/;

const cronTimes = /^(?:[\d*/,-]+\s+){5}|^@\w+\s+/gm;
