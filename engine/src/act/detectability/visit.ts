import { randomBytes } from 'node:crypto';
import { Client, type ClientChannel } from 'ssh2';
import { fingerprintOf, type Place } from './greeting.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a visitor sees who is let in. */
export interface Sight {
  /** Bytes as they came, control signs too, by command. */
  readonly shown: ReadonlyMap<string, string>;
  readonly hostKey: string;
  /** From a wrong password to the refusal; null where no refusal came. */
  readonly refusalMs: number | null;
  /** Whether a file of one command was there for the next one, in a channel of its own; null where it could not be asked. */
  readonly keepsFiles: boolean | null;
}

const answerBytesMax = 512 * 1024;
const quietMs = 8_000;

/** Logs in, types each command in a terminal, and looks around. Rejects where the login fails, and at once where `signal` aborts. */
export async function visit(
  place: Place,
  credentials: Credentials,
  { commands, ident, signal }: { commands: readonly string[]; ident: string; signal: AbortSignal },
): Promise<Sight> {
  const refusalMs = await timeRefusal(place, ident, signal);
  const { client, hostKey } = await login(place, credentials, ident, signal);
  try {
    const shown = await typeAll(client, commands, signal);
    return { shown, hostKey, refusalMs, keepsFiles: await keepsFiles(client, signal) };
  } finally {
    client.end();
  }
}

async function login(
  { host, port }: Place,
  { username, password }: Credentials,
  ident: string,
  signal: AbortSignal,
): Promise<{ client: Client; hostKey: string }> {
  signal.throwIfAborted();
  const client = new Client();
  let hostKey = '';
  signal.addEventListener('abort', () => client.destroy(), { once: true });
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.on('error', reject);
    client.once('close', () => reject(new Error('the server closed the connection')));
    client.connect({
      ...{ host, port, username, password, ident, readyTimeout: 20_000 },
      hostVerifier: (key: Buffer) => {
        hostKey = fingerprintOf(key);
        return true;
      },
    });
  });
  client.setNoDelay(true);
  return { client, hostKey };
}

/** Nobody's name with a password that nobody has. */
async function timeRefusal({ host, port }: Place, ident: string, signal: AbortSignal): Promise<number | null> {
  signal.throwIfAborted();
  const client = new Client();
  const name = `u${randomBytes(4).toString('hex')}`;
  signal.addEventListener('abort', () => client.destroy(), { once: true });
  return await new Promise((resolve) => {
    let askedAt = 0;
    let tries = 0;
    const done = (ms: number | null) => {
      client.destroy();
      resolve(ms);
    };
    client.on('error', () => done(null));
    client.once('close', () => resolve(null));
    client.once('ready', () => done(null));
    client.connect({
      ...{ host, port, username: name, ident, readyTimeout: 20_000 },
      authHandler: (_left, _partial, next) => {
        if (tries++ > 0) return done(performance.now() - askedAt);
        askedAt = performance.now();
        next({ type: 'password', username: name, password: randomBytes(8).toString('hex') });
      },
    });
  });
}

async function typeAll(
  client: Client,
  commands: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.shell({ cols: 200, rows: 50, term: 'xterm-256color' }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  );
  let heard = '';
  let look: () => void = () => undefined;
  channel.on('data', (bytes: Buffer) => {
    if (heard.length < answerBytesMax) heard += bytes.toString('latin1');
    look();
  });
  channel.on('close', () => look());
  const shown = new Map<string, string>();
  for (const command of commands) {
    // Whoever is stopped would else wait for silence after each of the commands that are left, minutes in all.
    signal.throwIfAborted();
    const mark = `m${randomBytes(4).toString('hex')}`;
    heard = '';
    // Quoted in the middle, so that the echo of what was typed is not taken for the answer.
    channel.write(`${command}; echo ${mark.slice(0, 4)}""${mark.slice(4)}\r`);
    await until(
      () => heard.includes(mark) || channel.destroyed,
      signal,
      (check) => {
        look = check;
      },
    );
    const end = heard.indexOf(mark);
    const start = heard.indexOf('\n') + 1;
    shown.set(command, end < 0 ? heard.slice(start) : heard.slice(start, Math.max(start, end)));
  }
  channel.end('exit\r');
  return shown;
}

/** Until it is so, or nothing more comes. */
function until(isSo: () => boolean, signal: AbortSignal, onNews: (check: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    let timer = setTimeout(resolve, quietMs);
    signal.addEventListener('abort', () => resolve(), { once: true });
    onNews(() => {
      clearTimeout(timer);
      if (isSo()) return resolve();
      timer = setTimeout(resolve, quietMs);
    });
  });
}

async function keepsFiles(client: Client, signal: AbortSignal): Promise<boolean | null> {
  const word = randomBytes(6).toString('hex');
  const path = `/tmp/.${word.slice(0, 6)}`;
  if ((await execute(client, `echo ${word} > ${path}`, signal)) === null) return null;
  const read = await execute(client, `cat ${path}; rm -f ${path}`, signal);
  return read === null ? null : read.includes(word);
}

/** What a command without a terminal says; null where it could not be asked. */
function execute(client: Client, command: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), quietMs);
    signal.addEventListener('abort', () => resolve(null), { once: true });
    client.exec(command, (error, channel) => {
      let said = '';
      const done = (text: string | null) => {
        clearTimeout(timer);
        resolve(text);
      };
      // Cowrie closes the channel before it says that it opened it, and ssh2 takes that for a refusal: the command ran.
      if (error) return done('');
      channel.on('data', (bytes: Buffer) => {
        said += bytes.toString('latin1');
      });
      channel.stderr.on('data', () => undefined);
      channel.once('close', () => done(said));
    });
  });
}
