import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Connection, ServerChannel, Session } from 'ssh2';
import type { Arrived } from '../arrive.ts';
import type { Ground } from '../decoy.ts';
import { printable, type SessionEvents } from '../events/session-events.ts';
import { nextTerminal, openVisit } from '../open-visit.ts';
import { accountIn } from '../shell/programs/world-accounts.ts';
import { kindOf, loginKind, type ShellKind } from '../shell/shell-kind.ts';
import { tellInput, type Visit } from '../shell/visit.ts';
import { bareShell } from '../shell/wants-input.ts';
import { startInteractive } from '../terminal/interactive.ts';
import { startPiped } from '../terminal/piped.ts';
import { startRecording } from '../terminal/recording.ts';
import { runExec } from './exec.ts';
import type { Login } from './let-in.ts';
import { channelOutlet, sftpOutlet } from './outlets.ts';
import { readScp } from './scp.ts';
import { serveSftp } from './sftp.ts';
import { answerTunnels } from './tunnels.ts';

const channelsMax = 10;
/** Variables and sizes that a session's client tells: of twenty thousand each was a line of the log. */
const settingsToldMax = 200;
const recordingBytesMax = 4 * 1024 * 1024;

/** Serves what a client opens after its login: shells, commands, files, tunnels; all of them in one world. */
export function serveChannels(ground: Ground, connection: Connection, arrived: Arrived, login: Login): void {
  const visit = openVisit(ground, arrived, login.user, login.entered);
  let open = 0;
  connection.on('session', (accept, reject) => {
    if (++open > channelsMax) return void reject();
    const session = accept();
    session.once('close', () => open--);
    serveSession(session, visit, arrived.socket, ground);
  });
  answerTunnels(connection, visit.events);
  connection.on('request', (_accept, reject) => reject?.());
}

function serveSession(session: Session, visit: Visit, socket: Socket, ground: Ground): void {
  const terminal = { columns: 80, rows: 24, name: null as string | null, type: 'xterm' };
  let settingsTold = 0;
  const tellSetting: SessionEvents['tell'] = (...told) => {
    if (++settingsTold <= settingsToldMax) visit.events.tell(...told);
  };
  session.on('pty', (accept, _reject, { cols, rows, term }) => {
    terminal.columns = cols > 0 ? clamp(cols, 10, 500) : 80;
    terminal.rows = rows > 0 ? clamp(rows, 5, 200) : 24;
    terminal.name = nextTerminal();
    // Any name is taken, as sshd does; what is none is shown by `echo $TERM`.
    terminal.type = printable(term ?? '').slice(0, 100) || 'dumb';
    tellSetting('cowrie.client.size', { width: cols, height: rows }, `Terminal Size: ${cols} ${rows}`);
    accept?.();
  });
  session.on('window-change', (accept, _reject, { cols, rows }) => {
    terminal.columns = cols > 0 ? clamp(cols, 10, 500) : 80;
    terminal.rows = rows > 0 ? clamp(rows, 5, 200) : 24;
    tellSetting('cowrie.client.size', { width: cols, height: rows }, `Terminal Size: ${cols} ${rows}`);
    accept?.();
  });
  session.on('env', (accept, _reject, { key, val }) => {
    tellSetting(
      'cowrie.client.var',
      { name: String(key).slice(0, 200), value: String(val).slice(0, 1000) },
      `request_env: ${String(key).slice(0, 200)}=${String(val).slice(0, 1000)}`,
    );
    accept?.();
  });
  session.on('shell', (accept) => {
    const channel = accept();
    tellParams(visit);
    if (terminal.name !== null) serveTerminal(channel, visit, socket, terminal, terminal.name, ground);
    else servePiped(channel, visit, socket, loginKind(visit.persona));
  });
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept();
    tellParams(visit);
    tellInput(visit.events, command);
    if (terminal.name !== null && !readScp(command))
      return serveTerminal(channel, visit, socket, terminal, terminal.name, ground, command);
    const bare = bareShell(command);
    // A router has no bash: what is not there is told as of any other program.
    if (bare && ['/bin', '/usr/bin'].some((folder) => visit.world.find(`${folder}/${bare.calledAs}`)))
      return servePiped(channel, visit, socket, kindOf(bare.calledAs, visit.persona, bare.isApplet, false));
    void runExec({
      uploads: ground.uploads,
      channel,
      visit,
      command,
      uploadBytesMax: ground.settings.limits.uploadBytesMax,
    });
  });
  session.on('sftp', (accept) => {
    const account = accountIn(visit, visit.user);
    const sftp = accept();
    const outlet = sftpOutlet(sftp, socket);
    serveSftp({
      sftp,
      outlet,
      visit,
      account,
      uploads: ground.uploads,
      fileBytesMax: ground.settings.limits.uploadBytesMax,
    });
  });
  session.on('signal', (accept) => accept?.());
  session.on('auth-agent', (_accept, reject) => reject?.());
  session.on('x11', (_accept, reject) => reject?.());
}

/** Lines that come without a terminal: a bot's own script, or a client with `-T`. */
function servePiped(channel: ServerChannel, visit: Visit, socket: Socket, kind: ShellKind): void {
  const piped = startPiped(visit, kind, {
    write(bytes, isError) {
      if (channel.writable) (isError ? channel.stderr : channel).write(bytes);
    },
    outlet: channelOutlet(channel, socket),
    close(status) {
      channel.exit(status);
      channel.end();
    },
  });
  channel.on('data', (bytes: Buffer) => piped.feed(bytes));
  channel.on('end', () => piped.end());
  channel.on('close', () => piped.close());
  channel.on('error', () => channel.destroy());
}

function serveTerminal(
  channel: ServerChannel,
  visit: Visit,
  socket: Socket,
  terminal: { columns: number; rows: number; type: string },
  name: string,
  { settings, now }: Ground,
  command?: string,
): void {
  const recording = startRecording({
    folder: join(settings.folder, 'tty'),
    events: visit.events,
    columns: terminal.columns,
    nowMs: now,
    bytesMax: recordingBytesMax,
  });
  const port = {
    name,
    type: terminal.type,
    columns: () => terminal.columns,
    rows: () => terminal.rows,
    write: (bytes: Uint8Array) => {
      recording.output(bytes);
      if (channel.writable) channel.write(bytes);
    },
    outlet: channelOutlet(channel, socket),
    close(status: number) {
      channel.exit(status);
      channel.end();
    },
  };
  const interactive = startInteractive(visit, port, command);
  channel.on('data', (bytes: Buffer) => {
    recording.input(bytes);
    interactive.feed(bytes);
  });
  channel.on('close', () => {
    interactive.close();
    recording.close();
  });
  channel.on('error', () => channel.destroy());
}

function tellParams({ events, persona }: Visit): void {
  events.tell(
    'cowrie.session.params',
    { arch: `linux-${persona.kernel.machine === 'x86_64' ? 'x64' : persona.kernel.machine}-lsb` },
    '',
  );
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
