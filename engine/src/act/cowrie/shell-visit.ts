import { stripVTControlCharacters } from 'node:util';
import { Client, type ClientChannel } from 'ssh2';

export interface Visit {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** What stands after `SSH-2.0-` in the greeting. */
  readonly ident?: string;
  /** The address to come from, where this machine has several. */
  readonly localAddress?: string;
  readonly signal: AbortSignal;
}

/** A shell as a person has it: what comes back is text on a terminal. */
export interface ShellTerminal {
  /** Types a line and gives what was shown until the prompt came back, without the line itself. */
  type(line: string): Promise<string>;
  /** True while the server has not ended the session. */
  isOpen(): boolean;
}

/** A login with a shell. */
export interface Shell extends ShellTerminal {
  /** Text that the server sent before the login; empty where it sent none. */
  readonly banner: string;
  close(): void;
}

/** A visitor who is shown more than this in one answer stops reading: a honeypot is not trusted either. */
const answerBytesMax = 1_000_000;

/**
 * Logs in and opens a shell channel: an exec channel ends before ssh2 has heard that it began. Rejects where the host
 * cannot be reached, the login is refused, or `signal` aborts.
 */
export async function openShell(visit: Visit): Promise<Shell> {
  const client = new Client();
  let banner = '';
  client.on('banner', (text) => {
    if (banner.length < answerBytesMax) banner += text;
  });
  const abort = (): void => void client.destroy();
  visit.signal.addEventListener('abort', abort, { once: true });
  try {
    await login(client, visit);
    return {
      ...(await terminalOf(client, visit.signal)),
      banner,
      close() {
        visit.signal.removeEventListener('abort', abort);
        client.end();
      },
    };
  } catch (error) {
    visit.signal.removeEventListener('abort', abort);
    client.destroy();
    throw error;
  }
}

/** Opens a shell for who is logged in already. */
export async function terminalOf(client: Client, signal: AbortSignal): Promise<ShellTerminal> {
  // Without this a typed line waits up to 40 ms for an acknowledgement of the one before.
  client.setNoDelay(true);
  const screen = createScreen(await shellChannel(client), signal);
  const prompt = await screen.firstPrompt();
  return {
    async type(line) {
      const shown = await screen.answerTo(line, prompt);
      return shown.startsWith(line) ? shown.slice(line.length).replace(/^\n/, '') : shown;
    },
    isOpen: () => screen.isOpen(),
  };
}

function login(client: Client, { host, port, username, password, ident, localAddress, signal }: Visit): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    client.once('ready', resolve);
    client.once('error', reject);
    client.once('close', () => reject(signal.aborted ? signal.reason : new Error('the server closed the connection')));
    // Later errors of the connection end the shell, and that is told there.
    client.on('error', () => {});
    const name = ident === undefined ? {} : { ident };
    const from = localAddress === undefined ? {} : { localAddress };
    client.connect({ host, port, username, password, ...name, ...from, readyTimeout: 20_000 });
  });
}

function shellChannel(client: Client): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.once('close', () => reject(new Error('the server closed the connection before the shell')));
    client.shell({ term: 'xterm', cols: 200, rows: 50 }, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}

/** Collects what the terminal shows and wakes whoever waits for it. */
function createScreen(channel: ClientChannel, signal: AbortSignal) {
  let shown = '';
  let open = true;
  let wake: () => void = () => {};
  channel.on('data', (bytes: Buffer) => {
    if (shown.length < answerBytesMax) shown += bytes.toString('utf8');
    wake();
  });
  channel.stderr.resume();
  channel.on('close', () => {
    open = false;
    wake();
  });

  async function until(isDone: (text: string) => boolean): Promise<string> {
    for (;;) {
      const text = plain(shown);
      if (isDone(text)) return text;
      if (shown.length >= answerBytesMax) throw new Error(`the server showed more than ${answerBytesMax} bytes`);
      if (!open) throw signal.aborted ? signal.reason : new Error('the server ended the shell');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    isOpen: () => open,
    async firstPrompt(): Promise<string> {
      const text = await until((all) => /[#$] $/.test(all));
      return lastLine(text);
    },
    async answerTo(line: string, prompt: string): Promise<string> {
      shown = '';
      channel.write(`${line}\n`);
      const text = await until((all) => isPromptLike(prompt, lastLine(all)));
      return text.slice(0, text.length - lastLine(text).length);
    },
  };
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

/** `root@svr04:/tmp# ` after `cd /tmp`, where `root@svr04:~# ` was first. */
function isPromptLike(first: string, line: string): boolean {
  const folderAt = first.lastIndexOf(':') + 1;
  if (folderAt === 0) return line === first;
  return line.startsWith(first.slice(0, folderAt)) && line.endsWith(first.slice(-2));
}

/** Without the control sequences that Cowrie puts around every command, and with the newlines of a file. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n');
}
