import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { Client, type ClientChannel, type KexAlgorithm } from 'ssh2';

/** Where a story's visitors come from and when they do what; every connection is noted so that it gets its address. */
export interface Stage {
  ssh(visitor: SshVisitor): Promise<SshVisit>;
  telnet(address: string): Promise<TelnetVisit>;
  pause(ms: number): Promise<void>;
}

export interface SshVisitor {
  /** From the ranges that are kept for documentation. */
  readonly address: string;
  /** What stands after `SSH-2.0-`. */
  readonly client: string;
  readonly username: string;
  /** Tried one after the other on one connection. */
  readonly passwords: readonly string[];
  /** Another order gives another HASSH, as other software has. */
  readonly kex?: readonly KexAlgorithm[];
}

export interface SshVisit {
  readonly accepted: boolean;
  /** One command on a channel of its own, as bots send them. */
  exec(command: string): Promise<void>;
  shell(): Promise<Typist>;
  /** Asks for a tunnel and sends `text` into it. */
  tunnel(host: string, port: number, text: string): Promise<void>;
  leave(): Promise<void>;
}

export interface Typist {
  /** A whole line at once, as a script pastes it. */
  paste(line: string): Promise<void>;
  /** Key by key, `~` standing for the backspace key. */
  type(line: string, msPerKey: number): Promise<void>;
}

export interface TelnetVisit {
  /** Waits for a prompt and answers. */
  answer(prompt: RegExp, line: string): Promise<void>;
  paste(line: string): Promise<void>;
  leave(): Promise<void>;
}

export interface StagePorts {
  readonly sshPort: number;
  readonly telnetPort: number | null;
  /** Told the local port of every connection and the address that it stands for. */
  note(localPort: number, address: string): void;
}

/** Visitors by ssh and telnet; each connection is noted under the address that it stands for. */
export function createStage({ sshPort, telnetPort, note }: StagePorts): Stage {
  async function open(port: number, address: string): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    note(socket.localPort ?? 0, address);
    return socket;
  }
  return {
    async ssh(visitor) {
      return await visitBySsh(await open(sshPort, visitor.address), visitor);
    },
    async telnet(address) {
      if (telnetPort === null) throw new Error('this story asked for no telnet');
      return visitByTelnet(await open(telnetPort, address));
    },
    pause,
  };
}

async function visitBySsh(socket: Socket, { client: ident, username, passwords, kex }: SshVisitor): Promise<SshVisit> {
  const client = new Client();
  const accepted = await new Promise<boolean>((resolve) => {
    client.once('ready', () => resolve(true));
    client.once('error', () => resolve(false));
    client.once('close', () => resolve(false));
    client.connect({
      sock: socket,
      ident,
      username,
      authHandler: passwords.map((password) => ({ type: 'password', username, password })),
      ...(kex ? { algorithms: { kex: [...kex] } } : {}),
    });
  });
  client.on('error', () => {});
  return {
    accepted,
    exec(command) {
      return new Promise((resolve) => {
        // Cowrie ends a quick command before it says that it began one, which ssh2 calls an error; it was run all the same.
        client.exec(command, (error, channel) => (error ? resolve() : void drained(channel).then(resolve)));
      });
    },
    shell() {
      return new Promise((resolve, reject) => {
        client.shell({ term: 'xterm-256color', cols: 120, rows: 40 }, (error, channel) =>
          error ? reject(error) : resolve(createTypist(channel)),
        );
      });
    },
    tunnel(host, port, text) {
      return new Promise((resolve) => {
        client.forwardOut('127.0.0.1', 40_123, host, port, (error, channel) => {
          if (error) return resolve();
          channel.on('error', () => {});
          channel.write(text);
          void drained(channel, 2500).then(resolve);
        });
      });
    },
    async leave() {
      const closed = once(socket, 'close');
      client.end();
      await closed;
    },
  };
}

function createTypist(channel: ClientChannel): Typist {
  let shown = '';
  let wake: () => void = () => {};
  channel.on('data', (bytes: Buffer) => {
    shown += stripVTControlCharacters(bytes.toString('utf8'));
    wake();
  });
  channel.on('close', () => {
    shown += '# ';
    wake();
  });
  async function prompt(): Promise<void> {
    while (!/[#$] $/.test(shown)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    async paste(line) {
      await prompt();
      shown = '';
      channel.write(`${line}\n`);
      await prompt();
    },
    async type(line, msPerKey) {
      await prompt();
      for (const key of line) {
        channel.write(key === '~' ? '\u007f' : key);
        await pause(msPerKey * (0.4 + Math.random() * 1.2));
      }
      shown = '';
      channel.write('\r');
      await prompt();
    },
  };
}

function visitByTelnet(socket: Socket): TelnetVisit {
  let shown = '';
  let wake: () => void = () => {};
  socket.on('data', (bytes) => {
    // Without the option bytes of telnet, which this visitor does not answer, as bots do not.
    shown += stripVTControlCharacters(bytes.toString('latin1').replace(/\xff[\xfb-\xfe]./g, ''));
    wake();
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    shown += '# ';
    wake();
  });
  async function until(pattern: RegExp): Promise<void> {
    while (!pattern.test(shown) && !socket.closed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    async answer(pattern, line) {
      await until(pattern);
      shown = '';
      socket.write(`${line}\r\n`);
    },
    async paste(line) {
      await until(/[#$>] ?$/);
      shown = '';
      socket.write(`${line}\r\n`);
      await until(/[#$>] ?$/);
    },
    async leave() {
      const closed = once(socket, 'close');
      socket.end();
      await closed;
    },
  };
}

/** Resolves when the other side has closed the channel, or after a while: some commands never end it. */
function drained(channel: ClientChannel, afterMs = 20_000): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, afterMs);
    channel.on('close', done);
    channel.resume();
    channel.stderr?.resume();
    function done(): void {
      clearTimeout(timer);
      channel.close();
      resolve();
    }
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
