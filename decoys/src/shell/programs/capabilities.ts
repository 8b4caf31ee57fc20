import { faultTexts } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, say } from '../program.ts';

/** Rights of files and processes, what a program is linked with, and who else is there: asked by whoever looks for a way up. */
export const capabilityPrograms: Programs = {
  getcap,
  capsh: ({ args, machine }) =>
    args.includes('--print')
      ? say(
          `Current: ${machine.actor.uid === 0 ? '=ep' : '='}\nBounding set =${allCapabilities}\nAmbient set =\nCurrent IAB: \nSecurebits: 00/0x0/1'b0 (no-new-privs=0)\n secure-noroot: no (unlocked)\n secure-no-suid-fixup: no (unlocked)\n secure-keep-caps: no (unlocked)\n secure-no-ambient-raise: no (unlocked)\nuid=${machine.actor.uid}(${machine.actor.uid === 0 ? 'root' : '???'}) euid=${machine.actor.uid}(${machine.actor.uid === 0 ? 'root' : '???'})\ngid=${machine.actor.gid}(${machine.actor.gid === 0 ? 'root' : '???'})\ngroups=\nGuessed mode: ${machine.actor.uid === 0 ? 'UNCERTAIN (0)' : 'HYBRID (4)'}\n`,
        )
      : {},
  ldd,
  write: ({ args }) =>
    args[0] === undefined ? fail('usage: write user [tty]\n') : fail(`write: ${args[0]} is not logged in\n`),
  domainname: () => say('(none)\n'),
  dnsdomainname: () => ({}),
};

const allCapabilities =
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'
    .split(' ')
    .map((name) => `cap_${name}`)
    .join(',');

/** Which files have rights without root's: on a fresh system one alone. */
const ping = '/usr/bin/ping';

function getcap({ args, machine, shell }: Call): Result {
  const operands = args.filter((arg) => !arg.startsWith('-'));
  if (operands.length === 0)
    return fail(
      'usage: getcap [-v] [-h] [-n] <filename> [<filename> ...]\n\n\tdisplays the capabilities on the queried file(s).\n',
    );
  const isDeep = args.some((arg) => /^-\w*r/.test(arg));
  let stdout = '';
  let stderr = '';
  for (const operand of operands) {
    const path = resolvePath(shell.cwd, operand);
    if (!machine.world.find(path)) stderr += `${operand} (${faultTexts.ENOENT})\n`;
    else {
      const place = machine.world.realPath(path);
      const isBelow = isDeep && ping.startsWith(place === '/' ? '/' : `${place}/`) && machine.world.find(ping);
      if (place === ping || isBelow) stdout += `${place === ping ? operand : ping} cap_net_raw=ep\n`;
    }
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
}

/** Libraries that a program of the machine is linked with; what a visitor brought is mostly linked with none. */
function ldd({ args, machine, shell }: Call): Result {
  const operands = args.filter((arg) => !arg.startsWith('-'));
  if (operands.length === 0) return fail("ldd: missing file arguments\nTry `ldd --help' for more information.\n");
  const folder = `/lib/${machine.persona.kernel.machine}-linux-gnu`;
  const said = operands.map((operand): Result => {
    const node = machine.world.find(resolvePath(shell.cwd, operand));
    if (!node) return fail(`ldd: ${operand}: ${faultTexts.ENOENT}\n`);
    if (node.kind === 'folder') return fail(`ldd: ${operand}: not regular file\n`);
    if (node.kind !== 'made') return fail('\tnot a dynamic executable\n');
    const at = (base: number) =>
      `(0x00007f${(base + ((operand.length * 4096) % 0xfffff)).toString(16).padStart(7, '0')}000)`;
    return say(
      `\tlinux-vdso.so.1 ${at(0xfd5a1e0).replace('7f0', '7ff')}\n\tlibselinux.so.1 => ${folder}/libselinux.so.1 ${at(0x9c2a310)}\n\tlibc.so.6 => ${folder}/libc.so.6 ${at(0x9c2a120)}\n\tlibpcre2-8.so.0 => ${folder}/libpcre2-8.so.0 ${at(0x9c29f80)}\n\t/lib64/ld-linux-x86-64.so.2 ${at(0x9c2a380)}\n`,
    );
  });
  const shown = said.map(({ stdout = '' }, at) => (operands.length > 1 ? `${operands[at] ?? ''}:\n${stdout}` : stdout));
  return {
    stdout: shown.join(''),
    stderr: said.map(({ stderr = '' }) => stderr).join(''),
    exitCode: said.some(({ exitCode = 0 }) => exitCode !== 0) ? 1 : 0,
  };
}
