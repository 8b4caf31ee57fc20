import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Arrived, arrive } from '../arrive.ts';
import type { Ground } from '../decoy.ts';
import { printable } from '../events/session-events.ts';
import { type Listening, listen } from '../listen.ts';
import { findExploit } from './exploits.ts';
import { errorPage, loginPage } from './pages.ts';

const bodyBytesMax = 64 * 1024;
const requestsMax = 200;

/**
 * A web server with a login and nothing behind it. Requests are told with their words, logins as logins; known exploits
 * as exploits, with the command that they carry. It fetches nothing and runs nothing.
 */
export async function listenHttp(ground: Ground, port: number): Promise<Listening> {
  const arrivals = new WeakMap<object, { arrived: Arrived; requests: number }>();
  const server = createServer(
    { maxHeaderSize: 16 * 1024, requestTimeout: 20_000, headersTimeout: 15_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      const known = arrivals.get(request.socket);
      if (!known || ++known.requests > requestsMax) return void request.socket.destroy();
      void answer(ground, known.arrived, request, response).catch(() => request.socket.destroy());
    },
  );
  server.on('connection', (socket) => {
    if (ground.door.enter(socket)) arrivals.set(socket, { arrived: arrive(ground, socket, 'http'), requests: 0 });
  });
  server.on('clientError', (_error, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nServer: nginx/1.18.0 (Ubuntu)\r\nConnection: close\r\n\r\n'),
  );
  return await listen(server, port, ground.settings.host, ground.settings.proxies);
}

async function answer(
  ground: Ground,
  { events }: Arrived,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const method = request.method ?? 'GET';
  const target = printable(request.url ?? '/').slice(0, 4000);
  const agent = printable(request.headers['user-agent'] ?? '').slice(0, 500);
  events.tell(
    'cerberus.http.request',
    {
      method,
      url: target,
      user_agent: agent,
      host: printable(request.headers.host ?? '').slice(0, 300),
      body: printable(body).slice(0, 4000),
    },
    `${method} ${target}`,
  );
  const headers = Object.values(request.headers).flat().join('\n');
  const exploit = findExploit(`${method} ${decode(request.url ?? '')}\n${headers}\n${decode(body)}`);
  if (exploit)
    events.tell(
      'cerberus.http.exploit',
      { cve: exploit.name, attempted_command: exploit.command },
      `${exploit.name}: ${exploit.command}`,
    );

  response.setHeader('Server', 'nginx/1.18.0 (Ubuntu)');
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (method === 'POST' && /^\/(?:login|admin|wp-login\.php|user\/login)/.test(path))
    return login(ground, events.tell, body, response);
  if (path === '/' || /^\/(?:login|admin|index\.php)/.test(path))
    return send(response, 200, loginPage(ground.persona.hostname, false));
  if (path === '/robots.txt')
    return send(response, 200, 'User-agent: *\nDisallow: /admin/\nDisallow: /backup/\n', 'text/plain');
  if (path === '/.env' || path === '/backup/.env') return send(response, 200, leakedFile(ground), 'text/plain');
  send(response, 404, errorPage('404 Not Found'));
}

function login(ground: Ground, tell: Arrived['events']['tell'], body: string, response: ServerResponse): void {
  const form = new URLSearchParams(body);
  const username = printable(form.get('username') ?? form.get('log') ?? form.get('user') ?? '').slice(0, 500);
  const password = printable(form.get('password') ?? form.get('pwd') ?? form.get('pass') ?? '').slice(0, 500);
  tell('cowrie.login.failed', { username, password }, `login attempt [${username}/${password}] failed`);
  send(response, 200, loginPage(ground.persona.hostname, true));
}

/** A file that looks forgotten: its secret is this decoy's own, so that its use elsewhere can be told. */
function leakedFile({ persona }: Ground): string {
  const secret = createHash('sha256').update(`${persona.seed}/env`).digest('hex');
  return `APP_ENV=production\nAPP_KEY=base64:${Buffer.from(secret.slice(0, 32)).toString('base64')}\nDB_HOST=127.0.0.1\nDB_DATABASE=shop\nDB_USERNAME=shop\nDB_PASSWORD=${secret.slice(32, 50)}\n`;
}

function send(response: ServerResponse, status: number, text: string, type = 'text/html'): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=UTF-8` });
  response.end(text);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // `as`: a request whose encoding nobody set gives bytes.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyBytesMax) {
      request.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
