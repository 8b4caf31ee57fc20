import { createHash } from 'node:crypto';
import type { MadeNode } from '../world/node.ts';

const machines: Readonly<Record<string, number>> = { x86_64: 0x3e, aarch64: 0xb7, armv7l: 0x28, mips: 0x08 };

/** Whether a program's header says that this processor can run it. */
export function canRun(header: Uint8Array, machine: string): boolean {
  const wanted = machines[machine] ?? 0x3e;
  const isLittle = header[5] !== 2;
  const found = isLittle ? (header[18] ?? 0) | ((header[19] ?? 0) << 8) : ((header[18] ?? 0) << 8) | (header[19] ?? 0);
  // x86-64 runs i386, and 64-bit ARM runs 32-bit ARM.
  return found === wanted || (machine === 'x86_64' && found === 3) || (machine === 'aarch64' && found === 0x28);
}

/**
 * A program of the persona: an ELF header that is right for the processor, so that a bot which looks at the first
 * 52 bytes of /bin/ls picks its payload, and noise up to its size. It is made when it is read.
 */
export function createProgram(path: string, machine: string, seed: string, mtimeMs: number): MadeNode {
  const digest = createHash('sha256').update(`${seed}${path}`).digest();
  const sizeBytes = 14_480 + ((digest.readUInt32BE(0) % 260_000) & ~7);
  const mode = /\/(?:su|sudo|passwd|mount|newgrp|gpasswd|chsh|chfn)$/.test(path) ? 0o4755 : 0o755;
  return {
    kind: 'made',
    mode,
    uid: 0,
    gid: 0,
    mtimeMs,
    sizeBytes,
    make: () => programBytes(machine, digest, sizeBytes),
  };
}

interface ElfKind {
  readonly is64: boolean;
  readonly isBig: boolean;
  readonly flags: number;
  readonly loader: string;
}

const elfKinds: Readonly<Record<string, ElfKind>> = {
  x86_64: { is64: true, isBig: false, flags: 0, loader: '/lib64/ld-linux-x86-64.so.2' },
  aarch64: { is64: true, isBig: false, flags: 0, loader: '/lib/ld-linux-aarch64.so.1' },
  armv7l: { is64: false, isBig: false, flags: 0x05000400, loader: '/lib/ld-linux-armhf.so.3' },
  mips: { is64: false, isBig: true, flags: 0x70001007, loader: '/lib/ld-musl-mips-sf.so.1' },
};
const x86: ElfKind = { is64: true, isBig: false, flags: 0, loader: '/lib64/ld-linux-x86-64.so.2' };

function programBytes(machine: string, digest: Buffer, sizeBytes: number): Uint8Array {
  const { is64, isBig, flags, loader } = elfKinds[machine] ?? x86;
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 64; at < sizeBytes; at += digest.length)
    digest.copy(bytes, at, 0, Math.min(digest.length, sizeBytes - at));
  bytes.write('7f454c46', 0, 'hex');
  bytes.set([is64 ? 2 : 1, isBig ? 2 : 1, 1, 0], 4);
  const put16 = (value: number, at: number) =>
    isBig ? bytes.writeUInt16BE(value, at) : bytes.writeUInt16LE(value, at);
  const put32 = (value: number, at: number) =>
    isBig ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at);
  const [headBytes, entryBytes, sectionBytes] = is64 ? [64, 56, 64] : [52, 32, 40];
  const sections = 28;
  put16(is64 ? 3 : 2, 16);
  put16(machines[machine] ?? 0x3e, 18);
  put32(1, 20);
  put32(is64 ? 0x6ab0 : 0x400260, 24);
  put32(headBytes, is64 ? 32 : 28);
  put32(sizeBytes - sections * sectionBytes, is64 ? 40 : 32);
  // From here both forms go on alike: flags, sizes and counts of the tables.
  const rest = is64 ? 48 : 36;
  put32(flags, rest);
  const counts = [headBytes, entryBytes, 9, sectionBytes, sections, sections - 1];
  for (const [index, value] of counts.entries()) put16(value, rest + 4 + index * 2);
  bytes.write(`${loader}\0`, is64 ? 0x318 : 0x154, 'latin1');
  return bytes;
}
