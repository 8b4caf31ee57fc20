import { createHash } from 'node:crypto';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import type { Arrived } from '../arrive.ts';
import { opensByKey } from '../credentials.ts';
import type { Ground } from '../decoy.ts';
import { enterByPassword, readFrom } from '../enter-by-password.ts';
import { printable } from '../events/session-events.ts';
import { type EnteredWorld, keyName } from '../world/world-store.ts';

/** Who is in, and the world that he is in from now on. */
export interface Login {
  readonly user: string;
  readonly entered: EnteredWorld;
}

const attemptsMax = 6;

/** Answers what a client tries to log in with, as the persona's OpenSSH would. */
export function letIn(
  ground: Ground,
  connection: Connection,
  { events, socket, sourceIp }: Arrived,
  entered: (login: Login) => void,
): void {
  const { persona } = ground;
  const methods: ('publickey' | 'password')[] = ['publickey', 'password'];
  let attempts = 0;
  let isIn = false;

  connection.on('authentication', (context) => {
    const username = printable(context.username);
    if (context.method === 'password') return void tryPassword(context, username, context.password);
    if (context.method === 'publickey') return void tryKey(context, username);
    context.reject(methods);
  });

  async function tryPassword(context: AuthContext, username: string, given: string): Promise<void> {
    const world = await enterByPassword(ground, sourceIp, context.username, given);
    if (!world) return refusePassword(context, username, given);
    const password = printable(given);
    events.tell('cowrie.login.success', { username, password }, `login attempt [${username}/${password}] succeeded`);
    accept(context, world);
  }

  function refusePassword(context: AuthContext, username: string, given: string): void {
    const password = printable(given);
    const fields = { username, password };
    events.tell('cowrie.login.failed', fields, `login attempt [${username}/${password}] failed`);
    const timer = setTimeout(() => refuse(context), ground.settings.limits.wrongPasswordMs);
    socket.once('close', () => clearTimeout(timer));
  }

  async function tryKey(context: Extract<AuthContext, { method: 'publickey' }>, username: string): Promise<void> {
    const { algo, data } = context.key;
    const key = data.toString('base64');
    const fingerprint = createHash('md5')
      .update(data)
      .digest('hex')
      .replace(/..(?=.)/g, '$&:');
    const fields = { username, fingerprint, key: `${algo} ${key}`, type: algo };
    const world = await findOpened(context.username, data);
    if (!context.signature) {
      if (world) ground.worlds.leave(world.key);
      events.tell(
        'cowrie.client.fingerprint',
        fields,
        `public key attempt for user ${username} of type ${algo} with fingerprint ${fingerprint}`,
      );
      if (world) context.accept();
      else context.reject(methods);
      return;
    }
    const isSigned = verifies(context);
    if (world && isSigned) {
      events.tell('cowrie.login.success', fields, `public key login attempt for [${username}] succeeded`);
      accept(context, world);
      return;
    }
    if (world) ground.worlds.leave(world.key);
    events.tell('cowrie.login.failed', fields, `public key login attempt for [${username}] failed`);
    refuse(context);
  }

  /** The world of his address where the key lies in it, else the one in which he left it. */
  async function findOpened(user: string, blob: Buffer): Promise<EnteredWorld | undefined> {
    const { worlds } = ground;
    for (const enter of [() => worlds.enter(sourceIp), () => worlds.enterByKey(keyName(blob), sourceIp)]) {
      const world = await enter();
      if (!world) continue;
      if (opensByKey(persona, user, blob.toString('base64'), (path) => readFrom(world.world, path))) return world;
      worlds.leave(world.key);
    }
    return undefined;
  }

  function accept(context: AuthContext, world: EnteredWorld): void {
    if (isIn || socket.destroyed) {
      ground.worlds.leave(world.key);
      return;
    }
    isIn = true;
    // Before the answer: ssh2 tells that the connection is ready while it accepts.
    connection.once('ready', () => entered({ user: context.username, entered: world }));
    context.accept();
  }

  function refuse(context: AuthContext): void {
    if (++attempts >= attemptsMax) connection.end();
    else context.reject(methods);
  }
}

function verifies(context: Extract<AuthContext, { method: 'publickey' }>): boolean {
  const key = ssh2.utils.parseKey(context.key.data);
  if (key instanceof Error || !context.blob || !context.signature) return false;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
