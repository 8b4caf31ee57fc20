import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Programs, readOptions, say, sayBytes } from '../program.ts';

/** Bytes as numbers, and back. */
export const dumpPrograms: Programs = {
  xxd: ({ args, machine, shell, stdin }) => {
    const { flags, rest } = readOptions(args, 'lsc');
    const bytes = rest[0]
      ? Buffer.from(machine.world.read(resolvePath(shell.cwd, rest[0]), machine.actor))
      : bytesFrom(shell.stdin);
    if (flags.has('r'))
      return sayBytes(
        Buffer.from(
          stdin()
            .replace(/^[0-9a-f]+:|\s{2,}.*$/gm, '')
            .replace(/\s/g, ''),
          'hex',
        ),
      );
    const some = bytes.subarray(0, Number(flags.get('l') ?? 65_536));
    if (flags.has('p')) return say(`${some.toString('hex').replace(/.{60}(?=.)/g, '$&\n')}\n`);
    return say(dump(some));
  },
  hexdump: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'nse');
    const bytes = rest[0]
      ? Buffer.from(machine.world.read(resolvePath(shell.cwd, rest[0]), machine.actor))
      : bytesFrom(shell.stdin);
    const some = bytes.subarray(0, Number(flags.get('n') ?? 65_536));
    return say(flags.has('C') ? canonical(some) : words(some, machine.persona.kernel.machine === 'mips'));
  },
};

function dump(bytes: Buffer): string {
  return lines(
    bytes,
    (row, at) =>
      `${at.toString(16).padStart(8, '0')}: ${(
        row
          .toString('hex')
          .match(/.{1,4}/g)
          ?.join(' ') ?? ''
      ).padEnd(39)}  ${visible(row)}\n`,
  );
}

/** `hexdump` without options: pairs of bytes as numbers of this machine, which reads them in its own order. */
function words(bytes: Buffer, isBig: boolean): string {
  const row = (part: Buffer, at: number) => {
    const numbers = Array.from({ length: Math.ceil(part.length / 2) }, (_, index) =>
      hexPair(part[index * 2] ?? 0, part[index * 2 + 1] ?? 0, isBig),
    );
    return `${at.toString(16).padStart(7, '0')} ${numbers.join(' ')}\n`;
  };
  return `${lines(bytes, row)}${bytes.length.toString(16).padStart(7, '0')}\n`;
}

function hexPair(first: number, second: number, isBig: boolean): string {
  return (isBig ? first * 256 + second : second * 256 + first).toString(16).padStart(4, '0');
}

function canonical(bytes: Buffer): string {
  const rows = lines(
    bytes,
    (row, at) =>
      `${at.toString(16).padStart(8, '0')}  ${(
        row
          .toString('hex')
          .match(/../g)
          ?.map((pair, index) => (index === 8 ? ` ${pair}` : pair))
          .join(' ') ?? ''
      ).padEnd(48)}  |${visible(row)}|\n`,
  );
  return `${rows}${bytes.length.toString(16).padStart(8, '0')}\n`;
}

function lines(bytes: Buffer, show: (row: Buffer, at: number) => string): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 16) text += show(bytes.subarray(at, at + 16), at);
  return text;
}

function visible(row: Buffer): string {
  return [...row].map((byte) => (byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.')).join('');
}
