import { createHash } from 'node:crypto';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import type { Arrived } from '../arrive.ts';
import { opens, opensByKey } from '../credentials.ts';
import type { Ground } from '../decoy.ts';
import { printable } from '../events/session-events.ts';

const attemptsMax = 6;

/** Answers what a client tries to log in with, as the persona's OpenSSH would. */
export function letIn(
  ground: Ground,
  connection: Connection,
  { events, socket, sourceIp }: Arrived,
  entered: (user: string) => void,
): void {
  const { persona } = ground;
  const methods: ('publickey' | 'password')[] = ['publickey', 'password'];
  let attempts = 0;
  let isIn = false;

  connection.on('authentication', (context) => {
    const username = printable(context.username);
    if (context.method === 'password') return tryPassword(context, username, context.password);
    if (context.method === 'publickey') return tryKey(context, username);
    context.reject(methods);
  });

  function tryPassword(context: AuthContext, username: string, given: string): void {
    const password = printable(given);
    const fields = { username, password };
    if (opens(persona, context.username, given)) {
      events.tell('cowrie.login.success', fields, `login attempt [${username}/${password}] succeeded`);
      accept(context);
      return;
    }
    events.tell('cowrie.login.failed', fields, `login attempt [${username}/${password}] failed`);
    const timer = setTimeout(() => refuse(context), ground.settings.limits.wrongPasswordMs);
    socket.once('close', () => clearTimeout(timer));
  }

  function tryKey(context: Extract<AuthContext, { method: 'publickey' }>, username: string): void {
    const { algo, data } = context.key;
    const key = data.toString('base64');
    const fingerprint = createHash('md5')
      .update(data)
      .digest('hex')
      .replace(/..(?=.)/g, '$&:');
    const fields = { username, fingerprint, key: `${algo} ${key}`, type: algo };
    const isKnown = opensByKey(persona, context.username, key, (path) => readKept(ground, sourceIp, path));
    if (!context.signature) {
      events.tell(
        'cowrie.client.fingerprint',
        fields,
        `public key attempt for user ${username} of type ${algo} with fingerprint ${fingerprint}`,
      );
      if (isKnown) context.accept();
      else context.reject(methods);
      return;
    }
    const isSigned = verifies(context);
    if (isKnown && isSigned) {
      events.tell('cowrie.login.success', fields, `public key login attempt for [${username}] succeeded`);
      accept(context);
      return;
    }
    events.tell('cowrie.login.failed', fields, `public key login attempt for [${username}] failed`);
    refuse(context);
  }

  function accept(context: AuthContext): void {
    // Before the answer: ssh2 tells that the connection is ready while it accepts.
    if (!isIn) connection.once('ready', () => entered(context.username));
    isIn = true;
    context.accept();
  }

  function refuse(context: AuthContext): void {
    if (++attempts >= attemptsMax) connection.end();
    else context.reject(methods);
  }
}

function readKept(ground: Ground, key: string, path: string): string {
  const world = ground.worlds.enter(key);
  try {
    return Buffer.from(world.read(path, { uid: 0, gid: 0 })).toString('utf8');
  } catch {
    return '';
  } finally {
    ground.worlds.leave(key);
  }
}

function verifies(context: Extract<AuthContext, { method: 'publickey' }>): boolean {
  const key = ssh2.utils.parseKey(context.key.data);
  if (key instanceof Error || !context.blob || !context.signature) return false;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}
