import { faultTexts, WorldFault } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, sayBytes } from '../program.ts';

export const ddPrograms: Programs = { dd };

const copiedBytesMax = 8 * 1024 * 1024;

/** Copies at most some megabytes: a disk is filled no further, and nobody waits for the rest to see that. */
function dd({ args, machine, shell }: Call): Result {
  const given = new Map(args.map((arg) => [arg.split('=')[0] ?? '', arg.slice(arg.indexOf('=') + 1)] as const));
  const unit = bytesFor(given.get('bs') ?? given.get('ibs') ?? '512');
  const count = given.has('count') ? Number(given.get('count')) : Number.POSITIVE_INFINITY;
  const skip = Number(given.get('skip') ?? 0) * unit;
  const from = given.get('if');
  let input: Buffer;
  try {
    input =
      from === undefined
        ? bytesFrom(shell.stdin)
        : Buffer.from(machine.world.read(resolvePath(shell.cwd, from), machine.actor));
  } catch (error) {
    return fail(`dd: failed to open '${from ?? ''}': ${error instanceof WorldFault ? faultTexts[error.code] : ''}\n`);
  }
  const wanted = Math.min(count * unit, copiedBytesMax);
  const isEndless = from === '/dev/zero' || from === '/dev/urandom' || from === '/dev/random';
  const repeated =
    isEndless && Number.isFinite(wanted)
      ? Buffer.concat(Array.from({ length: Math.ceil(wanted / Math.max(1, input.length)) }, () => input))
      : input;
  const bytes = repeated.subarray(skip, skip + (Number.isFinite(wanted) ? wanted : repeated.length));
  const told = isEndless && Number.isFinite(count) ? count * unit : bytes.length;
  const stderr = given.get('status') === 'none' ? '' : reportOf(told, unit);
  const to = given.get('of');
  if (to === undefined) return { ...sayBytes(bytes), stderr };
  try {
    machine.world.write(resolvePath(shell.cwd, to), bytes, machine.actor);
  } catch (error) {
    return fail(`dd: failed to open '${to}': ${error instanceof WorldFault ? faultTexts[error.code] : ''}\n`);
  }
  return { stderr };
}

function bytesFor(text: string): number {
  const [, digits = '512', letter = ''] = /^(\d{1,9})([kKMGcwb]?)/.exec(text) ?? [];
  return Math.max(
    1,
    Number(digits) * ({ k: 1024, K: 1024, M: 1_048_576, G: 1_073_741_824, b: 512, w: 2 }[letter] ?? 1),
  );
}

/** The rate must be what size and time come to: one division tells a made-up one. */
function reportOf(bytes: number, unit: number): string {
  const blocks = `${Math.floor(bytes / unit)}+${bytes % unit === 0 ? 0 : 1}`;
  const [jitter = 0] = globalThis.crypto.getRandomValues(new Uint8Array(1));
  const seconds = (2e-5 + (bytes / unit) * 5e-7 + bytes / 1.4e9) * (0.85 + jitter / 850);
  const size = bytes < 1000 ? '' : ` (${inUnits(bytes, 1000, 'B')}, ${inUnits(bytes, 1024, 'iB')})`;
  const pace = `${inPrintfG(seconds)} s, ${inUnits(bytes / seconds, 1000, 'B')}/s`;
  return `${blocks} records in\n${blocks} records out\n${bytes} bytes${size} copied, ${pace}\n`;
}

/** C's %g: six digits, none of them a trailing zero, an exponent below 0.0001. */
function inPrintfG(value: number): string {
  if (value >= 1e-4) return String(Number(value.toPrecision(6)));
  const [digits = '0', exponent = '0'] = value.toExponential(5).split('e');
  return `${Number(digits)}e-${exponent.slice(1).padStart(2, '0')}`;
}

function inUnits(bytes: number, step: number, unit: string): string {
  const names = step === 1000 ? ['', 'k', 'M', 'G', 'T'] : ['', 'K', 'M', 'G', 'T'];
  let size = bytes;
  let index = 0;
  for (; size >= step && index < names.length - 1; index++) size /= step;
  return `${size < 10 && index > 0 ? size.toFixed(1) : Math.round(size)} ${names[index] ?? ''}${unit}`;
}
