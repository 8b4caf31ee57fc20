import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { faultTexts, WorldFault } from '../../world/faults.ts';
import { childPath, resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, readOptions, say, sayBytes } from '../program.ts';
import { wholeFile } from './files.ts';

/** zip and unzip: what visitors pack to carry away, and unpack of what they brought. Other machines read what is packed here. */
export const zipPrograms: Programs = { zip, unzip };

interface Member {
  readonly name: string;
  /** As it lies in the archive. */
  readonly packed: Buffer;
  readonly isDeflated: boolean;
  readonly sizeBytes: number;
  readonly crc: number;
}

const membersMax = 2_000;
const unpackedMax = 16 * 1024 * 1024;

function zip(call: Call): Result {
  const { machine, shell } = call;
  const { flags, rest } = readOptions(call.args, 'Pbnt');
  const [given, ...operands] = rest;
  if (given === undefined || operands.length === 0)
    return given === undefined
      ? fail(
          'Copyright (c) 1990-2008 Info-ZIP - Type \'zip "-L"\' for software license.\nZip 3.0 (July 5th 2008). Usage:\nzip [-options] [-b path] [-t mmddyyyy] [-n suffixes] [zipfile list] [-xi list]\n',
          0,
        )
      : fail(`\nzip error: Nothing to do! (${named(given)})\n`, 12);
  const target = resolvePath(shell.cwd, named(given));
  const old = wholeFile(call, named(given));
  const members = new Map((old ? (read(old) ?? []) : []).map((member) => [member.name, member] as const));
  let stdout = '';
  let missing = '';
  for (const [name, path] of operands.flatMap((operand) => below(call, operand, flags.has('r')))) {
    const bytes = machine.world.find(path)?.kind === 'folder' ? Buffer.alloc(0) : wholeFile(call, path);
    if (!bytes) {
      missing += `\tzip warning: name not matched: ${name}\n`;
      continue;
    }
    if (members.size >= membersMax) break;
    const inside = (flags.has('j') ? name.replace(/^.*\//, '') : name).replace(/^\/+/, '');
    const verb = members.has(inside) ? 'updating:' : '  adding:';
    const member = pack(inside, bytes);
    members.set(inside, member);
    const saved = bytes.length === 0 ? 0 : Math.round(100 - (member.packed.length * 100) / bytes.length);
    stdout += `${verb} ${inside} (${member.isDeflated ? 'deflated' : 'stored'} ${member.isDeflated ? saved : 0}%)\n`;
  }
  if (members.size === 0) return fail(`${missing}\nzip error: Nothing to do! (${named(given)})\n`, 12);
  machine.world.write(target, write([...members.values()]), machine.actor);
  return { stdout: `${missing}${flags.has('q') ? '' : stdout}`, exitCode: 0 };
}

function named(archive: string): string {
  return /\.\w+$/.test(archive) ? archive : `${archive}.zip`;
}

function below({ machine, shell }: Call, operand: string, isDeep: boolean): [name: string, path: string][] {
  const path = resolvePath(shell.cwd, operand);
  if (machine.world.find(path)?.kind !== 'folder') return [[operand, path]];
  const found: [string, string][] = [];
  const waiting: [string, string][] = [[operand.replace(/\/$/, ''), path]];
  for (let next = waiting.shift(); next && found.length < membersMax; next = waiting.shift()) {
    const [name, place] = next;
    const isFolder = machine.world.lookAt(place)?.kind === 'folder';
    found.push([isFolder ? `${name}/` : name, place]);
    if (!isFolder || !isDeep) continue;
    for (const each of machine.world.list(place, machine.actor))
      waiting.push([`${name}/${each}`, childPath(place, each)]);
  }
  return found;
}

function unzip(call: Call): Result {
  const { machine, shell } = call;
  const { flags, rest } = readOptions(call.args, 'dxP');
  const [given, ...wanted] = rest;
  if (given === undefined)
    return say(
      'UnZip 6.00 of 20 April 2009, by Debian. Original by Info-ZIP.\n\nUsage: unzip [-Z] [-opts[modifiers]] file[.zip] [list] [-x xlist] [-d exdir]\n',
    );
  const file = wholeFile(call, given) ? given : `${given}.zip`;
  const bytes = wholeFile(call, file);
  if (!bytes) return fail(`unzip:  cannot find or open ${given}, ${given}.zip or ${given}.ZIP.\n`, 9);
  const all = read(bytes);
  if (!all)
    return {
      stdout: `Archive:  ${file}\n`,
      stderr: `  End-of-central-directory signature not found.  Either this file is not\n  a zipfile, or it constitutes one disk of a multi-part archive.  In the\n  latter case the central directory and zipfile comment will be found on\n  the last disk(s) of this archive.\nunzip:  cannot find zipfile directory in one of ${file} or\n        ${file}.zip, and cannot find ${file}.ZIP, period.\n`,
      exitCode: 9,
    };
  const members = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
  const head = flags.has('q') ? '' : `Archive:  ${file}\n`;
  if (flags.has('l') || flags.has('v')) return say(`${head}${listed(members)}`);
  if (flags.has('p') || flags.has('c')) return sayBytes(Buffer.concat(members.map(unpack)));
  if (flags.has('t'))
    return say(
      `${head}${members.map(({ name }) => `    testing: ${name.padEnd(22)}   OK\n`).join('')}No errors detected in compressed data of ${file}.\n`,
    );
  const folder = resolvePath(shell.cwd, flags.get('d') ?? '.');
  let stdout = head;
  for (const member of members) {
    const path = resolvePath(folder, withoutUps(member.name));
    const shown = `${flags.has('d') ? `${(flags.get('d') ?? '').replace(/\/$/, '')}/` : ''}${member.name}`;
    try {
      if (member.name.endsWith('/')) makeFolders(machine, path);
      else {
        makeFolders(machine, path.slice(0, path.lastIndexOf('/')));
        if (machine.world.find(path) && flags.has('n')) continue;
        machine.world.write(path, unpack(member), machine.actor);
      }
    } catch (error) {
      if (!(error instanceof WorldFault)) throw error;
      return fail(`error:  cannot create ${path}\n        ${faultTexts[error.code]}\n`, 50);
    }
    const verb = member.name.endsWith('/') ? '   creating' : member.isDeflated ? '  inflating' : ' extracting';
    stdout += `${verb}: ${shown.padEnd(member.name.endsWith('/') ? 0 : 22)}  \n`.replace(/(\/) {2}\n$/, '$1\n');
  }
  return say(flags.has('q') ? '' : stdout);
}

/** Nothing comes out beside the folder. */
function withoutUps(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '..')
    .join('/');
}

function makeFolders(machine: Pick<Call['machine'], 'world' | 'actor'>, path: string): void {
  const { world, actor } = machine;
  if (path === '' || world.find(path)) return;
  makeFolders(machine, path.slice(0, path.lastIndexOf('/')));
  world.makeFolder(path, actor, 0o755);
}

function listed(members: readonly Member[]): string {
  const rows = members.map(({ name, sizeBytes }) => `${String(sizeBytes).padStart(9)}  2024-01-01 00:00   ${name}\n`);
  const sum = members.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
  return `  Length      Date    Time    Name\n---------  ---------- -----   ----\n${rows.join('')}---------                     -------\n${String(sum).padStart(9)}                     ${members.length} file${members.length === 1 ? '' : 's'}\n`;
}

function pack(name: string, bytes: Buffer): Member {
  const deflated = deflateRawSync(bytes);
  const isDeflated = deflated.length < bytes.length;
  return { name, packed: isDeflated ? deflated : bytes, isDeflated, sizeBytes: bytes.length, crc: crc32(bytes) };
}

function unpack({ packed, isDeflated, sizeBytes }: Member): Buffer {
  if (!isDeflated) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.min(unpackedMax, sizeBytes + 1) });
  } catch {
    // Damaged, or a bomb.
    return Buffer.alloc(0);
  }
}

