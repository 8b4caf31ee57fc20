import type { ServerChannel } from 'ssh2';
import { accountIn } from '../shell/programs/world-accounts.ts';
import { loginKind } from '../shell/shell-kind.ts';
import { openShell, type Visit } from '../shell/visit.ts';
import { wantsInput } from '../shell/wants-input.ts';
import { readScp, serveScp } from './scp.ts';
import type { Uploads } from './uploads.ts';

export interface Exec {
  readonly channel: ServerChannel;
  readonly visit: Visit;
  readonly command: string;
  readonly uploads: Uploads;
  readonly uploadBytesMax: number;
}

/** One command without a terminal, as `ssh host command` runs it: its output, its errors, its exit status. */
export async function runExec({ channel, visit, command, uploads, uploadBytesMax }: Exec): Promise<void> {
  const scp = readScp(command);
  if (scp) {
    const account = accountIn(visit, visit.user);
    const status = await serveScp(scp, { channel, visit, account, uploads, fileBytesMax: uploadBytesMax });
    channel.exit(status);
    channel.end();
    return;
  }
  const closed = new Promise<null>((resolve) => channel.once('close', () => resolve(null)));
  channel.on('error', () => channel.destroy());
  const shell = openShell(
    visit,
    { name: null, columns: () => 80 },
    {
      write(bytes, isError) {
        if (channel.writable) (isError ? channel.stderr : channel).write(bytes);
      },
      ask: async () => null,
    },
    // As `bash -c` runs it: not a login's.
    { ...loginKind(visit.persona), isLogin: false },
  );
  const stdin = wantsInput(command) ? await Promise.race([readAll(channel, uploadBytesMax), closed]) : new Uint8Array();
  if (stdin === null) return shell.close();
  const job = shell.run(command, stdin);
  const end = await Promise.race([job.ended.then((ended) => ({ ended })), closed]);
  shell.close();
  if (end === null) return job.stop();
  // What is stuck here would be busy until the visitor goes away, or our own limit on idle connections ends it.
  if (end.ended?.isStuck) await closed;
  if (end.ended) channel.exit(end.ended.status);
  else channel.exit('KILL', false, '');
  channel.end();
}

/**
 * All that comes until its end, up to a bound. Beyond it nothing is read any more, so that the sender's window closes: to take a
 * gigabyte in and throw it away made everybody else wait for 0.7 s. Kept in one place as it comes: to join 8 MB at the end, and then
 * to copy them to a thread, held everybody else up.
 */
function readAll(channel: ServerChannel, bytesMax: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const kept = new ArrayBuffer(0, { maxByteLength: bytesMax });
    channel.on('data', (chunk: Buffer) => {
      const at = kept.byteLength;
      const taken = chunk.subarray(0, bytesMax - at);
      kept.resize(at + taken.length);
      new Uint8Array(kept).set(taken, at);
      if (kept.byteLength < bytesMax) return;
      channel.pause();
      channel.removeAllListeners('data');
      resolve(new Uint8Array(kept));
    });
    channel.once('end', () => resolve(new Uint8Array(kept)));
  });
}
