import { workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';

/** A gigabyte into one command. In a thread of its own: what it costs to send it is not to be counted as the decoy's. */
const { port, localAddress } = workerData as { readonly port: number; readonly localAddress: string };
const chunk = Buffer.alloc(1024 * 1024, 'a');
const client = new ssh2.Client();
client.on('error', () => undefined);
client.on('ready', () =>
  client.exec('cat > /tmp/flood', (error, channel) => {
    if (error) throw error;
    channel.on('error', () => undefined);
    channel.resume();
    let sent = 0;
    send();
    function send(): void {
      while (sent++ < 1024) if (!channel.write(chunk)) return void channel.once('drain', send);
      channel.end();
    }
  }),
);
client.connect({ host: '127.0.0.1', port, localAddress, username: 'root', password: 'bench', readyTimeout: 60_000 });
