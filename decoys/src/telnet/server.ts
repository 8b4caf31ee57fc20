import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { arrive } from '../arrive.ts';
import type { Ground } from '../decoy.ts';
import { enterByPassword } from '../enter-by-password.ts';
import { printable } from '../events/session-events.ts';
import type { Listening } from '../listen.ts';
import { listen } from '../listen.ts';
import { nextTerminal, openVisit } from '../open-visit.ts';
import { issueName } from '../persona/system-files.ts';
import { startInteractive } from '../terminal/interactive.ts';
import { createLineEditor } from '../terminal/line-editor.ts';
import { startRecording } from '../terminal/recording.ts';
import type { EnteredWorld } from '../world/world-store.ts';
import { createTelnetReader, telnet } from './options.ts';

const attemptsMax = 3;
const loginBytesMax = 64 * 1024;
const recordingBytesMax = 4 * 1024 * 1024;

/** Telnet as busybox's or Debian's telnetd serves it: options, issue, login, password, shell. */
export async function listenTelnet(ground: Ground, port: number): Promise<Listening> {
  return await listen(
    createServer((socket) => {
      if (ground.door.enter(socket)) serve(ground, socket);
    }),
    port,
    ground.settings.host,
    ground.settings.proxies,
  );
}

function serve(ground: Ground, socket: Socket): void {
  const { persona, settings } = ground;
  const arrived = arrive(ground, socket, 'telnet');
  const { events } = arrived;
  const write = (text: string) => {
    if (socket.writable) socket.write(escapeIac(Buffer.from(text, 'utf8')));
  };
  let columns = 80;
  let rows = 24;
  let receive: (bytes: Uint8Array) => void = () => undefined;
  const told = new Set<string>();
  const reader = createTelnetReader({
    option(command, option) {
      const name = `${command} ${option}`;
      if (told.has(name) || told.size > 40) return;
      told.add(name);
      events.tell(
        'cowrie.telnet.option',
        { command, option_name: String(option), option_byte: option },
        `Telnet option: ${name}`,
      );
    },
    size(width, height) {
      columns = width > 9 && width < 500 ? width : 80;
      rows = height > 4 && height < 200 ? height : 24;
      events.tell('cowrie.client.size', { width, height }, `Terminal Size: ${width} ${height}`);
    },
  });
  let isIn = false;
  socket.on('data', (bytes: Buffer) => {
    // A name and a password are short: what floods us with options is not read on.
    if (!isIn && socket.bytesRead > loginBytesMax) socket.destroy();
    else receive(reader.feed(bytes));
  });
  socket.write(
    Buffer.from([
      telnet.IAC,
      telnet.DO,
      telnet.TTYPE,
      telnet.IAC,
      telnet.WILL,
      telnet.ECHO,
      telnet.IAC,
      telnet.WILL,
      telnet.SGA,
      telnet.IAC,
      telnet.DO,
      telnet.NAWS,
    ]),
  );
  write(`${issueName(persona)}\r\n`);
  askLogin(1);

  function askLogin(attempt: number): void {
    let username = '';
    const decoder = new TextDecoder();
    const editor = createLineEditor({
      write,
      complete: () => ({ replace: 0, names: [] }),
      history: () => [],
      columns: () => columns,
      typed(typed) {
        if (typed.kind !== 'line') {
          socket.destroy();
        } else if (username === '') {
          username = typed.text;
          editor.open(username === '' ? `${persona.hostname} login: ` : 'Password: ', username === '');
        } else void tryPassword(username, typed.text, attempt);
      },
    });
    receive = (bytes) => {
      let rest = decoder.decode(bytes, { stream: true });
      while (rest !== '' && !socket.destroyed) rest = editor.feed(rest);
    };
    editor.open(`${persona.hostname} login: `);
  }

  async function tryPassword(user: string, given: string, attempt: number): Promise<void> {
    receive = () => undefined;
    const [username, password] = [printable(user), printable(given)];
    const entered = await enterByPassword(ground, arrived.sourceIp, user, given);
    if (entered && socket.destroyed) return ground.worlds.leave(entered.key);
    if (entered) {
      events.tell('cowrie.login.success', { username, password }, `login attempt [${username}/${password}] succeeded`);
      return enter(user, entered);
    }
    events.tell('cowrie.login.failed', { username, password }, `login attempt [${username}/${password}] failed`);
    const timer = setTimeout(() => {
      write('\r\nLogin incorrect\r\n');
      if (attempt >= attemptsMax) socket.end();
      else askLogin(attempt + 1);
    }, settings.limits.wrongPasswordMs);
    socket.once('close', () => clearTimeout(timer));
  }

  function enter(user: string, entered: EnteredWorld): void {
    isIn = true;
    arrived.entered();
    const visit = openVisit(ground, arrived, user, entered);
    const recording = startRecording({
      folder: join(settings.folder, 'tty'),
      events,
      columns,
      nowMs: ground.now,
      bytesMax: recordingBytesMax,
    });
    events.tell('cowrie.session.params', { arch: `linux-${persona.kernel.machine}-lsb` }, '');
    const interactive = startInteractive(visit, {
      name: nextTerminal(),
      columns: () => columns,
      rows: () => rows,
      write(bytes) {
        recording.output(bytes);
        if (socket.writable) socket.write(escapeIac(bytes));
      },
      outlet: socket,
      close: () => socket.end(),
    });
    receive = (bytes) => {
      recording.input(bytes);
      interactive.feed(bytes);
    };
    socket.once('close', () => {
      interactive.close();
      recording.close();
    });
  }
}

/** A byte that is a control sign for Telnet is sent twice. */
function escapeIac(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes);
  return text.includes(0xff) ? Buffer.from(text.toString('latin1').replace(/\xff/g, '\xff\xff'), 'latin1') : text;
}
