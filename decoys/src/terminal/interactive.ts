import { killsShell } from '../shell/line-shape.ts';
import { loginKind, type ShellKind } from '../shell/shell-kind.ts';
import { isUnfinished } from '../shell/statements.ts';
import { openShell, tellInput, type Visit } from '../shell/visit.ts';
import { wantsInput } from '../shell/wants-input.ts';
import { createBurst } from './burst.ts';
import { completeWord } from './complete-word.ts';
import { greeting } from './greeting.ts';
import { createLineEditor, type Typed } from './line-editor.ts';
import { promptText } from './prompt.ts';
import { recallLine } from './recall-line.ts';
import { createTurns, type Outlet } from './turns.ts';

export interface Terminal {
  readonly name: string;
  readonly columns: () => number;
  readonly rows?: () => number;
  /** `$TERM`, as the client names it. */
  readonly type?: string;
  readonly write: (bytes: Uint8Array) => void;
  /** Where `write` writes to. */
  readonly outlet: Outlet;
  readonly close: (status: number) => void;
}

/** The longest that the keys of one visitor are heard before others are. */
const turnMs = 10;
const keysAtOnce = 16;

/**
 * A person (or a bot that acts like one) at a terminal: prompt, line, output, prompt. Feed it what the keys send. With a command
 * there is that, at a terminal, and its end is the end.
 */
