import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import type { Visit } from './campaign.ts';
import { answerWithin, type Door, type Limits, originOf, type Played, typeAll } from './played.ts';

const shownMax = 1_000_000;

/** Plays one visit over Telnet: each login that was tried, then the commands. Rejects where nothing listens. */
export async function playTelnet(door: Door, { logins, commands }: Visit, limits: Limits): Promise<Played> {
  const socket = connect({ host: door.address, port: door.port, signal: limits.signal, ...originOf(door) });
  await once(socket, 'connect');
  const localPort = socket.localPort ?? 0;
  const screen = createScreen(socket);
  let loggedIn = false;
  try {
    for (const login of logins) {
      loggedIn = await answerWithin(tryLogin(screen, login)).catch(() => false);
      if (loggedIn) break;
    }
    const typed = loggedIn ? await typeAll(commands, typeOn(screen), limits) : 0;
    return { localPort, loggedIn, commands: typed };
  } finally {
    const closed = socket.closed ? undefined : once(socket, 'close').catch(() => undefined);
    socket.destroy();
    await closed;
  }
}

type Screen = ReturnType<typeof createScreen>;

async function tryLogin(screen: Screen, { username, password }: Visit['logins'][number]): Promise<boolean> {
  if (!(await screen.until(/login: ?$/i))) return false;
  screen.send(username);
  if (!(await screen.until(/password: ?$/i))) return false;
  screen.send(password);
  return (await screen.until(/[#$>] ?$|login: ?$/i)) && !/login: ?$/i.test(screen.shown());
}

function typeOn(screen: Screen) {
  return async (line: string) => {
    screen.send(line);
    if (!(await screen.until(/[#$>] ?$/))) throw new Error('the server ended the connection');
    return screen.shown();
  };
}

function createScreen(socket: Socket) {
  let shown = '';
  let wake: () => void = () => undefined;
  socket.on('data', (bytes) => {
    // Without the option bytes of telnet, which this visitor does not answer, as bots do not.
    const text = bytes.toString('latin1').replace(/\xff[\xfb-\xfe]./gs, '');
    if (shown.length < shownMax) shown += stripVTControlCharacters(text);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => wake());
  return {
    shown: () => shown,
    send(line: string): void {
      shown = '';
      socket.write(`${line}\r\n`);
    },
    /** False where the connection ended first. */
    async until(form: RegExp): Promise<boolean> {
      while (!form.test(shown.slice(-200))) {
        if (socket.closed || socket.destroyed) return false;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return true;
    },
  };
}
