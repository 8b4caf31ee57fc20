import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { processesOf, programOf, uptimeLine } from './processes.ts';

export const topPrograms: Programs = { top, htop: top };

function top({ args, machine }: Call): Result {
  if (!machine.visitor.terminal && !args.some((arg) => /^-?\w*b/.test(arg)))
    return fail(machine.persona.os.codename === 'bookworm' ? '' : 'TERM environment variable not set.\n');
  const { persona, now } = machine;
  const total = processesOf(machine);
  const head = `top - ${uptimeLine(machine).trim()}\nTasks: ${total.length} total,   1 running, ${total.length - 1} sleeping,   0 stopped,   0 zombie\n%Cpu(s):  0.7 us,  0.3 sy,  0.0 ni, 98.7 id,  0.0 wa,  0.0 hi,  0.3 si,  0.0 st\nMiB Mem : ${(persona.memoryKb / 1024).toFixed(1).padStart(8)} total\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n`;
  const rows = total
    .filter(({ memoryKb }) => memoryKb > 0)
    .map(
      (each) =>
        `${String(each.pid).padStart(7)} ${each.user.slice(0, 8).padEnd(8)}  20   0 ${String(each.memoryKb * 3 + 12_400).padStart(7)} ${String(each.memoryKb).padStart(6)} ${String(Math.floor(each.memoryKb * 0.6)).padStart(6)} S   0.0 ${((each.memoryKb * 100) / persona.memoryKb).toFixed(1).padStart(5)}   0:0${each.pid % 9}.${String(
          (each.pid * 13 + now()) % 90,
        )
          .padStart(2, '0')
          .slice(0, 2)} ${programOf(each.command)}\n`,
    );
  return say(head + rows.join(''));
}