export function startInteractive(visit: Visit, terminal: Terminal, command?: string) {
  const burst = createBurst(terminal.write);
  const write = (text: string) => burst.add(Buffer.from(text, 'utf8'));
  const decoder = new TextDecoder('utf-8');
  const shell = openShell(
    visit,
    terminal,
    {
      write: (bytes) => burst.add(withCarriage(bytes)),
      ask: (prompt, echo) =>
        new Promise((resolve) => (echo === 'keys' ? askForKeys(prompt, resolve) : askFor(prompt, echo, resolve))),
    },
    { ...loginKind(visit.persona), isLogin: command === undefined },
  );
  const editor = createLineEditor({
    write,
    typed: (typed) => onTyped(typed),
    complete: (line) => completeWord(line, shell.state().cwd, visit.world, shell.actor()),
    history: shell.history,
    columns: terminal.columns,
  });
  let waiting = '';
  let unfinished = '';
  let isOpen = true;
  let isReading = false;
  /** A program has the keys: Ctrl-C is one of them. */
  let isRaw = false;
  let onTyped: (typed: Typed) => void = takeLine;
  let stopJob: (() => void) | undefined;
  let keysWanted: ((keys: string) => void) | undefined;
  const drain = createTurns(terminal.outlet, takeKeys);

  if (command === undefined) {
    write(greeting(visit, shell.lastLogin()));
    showPrompt();
  } else start(command);
  return {
    feed(bytes: Uint8Array) {
      // A line feed of a pasted script is a key as any other; what comes while a program runs waits, as in a terminal.
      waiting += decoder.decode(bytes, { stream: true });
      if (waiting.length > 1024 * 1024) waiting = '';
      heedInterrupt();
      drain();
    },
    close() {
      isOpen = false;
      stopJob?.();
      shell.close();
    },
  };

  /** @returns whether there are keys left that may be taken now. */
  function takeKeys(): boolean {
    heedInterrupt();
    if (keysWanted && waiting !== '') {
      const [give, keys] = [keysWanted, waiting];
      keysWanted = undefined;
      waiting = '';
      give(keys);
      return false;
    }
    const startedMs = performance.now();
    while (isOpen && isReading && waiting !== '' && performance.now() - startedMs < turnMs) {
      const keys = waiting.slice(0, keysAtOnce);
      waiting = waiting.slice(keys.length - editor.feed(keys).length);
    }
    return isOpen && isReading && waiting !== '';
  }

  /** While a program runs that does not read the keys, one of them is heard at once. */
  function heedInterrupt(): void {
    if (!isOpen || isReading || isRaw || keysWanted) return;
    const at = waiting.indexOf('\x03');
    if (at < 0) return;
    waiting = waiting.slice(at + 1);
    write('^C');
    stopJob?.();
  }

  function showPrompt(): void {
    if (command !== undefined && shell.depth() === 0) {
      close(shell.state().status);
      return;
    }
    isReading = true;
    onTyped = takeLine;
    editor.open(unfinished === '' ? promptText(visit, shell) : '> ');
  }

  function takeLine(typed: Typed): void {
    isReading = false;
    if (typed.kind === 'interrupt') {
      unfinished = '';
      showPrompt();
      return;
    }
    if (typed.kind === 'end') {
      if (unfinished !== '') {
        unfinished = '';
        showPrompt();
        return;
      }
      endShell(shell.state().status, true);
      return;
    }
    tellInput(visit.events, typed.text);
    const recalled = shell.state().kind.program === 'bash' ? recallLine(typed.text, shell.history()) : undefined;
    if (recalled && 'missing' in recalled) {
      write(`-bash: ${recalled.missing}: event not found\r\n`);
      showPrompt();
      return;
    }
    // bash shows what it made of the line.
    if (recalled) write(`${recalled.line}\r\n`);
    const text = recalled?.line ?? typed.text;
    const line = unfinished === '' ? text : `${unfinished}\n${text}`;
    if (line.trim() !== '' && line.length < 65_536 && isUnfinished(line)) {
      unfinished = line;
      showPrompt();
      return;
    }
    unfinished = '';
    if (line.trim() === '') {
      showPrompt();
      return;
    }
    start(line);
  }

  function start(line: string): void {
    if (wantsInput(line, true)) readInput(line);
    else void runLine(line, new Uint8Array());
  }

  /** A program that reads the terminal: lines until Ctrl-D. */
  function readInput(line: string): void {
    const lines: string[] = [];
    isReading = true;
    onTyped = (typed) => {
      if (typed.kind === 'line') {
        lines.push(typed.text);
        visit.events.tell(
          'cowrie.session.input',
          { realm: line.split(/\s/)[0] ?? '', input: typed.text },
          `INPUT: ${typed.text}`,
        );
        // `read` and its like take one line.
        if (!/\bread\b/.test(line)) return editor.open('');
      }
      isReading = false;
      if (typed.kind === 'interrupt') return showPrompt();
      void runLine(line, Buffer.from(lines.map((each) => `${each}\n`).join(''), 'utf8'));
    };
    editor.open('');
  }

  /** The rest of a line that opened a shell is not typed, and not in its history again. */
  async function runLine(line: string, stdin: Uint8Array, isTyped = true): Promise<void> {
    const job = shell.run(line, stdin, isTyped);
    const interrupted = Promise.withResolvers<null>();
    stopJob = () => {
      job.stop();
      interrupted.resolve(null);
    };
    drain();
    const end = await Promise.race([job.ended, interrupted.promise]);
    isRaw = false;
    keysWanted = undefined;
    if (end?.isStuck) await interrupted.promise;
    stopJob = undefined;
    if (!isOpen) return;
    if (end?.isOver) return endShell(end.status, false, /^\s*exec\b/.test(line), killsShell.test(line));
    if (end?.entered) write(end.entered.banner.replace(/\n/g, '\r\n'));
    if (end === null || end.isStuck) write('\r\n');
    showPrompt();
    drain();
  }

  /** `exit`, or Ctrl-D at the prompt: the shell above goes on, and above the login's there is none. */
  function endShell(status: number, isByKey: boolean, isSilent = false, isKilled = false): void {
    const left = shell.state().kind;
    const after = shell.leave(status);
    if (isKilled && after) write('Killed\r\n');
    if (!isSilent && !isKilled) write(farewell(left, isByKey));
    if (!after) close(status);
    else if (after.rest === '') showPrompt();
    else void runLine(after.rest, new Uint8Array(), false);
  }

  function askFor(prompt: string, isEchoed: boolean, resolve: (text: string | null) => void): void {
    isReading = true;
    onTyped = (typed) => {
      isReading = false;
      resolve(typed.kind === 'line' ? typed.text : null);
    };
    editor.open(prompt, isEchoed);
    drain();
  }

  function askForKeys(prompt: string, resolve: (keys: string) => void): void {
    isRaw = true;
    isReading = false;
    write(prompt);
    keysWanted = resolve;
    drain();
  }

  function close(status: number): void {
    if (!isOpen) return;
    isOpen = false;
    shell.close();
    burst.flush();
    terminal.close(status);
  }
}

/** What a shell says when it goes: bash names what it does, the others only end the line. */
function farewell({ program, isLogin }: ShellKind, isByKey: boolean): string {
  if (program === 'bash') return isLogin ? 'logout\r\n' : 'exit\r\n';
  return isByKey ? '\r\n' : '';
}

/** A terminal in its usual mode adds a carriage return to each line feed. */
function withCarriage(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}