function write(members: readonly Member[]): Buffer {
  const [bodies, rows]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const member of members) {
    const name = Buffer.from(member.name, 'utf8');
    const fields = fieldsOf(member, name.length);
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, member.packed]);
    const row = Buffer.alloc(46);
    row.write('PK\x01\x02\x1e\x03', 'latin1');
    fields.copy(row, 6);
    row.writeUInt32LE(0o100644 * 65_536, 38);
    row.writeUInt32LE(at, 42);
    bodies.push(head);
    rows.push(row, name);
    at += head.length;
  }
  const directory = Buffer.concat(rows);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}

/** What a member's head and its row in the directory have in common. */
function fieldsOf({ isDeflated, crc, packed, sizeBytes }: Member, nameBytes: number): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(isDeflated ? 20 : 10, 0);
  fields.writeUInt16LE(isDeflated ? 8 : 0, 4);
  // The first of January 2024.
  fields.writeUInt16LE(((2024 - 1980) << 9) | (1 << 5) | 1, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(sizeBytes, 18);
  fields.writeUInt16LE(nameBytes, 22);
  return fields;
}

/** @returns undefined where it is no archive */
function read(bytes: Buffer): Member[] | undefined {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + 22 > bytes.length) return undefined;
  const members: Member[] = [];
  let row = bytes.readUInt32LE(end + 16);
  for (let left = Math.min(membersMax, bytes.readUInt16LE(end + 10)); left > 0 && row + 46 <= end; left--) {
    const [nameBytes, moreBytes] = [
      bytes.readUInt16LE(row + 28),
      bytes.readUInt16LE(row + 30) + bytes.readUInt16LE(row + 32),
    ];
    const at = bytes.readUInt32LE(row + 42);
    if (at + 30 > bytes.length) return undefined;
    const body = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    members.push({
      name: bytes.subarray(row + 46, row + 46 + nameBytes).toString('utf8'),
      packed: bytes.subarray(body, body + bytes.readUInt32LE(row + 20)),
      isDeflated: bytes.readUInt16LE(row + 10) === 8,
      sizeBytes: bytes.readUInt32LE(row + 24),
      crc: bytes.readUInt32LE(row + 16),
    });
    row += 46 + nameBytes + moreBytes;
  }
  return members;
}
