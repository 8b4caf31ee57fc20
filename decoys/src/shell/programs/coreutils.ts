import { type Call, interpretersOwn, type Programs, type Result, say } from '../program.ts';
import { releaseOf } from './releases.ts';

/**
 * Every tool with GNU's `--help` and `--version` in front of what does the work, ours or the interpreter's own, which would name itself.
 * The help is what GNU's begins and ends with; the list of options between is left out.
 */
export function withHelp(programs: Programs): Programs {
  const helpful = ([name, answer]: readonly [string, Answer]) => {
    const own = Object.hasOwn(programs, name) ? programs[name] : undefined;
    return [name, (call: Call) => answer(call) ?? own?.(call) ?? interpretersOwn] as const;
  };
  return {
    ...programs,
    ...Object.fromEntries([...Object.entries(coreutils), ...Object.entries(versions)].map(helpful)),
  };
}

type Answer = (call: Call) => Result | undefined;

const coreutils: Readonly<Record<string, Answer>> = Object.fromEntries(
  `base64 [OPTION]... [FILE]|Base64 encode or decode FILE, or standard input, to standard output.
basename NAME [SUFFIX]|Print NAME with any leading directory components removed.
cat [OPTION]... [FILE]...|Concatenate FILE(s) to standard output.
chmod [OPTION]... MODE[,MODE]... FILE...|Change the mode of each FILE to MODE.
comm [OPTION]... FILE1 FILE2|Compare sorted files FILE1 and FILE2 line by line.
cp [OPTION]... [-T] SOURCE DEST|Copy SOURCE to DEST, or multiple SOURCE(s) to DIRECTORY.
cut OPTION... [FILE]...|Print selected parts of lines from each FILE to standard output.
date [OPTION]... [+FORMAT]|Display date and time in the given FORMAT.
dirname [OPTION] NAME...|Output each NAME with its last non-slash component and trailing slashes removed.
du [OPTION]... [FILE]...|Summarize device usage of the set of FILEs, recursively for directories.
expand [OPTION]... [FILE]...|Convert tabs in each FILE to spaces, writing to standard output.
fold [OPTION]... [FILE]...|Wrap input lines in each FILE, writing to standard output.
head [OPTION]... [FILE]...|Print the first 10 lines of each FILE to standard output.
ls [OPTION]... [FILE]...|List information about the FILEs (the current directory by default).
ln [OPTION]... [-T] TARGET LINK_NAME|In the 1st form, create a link to TARGET with the name LINK_NAME.
md5sum [OPTION]... [FILE]...|Print or check MD5 (128-bit) checksums.
mkdir [OPTION]... DIRECTORY...|Create the DIRECTORY(ies), if they do not already exist.
mv [OPTION]... [-T] SOURCE DEST|Rename SOURCE to DEST, or move SOURCE(s) to DIRECTORY.
nl [OPTION]... [FILE]...|Write each FILE to standard output, with line numbers added.
od [OPTION]... [FILE]...|Write an unambiguous representation, octal bytes by default,
paste [OPTION]... [FILE]...|Write lines consisting of the sequentially corresponding lines from
readlink [OPTION]... FILE...|Print value of a symbolic link or canonical file name
rm [OPTION]... [FILE]...|Remove (unlink) the FILE(s).
rmdir [OPTION]... DIRECTORY...|Remove the DIRECTORY(ies), if they are empty.
seq [OPTION]... LAST|Print numbers from FIRST to LAST, in steps of INCREMENT.
sha1sum [OPTION]... [FILE]...|Print or check SHA1 (160-bit) checksums.
sha256sum [OPTION]... [FILE]...|Print or check SHA256 (256-bit) checksums.
sleep NUMBER[SUFFIX]...|Pause for NUMBER seconds.
sort [OPTION]... [FILE]...|Write sorted concatenation of all FILE(s) to standard output.
split [OPTION]... [FILE [PREFIX]]|Output pieces of FILE to PREFIXaa, PREFIXab, ...;
tac [OPTION]... [FILE]...|Write each FILE to standard output, last line first.
tail [OPTION]... [FILE]...|Print the last 10 lines of each FILE to standard output.
tee [OPTION]... [FILE]...|Copy standard input to each FILE, and also to standard output.
timeout [OPTION] DURATION COMMAND [ARG]...|Start COMMAND, and kill it if still running after DURATION.
touch [OPTION]... FILE...|Update the access and modification times of each FILE to the current time.
tr [OPTION]... STRING1 [STRING2]|Translate, squeeze, and/or delete characters from standard input,
uniq [OPTION]... [INPUT [OUTPUT]]|Filter adjacent matching lines from INPUT (or standard input),
wc [OPTION]... [FILE]...|Print newline, word, and byte counts for each FILE, and a total line if`
    .split('\n')
    .map((row) => {
      const [usage = '', does = ''] = row.split('|');
      const name = usage.split(' ')[0] ?? '';
      return [name, (call: Call) => run(call, usage, does)];
    }),
);

/** What the tools of other packages say of their version. */
const versions: Readonly<Record<string, Answer>> = Object.fromEntries(
  ['grep', 'sed', 'awk', 'tar', 'gzip', 'xargs', 'find', 'diff', 'cmp'].map((name) => [
    name,
    (call: Call) => versionOf(call, name),
  ]),
);

function versionOf({ args, machine }: Call, name: string): Result | undefined {
  const said = releaseOf(machine.persona).tools[name];
  return args.includes('--version') && said !== undefined ? say(`${said}\n${license}`) : undefined;
}

function run({ args, machine, name }: Call, usage: string, does: string): Result | undefined {
  // After `--` it is the name of a file.
  const asked = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  if (machine.persona.os.family !== 'busybox') {
    if (asked.includes('--help')) return say(helpText(name, usage, does));
    if (asked.includes('--version')) return say(versionText(name, machine.persona.packages));
  }
  return undefined;
}

function helpText(name: string, usage: string, does: string): string {
  return `Usage: ${usage}\n${does}\n\n      --help        display this help and exit\n      --version     output version information and exit\n\nGNU coreutils online help: <https://www.gnu.org/software/coreutils/>\nReport any translation bugs to <https://translationproject.org/team/>\nFull documentation <https://www.gnu.org/software/coreutils/${name}>\nor available locally via: info '(coreutils) ${name} invocation'\n`;
}

function versionText(name: string, packages: readonly string[]): string {
  const version = /^coreutils ([\d.]+)/m.exec(packages.join('\n'))?.[1] ?? '8.32';
  const year = { '8.28': 2017, '8.30': 2018, '8.32': 2020, '9.1': 2022 }[version] ?? 2020;
  return `${name} (GNU coreutils) ${version}\nCopyright (C) ${year} Free Software Foundation, Inc.\n${license}`;
}

const license =
  'License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\nThis is free software: you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n';
