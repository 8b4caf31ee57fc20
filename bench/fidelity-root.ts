import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Said } from './fidelity-compare.ts';

/**
 * A real Debian for one line at a time: what the line changes is a layer in memory that ends with it. It has no network but a
 * firewall that lets nothing out, no devices of this machine, and none of the rights that reach beyond its own namespaces
 * (clock, modules, kernel settings): attackers' lines are run here for real.
 */
export function createRealShell(root: string, folder: string): (line: string) => Promise<Said> {
  const places = { over: join(folder, 'over'), script: join(folder, 'enter.sh') };
  mkdirSync(places.over, { recursive: true });
  writeFileSync(places.script, enterScript, { mode: 0o755 });
  return function runReal(line) {
    const own = ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child'];
    const child = spawn('/usr/bin/unshare', [...own, '/bin/sh', places.script, root, places.over, line], {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 8_000,
      killSignal: 'SIGKILL',
    });
    return collectSaid(child.stdout, child.stderr, (done) => child.once('close', (status) => done(status ?? -1)));
  };
}

const enterScript = `set -e
root=$1 over=$2 line=$3
mount -t tmpfs -o size=256m tmpfs "$over"
mkdir "$over/up" "$over/work" "$over/root"
mount -t overlay -o "lowerdir=$root,upperdir=$over/up,workdir=$over/work" overlay "$over/root"
cd "$over/root"
hostname "$(cat etc/hostname)"
mount -t proc proc proc
for place in proc/sys proc/sysrq-trigger proc/irq proc/bus; do [ -e "$place" ] || continue; mount --bind "$place" "$place"; mount -o remount,ro,bind "$place"; done
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o size=16m,mode=1777 tmpfs dev/shm
ip link set lo up
# The name of a card where the kernel has one to lend, which is not so in every container.
ip link add eth0 type veth peer name peer0 2>/dev/null && ip addr add 10.0.5.20/24 dev eth0 && ip link set eth0 up || true
ip route add unreachable default
lost=-sys_admin,-sys_rawio,-sys_module,-sys_boot,-sys_time,-sys_ptrace,-sys_resource,-sys_tty_config,-syslog,-mknod,-mac_admin,-mac_override,-audit_control,-wake_alarm,-block_suspend,-lease,-bpf,-perfmon,-checkpoint_restore
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root USER=root LOGNAME=root SHELL=/bin/bash LANG=C.UTF-8 \\
  "SSH_CLIENT=127.0.0.1 50000 22" setpriv "--bounding-set=$lost" "--inh-caps=$lost" /usr/sbin/chroot . env -C /root bash -c "$line"
`;

/** What a shell says until it ends, by stream, at most `shownMax` characters of each, one for each byte. */
export function collectSaid(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
  ended: (done: (status: number) => void) => void,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  stdout.on('data', (bytes: Buffer) => {
    said.stdout = (said.stdout + bytes.toString('latin1')).slice(0, shownMax);
  });
  stderr.on('data', (bytes: Buffer) => {
    said.stderr = (said.stderr + bytes.toString('latin1')).slice(0, shownMax);
  });
  return new Promise((resolve) => ended((status) => resolve({ ...said, status })));
}

/** More is not compared. */
const shownMax = 32 * 1024;
