// Says by its exit code whether the role in this container works: `node healthcheck.mjs [http://… | tcp://host:port]`;
// without an address that of the engine.
import { connect } from 'node:net';

const host = process.env.CERBERUS_HOST ?? '127.0.0.1';
const engine = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${process.env.PORT ?? 3000}/health`;
const url = new URL(process.argv[2] ?? engine);

process.exit((await (url.protocol === 'tcp:' ? listens() : answers())) ? 0 : 1);

function answers() {
  return fetch(url, { signal: AbortSignal.timeout(4000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

function listens() {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.setTimeout(4000, () => resolve(false));
  });
}
