import { type Call, fail, type Machine, type Programs, type Result, say } from '../program.ts';

/** What dpkg knows: the persona's packages. */
export const packagePrograms: Programs = { dpkg, 'dpkg-query': dpkg };

function dpkg({ args, machine }: Call): Result {
  if (args[0] === '--print-architecture')
    return say(`${machine.persona.kernel.machine === 'x86_64' ? 'amd64' : 'arm64'}\n`);
  if (args[0] === '-s' || args[0] === '--status') return packageStatus(args[1] ?? '', machine);
  if (args[0] === '-S' || args[0] === '--search') return ownerOf(args.slice(1), machine);
  if (args[0] === '-L' || args[0] === '--listfiles')
    return machine.persona.packages.some((line) => line.startsWith(`${args[1]} `))
      ? say(`/.\n${args[1] === 'bash' ? '/bin\n/bin/bash\n' : ''}/usr\n/usr/bin\n/usr/share/doc/${args[1]}\n`)
      : fail(
          `dpkg-query: package '${args[1] ?? ''}' is not installed\nUse dpkg --contents (= dpkg-deb --contents) to list archive files contents.\n`,
        );
  if (args[0] === '-W' || args.some((arg) => arg.startsWith('-f=') || arg.startsWith('--showformat=')))
    return query(args, machine);
  if (args[0] === '--get-selections')
    return say(
      machine.persona.packages
        .map((line) => `${(line.split(' ')[0] ?? '').padEnd(39, '\t').replace(/\t+/, '\t\t')}install\n`)
        .join(''),
    );
  const archive = /^(?:-i|--install)$/.test(args[0] ?? '') ? args[1] : undefined;
  if (archive !== undefined && !machine.world.find(archive))
    return fail(`dpkg: error: cannot access archive '${archive}': No such file or directory\n`, 2);
  if (!args.some((arg) => /^(?:-[lL]|--list)$/.test(arg)))
    return fail(
      "dpkg: error: need an action option\n\nType dpkg --help for help about installing and deinstalling packages [*];\nUse 'apt' or 'aptitude' for user-friendly package management;\n",
      2,
    );
  const names = args.filter((arg) => !arg.startsWith('-'));
  const rows = machine.persona.packages.filter(
    (line) => names.length === 0 || names.includes(line.split(' ')[0] ?? ''),
  );
  if (rows.length === 0) return fail(names.map((name) => `dpkg-query: no packages found matching ${name}\n`).join(''));
  return say(
    `Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n||/ Name                 Version                       Architecture Description\n+++-====================-=============================-============-===========\n${rows.map((line) => `ii  ${(line.split(' ')[0] ?? '').padEnd(20)} ${(line.split(' ')[1] ?? '').padEnd(29)} amd64\n`).join('')}`,
  );
}

/** Which package a program is of: the one of its own name where there is such, else the one that most are of. */
function ownerOf(paths: readonly string[], { persona, world }: Machine): Result {
  let [stdout, stderr] = ['', ''];
  for (const path of paths) {
    const name = path.replace(/^.*\//, '');
    if (!world.find(path)) stderr += `dpkg-query: no path found matching pattern ${path}\n`;
    else stdout += `${persona.packages.some((line) => line.startsWith(`${name} `)) ? name : 'coreutils'}: ${path}\n`;
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
}

const usualRow = ['Package', 'Version']
  .map((name) => `\${${name}}`)
  .join('\\t')
  .concat('\\n');

function query(args: readonly string[], { persona }: Machine): Result {
  const format = args.find((arg) => /^(?:-f|--showformat=)/.test(arg))?.replace(/^(?:-f=?|--showformat=)/, '');
  const names = args.filter((arg) => !arg.startsWith('-'));
  const rows = persona.packages.filter((line) => names.length === 0 || names.includes(line.split(' ')[0] ?? ''));
  if (rows.length === 0) return fail(names.map((name) => `dpkg-query: no packages found matching ${name}\n`).join(''));
  const shown = rows.map((line) => {
    const [name = '', version = ''] = line.split(' ');
    const values: Readonly<Record<string, string>> = {
      ...{ Package: name, Version: version, Status: 'install ok installed', Architecture: 'amd64' },
      ...{ 'db:Status-Abbrev': 'ii ', 'binary:Package': name },
    };
    const filled = (format ?? usualRow).replace(/\$\{([\w:-]+)\}/g, (_, key: string) =>
      Object.hasOwn(values, key) ? (values[key] ?? '') : '',
    );
    return filled.replace(/\\n/g, '\n').replace(/\\t/g, '\t');
  });
  return say(shown.join(''));
}

function packageStatus(name: string, { persona }: Machine): Result {
  const found = persona.packages.find((line) => line.startsWith(`${name} `));
  if (!found)
    return fail(
      `dpkg-query: package '${name}' is not installed and no information is available\nUse dpkg --info (= dpkg-deb --info) to examine archive files.\n`,
    );
  return say(
    `Package: ${name}\n${name === 'bash' || name === 'coreutils' ? 'Essential: yes\n' : ''}Status: install ok installed\nPriority: optional\nArchitecture: amd64\nVersion: ${found.split(' ')[1] ?? ''}\n`,
  );
}
