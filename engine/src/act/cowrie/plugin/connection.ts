import { createConnection, type Socket } from 'node:net';
import {
  type Done,
  type Hello,
  type Planted,
  PluginMessage,
  type PluginRequest,
  pluginAnswerBytesMax,
  pluginLineBytesMax,
  pluginProtocol,
} from '@cerberusmesh/contract/cowrie-plugin';
import { CerberusError } from '@cerberusmesh/contract/errors';

/** A line to our plugin in one running Cowrie. */
export interface PluginConnection {
  readonly hello: Hello;
  /** Throws COWRIE_PLUGIN for what the plugin refuses, an answer that does not come, and a line that has gone. */
  ask(request: PluginRequest): Promise<Done>;
  /** Says that this report is stored; the plugin forgets it then. */
  acknowledge(report: Planted): void;
  /** Resolves when the line has ended, by whichever side. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface ConnectionOptions {
  readonly socketPath: string;
  readonly onPlanted?: (report: Planted) => void;
  /** For each answer; five seconds unless told. Cowrie answers within its event loop, a reload takes 20 ms. */
  readonly timeoutMs?: number;
}

/** Throws COWRIE_PLUGIN where nothing listens, or something that is not our plugin. */
export async function connectPlugin(options: ConnectionOptions): Promise<PluginConnection> {
  const { socketPath, onPlanted = () => {}, timeoutMs = 5_000 } = options;
  const socket = createConnection({ path: socketPath });
  const waiting = new Map<number, { resolve: (done: Done) => void; reject: (error: Error) => void }>();
  const greeted = Promise.withResolvers<Hello>();
  const ended = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  let lastId = 0;
  greeted.promise.catch(() => {});
  socket.setNoDelay(true);
  socket.on('error', (error) => giveUp(`nothing of ours listens at ${socketPath} (${error.message})`));
  socket.on('close', () => giveUp(`the line to ${socketPath} has ended`));
  readLines(socket, (line) => {
    const message = parse(line);
    if (!message) return void socket.destroy(new Error('a line that is not a message of our plugin'));
    if (message.op === 'planted') return onPlanted(message);
    if (message.op === 'hello') return greeted.resolve(message);
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.op === 'done') asked?.resolve(message);
    else asked?.reject(pluginError(`it refused: ${message.why}`));
  });

  const hello = await withTimeout(greeted.promise, timeoutMs, 'a greeting').catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  if (hello.protocol !== pluginProtocol) {
    socket.destroy();
    throw pluginError(
      `it speaks protocol ${hello.protocol}, and this version ${pluginProtocol}; prepare this Cowrie again`,
    );
  }
  return {
    hello,
    ended,
    async ask(request) {
      const id = ++lastId;
      const line = `${JSON.stringify({ ...request, id })}\n`;
      if (Buffer.byteLength(line) > pluginLineBytesMax)
        throw pluginError(`a message of ${line.length} characters is too long`);
      if (socket.destroyed) throw pluginError(`the line to ${socketPath} has ended`);
      const answer = new Promise<Done>((resolve, reject) => waiting.set(id, { resolve, reject }));
      socket.write(line);
      return await withTimeout(answer, timeoutMs, `an answer to ${request.op}`).finally(() => waiting.delete(id));
    },
    acknowledge: ({ seq }) => void (socket.destroyed || socket.write(`${JSON.stringify({ op: 'ack', seq })}\n`)),
    close: () => void socket.end(),
  };

  function giveUp(why: string): void {
    const error = pluginError(why);
    greeted.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
}

/** Cowrie is talked to by attackers, so what it says is bounded like everything that they touch. */
function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > pluginAnswerBytesMax) socket.destroy(new Error('a line without an end'));
    for (const line of lines) if (!socket.destroyed) onLine(line);
  });
}

function parse(line: string): PluginMessage | undefined {
  try {
    return PluginMessage.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function withTimeout<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(pluginError(`${what} did not come within ${timeoutMs} ms`)), timeoutMs);
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function pluginError(detail: string): CerberusError {
  return new CerberusError('COWRIE_PLUGIN', `Our plugin in Cowrie: ${detail}.`);
}
