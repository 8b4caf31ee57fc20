import { faultTexts, WorldFault } from '../../world/faults.ts';
import { bytesOf, sizeOf } from '../../world/node.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, readOptions, say } from '../program.ts';
import { accountsIn, groupsIn } from './world-accounts.ts';

/** Programs on files that the interpreter lacks, or does in its own way. */
export const filePrograms: Programs = {
  chown,
  chgrp: chown,
  chattr: ({ args, machine, shell }) =>
    onFiles(
      args,
      { machine, shell },
      'chattr',
      (operand) => `chattr: No such file or directory while trying to stat ${operand}\n`,
    ),
  lsattr: ({ args, machine, shell }) => {
    const operands = args.filter((arg) => !arg.startsWith('-'));
    const known = operands.filter((operand) => machine.world.find(resolvePath(shell.cwd, operand)));
    const unknown = operands.filter((operand) => !known.includes(operand));
    return {
      stdout: known.map((operand) => `--------------e------- ${operand}\n`).join(''),
      stderr: unknown.map((operand) => `lsattr: No such file or directory while trying to stat ${operand}\n`).join(''),
      exitCode: unknown.length > 0 ? 1 : 0,
    };
  },
  which,
  mktemp: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'p');
    const template = rest[0] ?? '/tmp/tmp.XXXXXXXXXX';
    if (!/X{3,}/.test(template)) return fail(`mktemp: too few X's in template ‘${template}’\n`);
    const name = template.replace(/X{3,}/, (xs) =>
      Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(xs.length)))
        .toString('base64')
        .replace(/[+/=]/g, 'q')
        .slice(0, xs.length),
    );
    const path = resolvePath(shell.cwd, name);
    if (flags.has('d')) machine.world.makeFolder(path, machine.actor, 0o700);
    else machine.world.write(path, new Uint8Array(), machine.actor, 0o600);
    return say(`${name}\n`);
  },
  mkfifo: ({ args, machine, shell }) => {
    for (const path of args.filter((arg) => !arg.startsWith('-')))
      machine.world.write(resolvePath(shell.cwd, path), new Uint8Array(), machine.actor);
    return {};
  },
  shred: ({ args, machine, shell }) => {
    const { flags, rest } = readOptions(args, 'ns');
    let stderr = '';
    for (const operand of rest) {
      const path = resolvePath(shell.cwd, operand);
      const node = machine.world.find(path);
      if (!node) stderr += `shred: ${operand}: failed to open for writing: ${faultTexts.ENOENT}\n`;
      else if (flags.has('u')) machine.world.remove(path, machine.actor);
      else
        machine.world.write(
          path,
          globalThis.crypto.getRandomValues(new Uint8Array(Math.min(65_536, sizeOf(node)))),
          machine.actor,
        );
    }
    return fail(stderr, stderr === '' ? 0 : 1);
  },
  yes: ({ args }) => say(`${args.join(' ') || 'y'}\n`.repeat(20_000)),
};

function onFiles(
  args: readonly string[],
  { machine, shell }: Pick<Call, 'machine' | 'shell'>,
  name: string,
  missing: (operand: string) => string,
): Result {
  const operands = args.filter((arg) => !/^[-+=]/.test(arg));
  if (operands.length === 0) return fail(`Usage: ${name} [-pRVf] [-+=aAcCdDeijPsStTuFx] [-v version] files...\n`);
  if (machine.actor.uid !== 0)
    return fail(
      operands.map((operand) => `${name}: Operation not permitted while setting flags on ${operand}\n`).join(''),
    );
  const stderr = operands
    .filter((operand) => !machine.world.find(resolvePath(shell.cwd, operand)))
    .map(missing)
    .join('');
  return fail(stderr, stderr === '' ? 0 : 1);
}

function chown({ args, machine, shell, name }: Call): Result {
  const [who = '', ...operands] = args.filter((arg) => !arg.startsWith('-'));
  if (operands.length === 0)
    return fail(
      `${name}: missing operand${who ? ` after '${who}'` : ''}\nTry '${name} --help' for more information.\n`,
    );
  const [user = '', group] = name === 'chgrp' ? ['', who] : who.split(/[:.]/);
  const uid = user === '' ? undefined : (accountsIn(machine).find((each) => each.name === user)?.uid ?? numberOf(user));
  const gid = group ? (groupsIn(machine).get(group) ?? numberOf(group)) : undefined;
  if (user !== '' && uid === undefined) return fail(`${name}: invalid user: ‘${who}’\n`);
  if (group && gid === undefined) return fail(`${name}: invalid group: ‘${who}’\n`);
  let stderr = '';
  for (const operand of operands) {
    try {
      machine.world.change(resolvePath(shell.cwd, operand), machine.actor, {
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      });
    } catch (error) {
      const text = error instanceof WorldFault ? faultTexts[error.code] : String(error);
      stderr +=
        error instanceof WorldFault && error.code === 'ENOENT'
          ? `${name}: cannot access '${operand}': ${text}\n`
          : `${name}: changing ownership of '${operand}': ${text}\n`;
    }
  }
  return fail(stderr, stderr === '' ? 0 : 1);
}

function numberOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function which({ args, machine, shell }: Call): Result {
  const { flags, rest } = readOptions(args);
  const folders = (shell.env.get('PATH') ?? '').split(':').filter((folder) => folder !== '');
  const found = rest.flatMap((name) => {
    const places = name.includes('/') ? [name] : folders.map((folder) => `${folder}/${name}`);
    const hits = places.filter((path) => {
      const node = machine.world.find(resolvePath(shell.cwd, path));
      return node !== undefined && node.kind !== 'folder' && (node.mode & 0o111) !== 0;
    });
    return flags.has('a') ? [hits] : [hits.slice(0, 1)];
  });
  return {
    stdout: found
      .flat()
      .map((path) => `${path}\n`)
      .join(''),
    exitCode: found.every((hits) => hits.length > 0) ? 0 : 1,
  };
}

/** For programs that need a file whole. */
export function wholeFile(call: Pick<Call, 'machine' | 'shell'>, operand: string): Buffer | undefined {
  const node = call.machine.world.find(resolvePath(call.shell.cwd, operand));
  return node && node.kind !== 'folder' ? Buffer.from(bytesOf(node)) : undefined;
}
