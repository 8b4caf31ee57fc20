import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { errorBody } from './errors.ts';

/** Answers bytes that are not HTTP, or headers over Node's bounds, before there is a request that could be answered. */
export function answerBrokenRequest(error: Error, socket: Socket): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorBody('VALIDATION_FAILED', randomUUID()));
  const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/json', `content-length: ${body.length}`];
  socket.end([...head, 'connection: close', '', body].join('\r\n'));
}
