import ssh2 from 'ssh2';
import { fingerprintOf } from './key-pair.ts';

export interface SshLogin {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly privateKey: string;
  /** Fingerprint of the host's own key; another one ends the connection before anything is said. */
  readonly hostKey: string;
  readonly signal: AbortSignal;
}

/** A host that we are logged in to. */
export interface SshHost {
  /** Runs a command in the user's shell. Rejects where it cannot be run or the connection ends before it has. */
  run(
    command: string,
    stdin?: string,
  ): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  close(): void;
}

const loginMs = 20_000;
/** A managed host is not trusted with our memory either. */
const outputBytesMax = 1_000_000;

/** Logs in with this key and nothing else. Undefined where the host refuses the key; rejects where it cannot be asked. */
export async function loginWith(login: SshLogin): Promise<SshHost | undefined> {
  const client = new ssh2.Client();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  const abort = (): void => {
    lost.reject(login.signal.reason);
    client.destroy();
  };
  login.signal.addEventListener('abort', abort, { once: true });
  const close = (): void => {
    login.signal.removeEventListener('abort', abort);
    client.end();
  };
  // Of the connection, for as long as it lasts; what waits for it is told by `lost`.
  client.on('error', (error) => lost.reject(error));
  client.on('close', () => lost.reject(new Error(`${login.host}:${login.port} closed the connection`)));
  try {
    if (!(await authenticate(client, login))) {
      close();
      return undefined;
    }
    return { run: (command, stdin) => Promise.race([runCommand(client, command, stdin), lost.promise]), close };
  } catch (error) {
    close();
    client.destroy();
    throw error;
  }
}

/** Whether the key logs in. Rejects where the host cannot be asked. */
export async function canLogin(login: SshLogin): Promise<boolean> {
  const host = await loginWith(login);
  host?.close();
  return host !== undefined;
}

function authenticate(client: ssh2.Client, { host, port, username, privateKey, hostKey, signal }: SshLogin) {
  return new Promise<boolean>((resolve, reject) => {
    signal.throwIfAborted();
    let isOtherHost = false;
    client.once('ready', () => resolve(true));
    client.once('close', () => reject(new Error(`${host}:${port} closed the connection before the login`)));
    client.once('error', (error) => {
      if (isOtherHost)
        reject(new Error(`${host}:${port} shows another host key than ${hostKey}; nothing was sent to it`));
      else if (error.level === 'client-authentication') resolve(false);
      else reject(new Error(`${host}:${port} cannot be logged in to: ${error.message}`, { cause: error }));
    });
    client.connect({
      ...{ host, port, username, privateKey },
      readyTimeout: loginMs,
      authHandler: ['publickey'],
      hostVerifier: (key: Buffer) => {
        isOtherHost = fingerprintOf(key) !== hostKey;
        return !isOtherHost;
      },
    });
  });
}

function runCommand(client: ssh2.Client, command: string, stdin = '') {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      const stdout = createText();
      const stderr = createText();
      channel.on('data', stdout.add);
      channel.stderr.on('data', stderr.add);
      let exitCode = -1;
      channel.on('exit', (code: number | null) => {
        exitCode = code ?? -1;
      });
      channel.on('close', () => resolve({ code: exitCode, stdout: stdout.read(), stderr: stderr.read() }));
      channel.on('error', reject);
      channel.end(stdin);
    });
  });
}

function createText() {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    add(chunk: Buffer): void {
      length += chunk.length;
      if (length <= outputBytesMax) chunks.push(chunk);
    },
    read: () => Buffer.concat(chunks).toString('utf8'),
  };
}
