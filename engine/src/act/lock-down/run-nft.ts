import { execFile } from 'node:child_process';
import { loginWith, type SshLogin } from '../rotate-key/ssh-host.ts';
import type { RunNft } from './firewall.ts';

const outputBytesMax = 16 * 1024 * 1024;

/** nft on this machine. `command` is the program with what comes before it, such as `sudo -n nft`. */
export function runNftHere(command: readonly string[]): RunNft {
  const [program = 'nft', ...before] = command;
  return (args, stdin, signal) =>
    new Promise((resolve, reject) => {
      const options = { signal, maxBuffer: outputBytesMax };
      const child = execFile(program, [...before, ...args], options, (error, stdout, stderr) => {
        if (error) reject(new Error(`nft failed: ${(stderr || error.message).slice(0, 300)}`));
        else resolve(stdout);
      });
      // A program that cannot be started has no input; the callback tells that.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(stdin);
    });
}

/** nft over SSH, as a user who may call `command`. */
export function runNftOver(login: Omit<SshLogin, 'signal'>, command: readonly string[]): RunNft {
  return async (args, stdin, signal) => {
    const host = await loginWith({ ...login, signal });
    if (!host) throw new Error(`${login.host} refuses the key for ${login.username}`);
    try {
      // Words of ours and of the configuration only; the address is in the input.
      const { code, stdout, stderr } = await host.run([...command, ...args].join(' '), stdin);
      if (code !== 0) throw new Error(`nft on ${login.host} failed: ${stderr.slice(0, 300)}`);
      return stdout;
    } finally {
      host.close();
    }
  };
}
