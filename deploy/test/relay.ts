import { connect, createServer } from 'node:net';
import { argv, stdout } from 'node:process';

/** `node relay.ts PORT`: hands what comes to a free port of every address on to 127.0.0.1:PORT, and prints which it is. */
const target = Number(argv[2]);
const server = createServer((caller) => {
  const called = connect(target, '127.0.0.1');
  for (const [from, to] of [
    [caller, called],
    [called, caller],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
  }
});
server.listen(0, '0.0.0.0', () => {
  const address = server.address();
  stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
