import { Agent, type IncomingMessage, request } from 'node:http';
import type { HttpRequest, Visit } from './campaign.ts';
import { type Door, type Limits, originOf, type Played } from './played.ts';

/** Plays one visit: its requests on one connection. A request that the server breaks off ends it. */
export async function playHttp(door: Door, { requests }: Visit, limits: Limits): Promise<Played> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let localPort = 0;
  let sent = 0;
  try {
    for (const one of requests) {
      if (limits.commandsLeft <= 0) break;
      limits.commandsLeft--;
      const answer = await ask(one);
      localPort ||= answer.socket.localPort ?? 0;
      sent++;
      await drain(answer);
    }
  } catch (error) {
    if (localPort === 0) throw error;
  } finally {
    agent.destroy();
  }
  return { localPort, loggedIn: false, commands: sent };

  function ask({ method, url, body }: HttpRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
      const sending = request(
        {
          agent,
          host: door.address,
          port: door.port,
          ...originOf(door),
          method,
          path: url.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent),
          headers,
          signal: limits.signal,
        },
        (answer) => resolve(answer),
      );
      sending.once('error', reject);
      sending.end(body);
    });
  }
}

/** Read and thrown away: the next request waits for the end of this answer. */
async function drain(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > 1_000_000) answer.destroy();
  }
}
