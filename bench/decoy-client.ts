import ssh2 from 'ssh2';

/** Logs in to a decoy of ours on loopback; each local address is another attacker, whose world nobody else sees. */
export function enterDecoy(port: number, localAddress: string): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once('ready', () => {
      // As OpenSSH's client does at a terminal; without it the kernel holds a key back for 40 ms.
      client.setNoDelay(true);
      resolve(client);
    });
    client.on('error', reject);
    client.connect({
      ...{ host: '127.0.0.1', port, localAddress },
      ...{ username: 'root', password: 'bench', readyTimeout: 60_000 },
    });
  });
}
