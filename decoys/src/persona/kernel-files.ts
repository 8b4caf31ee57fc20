import type { Persona } from '@cerberusmesh/contract/persona';
import { diskOf } from './disk.ts';

/** What /proc tells, made when it is read. Names are paths. */
export function kernelFiles(persona: Persona, now: () => number): Record<string, () => string> {
  const disk = diskOf(persona);
  const upSeconds = () => (now() - persona.bootedAtMs) / 1000;
  return {
    '/proc/version': () => versionText(persona),
    '/proc/uptime': () => `${upSeconds().toFixed(2)} ${(upSeconds() * persona.cpu.cores * 0.973).toFixed(2)}\n`,
    '/proc/loadavg': () =>
      `${loadOf(now()).join(' ')} 1/${150 + persona.services.length * 3} ${lastPid(persona, now())}\n`,
    '/proc/cpuinfo': () => cpuInfo(persona),
    '/proc/meminfo': () => memoryInfo(persona, now()),
    '/proc/mounts': () => mountsText(persona),
    '/proc/self/mounts': () => mountsText(persona),
    '/proc/filesystems': () =>
      'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevpts\n\text3\n\text2\n\text4\n\tsquashfs\n\tvfat\n',
    '/proc/cmdline': () =>
      `BOOT_IMAGE=/boot/vmlinuz-${persona.kernel.release} root=UUID=${uuidOf(persona.machineId)} ro console=tty1 console=ttyS0\n`,
    '/proc/net/dev': () => netDevices(persona, upSeconds()),
    '/proc/net/route': () => 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n',
    '/proc/net/tcp': () => listening(persona, 'tcp'),
    '/proc/net/udp': () => listening(persona, 'udp'),
    '/proc/net/tcp6': () => socketHead.replace('local_address', 'local_address                        '),
    '/proc/net/arp': () =>
      `IP address       HW type     Flags       HW address            Mask     Device\n${persona.network.gateway.padEnd(17)}0x1         0x2         52:54:00:${persona.machineId.slice(0, 2)}:${persona.machineId.slice(2, 4)}:01     *        ${persona.network.device}\n`,
    '/proc/sys/kernel/hostname': () => `${persona.hostname}\n`,
    '/proc/sys/kernel/osrelease': () => `${persona.kernel.release}\n`,
    '/proc/sys/kernel/ostype': () => 'Linux\n',
    '/proc/sys/kernel/version': () => `${persona.kernel.build}\n`,
    '/proc/sys/kernel/random/boot_id': () => `${uuidOf([...persona.machineId].reverse().join(''))}\n`,
    '/proc/sys/vm/nr_hugepages': () => '0\n',
    '/proc/sys/vm/swappiness': () => '60\n',
    '/proc/sys/vm/drop_caches': () => '0\n',
    '/proc/sys/vm/overcommit_memory': () => '0\n',
    '/proc/sys/kernel/nmi_watchdog': () => '0\n',
    '/proc/sys/kernel/random/uuid': () => `${globalThis.crypto.randomUUID()}\n`,
    '/proc/sys/kernel/random/entropy_avail': () => '256\n',
    '/proc/self/comm': () => 'cat\n',
    '/proc/self/cmdline': () => 'cat\0/proc/self/cmdline\0',
    '/proc/sys/kernel/randomize_va_space': () => '2\n',
    '/proc/sys/kernel/pid_max': () => '4194304\n',
    '/proc/sys/fs/file-max': () => '9223372036854775807\n',
    '/proc/sys/net/ipv4/ip_forward': () => '0\n',
    '/proc/1/comm': () => `${persona.os.family === 'busybox' ? 'procd' : 'systemd'}\n`,
    '/proc/1/cmdline': () => `${persona.os.family === 'busybox' ? '/sbin/procd' : '/sbin/init'}\0`,
    '/proc/1/mounts': () => mountsText(persona),
    '/proc/1/cgroup': () => '0::/init.scope\n',
    '/proc/self/cgroup': () => '0::/user.slice/user-0.slice/session-4.scope\n',
    '/proc/modules': () =>
      'tls 114688 0 - Live 0x0000000000000000\nnf_tables 258048 0 - Live 0x0000000000000000\nvirtio_net 61440 0 - Live 0x0000000000000000\n',
    '/proc/swaps': () => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
    '/proc/partitions': () =>
      `major minor  #blocks  name\n\n ${disk.major}        0   ${persona.diskKb + 118_000} ${disk.name}\n ${disk.major}        ${disk.minor}   ${persona.diskKb} ${disk.root}\n`,
    '/proc/stat': () => statText(persona, upSeconds()),
    '/proc/self/status': () =>
      'Name:\tcat\nUmask:\t0022\nState:\tR (running)\nTgid:\t{pid}\nNgid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nTracerPid:\t0\nSeccomp:\t0\n'.replace(
        '{pid}',
        String(lastPid(persona, now())),
      ),
    '/sys/class/dmi/id/product_name': () => 'Standard PC (Q35 + ICH9, 2009)\n',
    '/sys/class/dmi/id/sys_vendor': () => 'QEMU\n',
    '/sys/class/net/lo/address': () => '00:00:00:00:00:00\n',
    '/sys/class/net/lo/mtu': () => '65536\n',
    '/sys/class/net/lo/operstate': () => 'unknown\n',
    [`/sys/class/net/${persona.network.device}/mtu`]: () => '1500\n',
    [`/sys/class/net/${persona.network.device}/operstate`]: () => 'up\n',
    [`/sys/class/net/${persona.network.device}/address`]: () => `${persona.network.mac}\n`,
  };
}

const builders: Readonly<Record<string, string>> = {
  ubuntu: '(buildd@lcy02-amd64-045) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0, GNU ld (GNU Binutils for Ubuntu) 2.38)',
  openwrt: '(builder@buildhost) (gcc version 7.5.0 (OpenWrt GCC 7.5.0 r11306-c4a6851c72))',
  debian: '(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)',
};

function versionText({ os, kernel }: Persona): string {
  return `Linux version ${kernel.release} ${builders[os.id] ?? ''} ${kernel.build}\n`;
}

/** Load of the last 1, 5 and 15 minutes: small, and slowly moving with the time. */
export function loadOf(nowMs: number): string[] {
  const wave = (minutes: number) => (0.06 + 0.05 * (1 + Math.sin(nowMs / (minutes * 47_000)))).toFixed(2);
  return [wave(1), wave(5), wave(15)];
}

/** The number that the next process would roughly get. */
export function lastPid(persona: Persona, nowMs: number): number {
  return 1200 + ((Math.floor((nowMs - persona.bootedAtMs) / 9_000) % 3_900_000) % 60_000);
}

/** Memory in kB, as `free` and /proc/meminfo both tell it. */
export function memoryOf(persona: Persona, nowMs: number) {
  const services = persona.services.reduce((sum, { memoryKb }) => sum + memoryKb, 0);
  const system = Math.min(96_000, Math.floor(persona.memoryKb * 0.2));
  const used = Math.min(services + system + (Math.floor(nowMs / 5_000) % 400) * 4, Math.floor(persona.memoryKb * 0.6));
  const cached = Math.floor(persona.memoryKb * 0.31);
  const buffers = Math.floor(persona.memoryKb * 0.018);
  const shared = 1_148;
  return { total: persona.memoryKb, used, cached, buffers, shared, free: persona.memoryKb - used - cached - buffers };
}

function memoryInfo(persona: Persona, nowMs: number): string {
  const { total, free, buffers, cached, shared } = memoryOf(persona, nowMs);
  const rows: [string, number][] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', free + Math.max(0, cached - 60_000)],
    ['Buffers', buffers],
    ['Cached', cached],
    ['SwapCached', 0],
    ['Active', Math.floor(cached * 0.7)],
    ['Inactive', Math.floor(cached * 0.6)],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Dirty', 48],
    ['Writeback', 0],
    ['Mapped', 140_212],
    ['Shmem', shared],
    ['Slab', 118_944],
    ['HugePages_Total', 0],
    ['Hugepagesize', 2048],
  ];
  return rows
    .map(
      ([name, kb]) => `${`${name}:`.padEnd(15)} ${String(kb).padStart(8)}${name === 'HugePages_Total' ? '' : ' kB'}\n`,
    )
    .join('');
}

export const cpuFlags =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 syscall nx pdpe1gb rdtscp lm constant_tsc rep_good nopl xtopology cpuid tsc_known_freq pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt tsc_deadline_timer aes xsave avx f16c rdrand hypervisor lahf_lm abm 3dnowprefetch cpuid_fault invpcid_single pti fsgsbase bmi1 avx2 smep bmi2 erms invpcid xsaveopt arat';

function cpuInfo({ cpu, kernel, machineId }: Persona): string {
  if (kernel.machine === 'mips') return mipsCpuInfo(cpu.model, cpu.mhz);
  if (kernel.machine !== 'x86_64') return armCpuInfo(cpu.model, cpu.cores, machineId);
  return Array.from(
    { length: cpu.cores },
    (_, core) =>
      `processor\t: ${core}\nvendor_id\t: ${cpu.vendor}\ncpu family\t: ${cpu.family}\nmodel\t\t: ${cpu.modelNumber}\nmodel name\t: ${cpu.model}\nstepping\t: 1\nmicrocode\t: 0x1\ncpu MHz\t\t: ${cpu.mhz}\ncache size\t: 16384 KB\nphysical id\t: ${core}\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\napicid\t\t: ${core}\nfpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: 13\nwp\t\t: yes\nflags\t\t: ${cpuFlags}\nbugs\t\t: cpu_meltdown spectre_v1 spectre_v2 spec_store_bypass l1tf mds swapgs itlb_multihit\nbogomips\t: ${(cpu.mhz * 2).toFixed(2)}\nclflush size\t: 64\ncache_alignment\t: 64\naddress sizes\t: 40 bits physical, 48 bits virtual\npower management:\n\n`,
  ).join('');
}

function mipsCpuInfo(model: string, mhz: number): string {
  return `system type\t\t: Qualcomm Atheros QCA9533 ver 2 rev 0\nmachine\t\t\t: TP-Link TL-WR841N/ND v11\nprocessor\t\t: 0\ncpu model\t\t: ${model}\nBogoMIPS\t\t: ${(mhz * 0.663).toFixed(2)}\nwait instruction\t: yes\nmicrosecond timers\t: yes\ntlb_entries\t\t: 16\nextra interrupt vector\t: yes\nhardware watchpoint\t: yes, count: 4, address/irw mask: [0x0ffc, 0x0ffc, 0x0ffb, 0x0ffb]\nisa\t\t\t: mips1 mips2 mips32r1 mips32r2\nASEs implemented\t: mips16\nshadow register sets\t: 1\nkscratch registers\t: 0\npackage\t\t\t: 0\ncore\t\t\t: 0\nVCED exceptions\t\t: not available\nVCEI exceptions\t\t: not available\n\n`;
}

function armCpuInfo(model: string, cores: number, machineId: string): string {
  const each = Array.from(
    { length: cores },
    (_, core) =>
      `processor\t: ${core}\nBogoMIPS\t: 108.00\nFeatures\t: fp asimd evtstrm crc32 cpuid\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0xd08\nCPU revision\t: 3\n\n`,
  );
  return `${each.join('')}Hardware\t: BCM2835\nRevision\t: b03115\nSerial\t\t: 10000000${machineId.slice(0, 8)}\nModel\t\t: ${model}\n`;
}

/** /proc/mounts, its sizes told by the machine's memory. */
export function mountsText(persona: Persona): string {
  if (persona.os.family === 'busybox')
    return `/dev/root /rom squashfs ro,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,noatime 0 0\nsysfs /sys sysfs rw,nosuid,nodev,noexec,noatime 0 0\ntmpfs /tmp tmpfs rw,nosuid,nodev,noatime 0 0\n/dev/mtdblock4 /overlay jffs2 rw,noatime 0 0\noverlayfs:/overlay / overlay rw,noatime,lowerdir=/,upperdir=/overlay/upper,workdir=/overlay/work 0 0\ntmpfs /dev tmpfs rw,nosuid,relatime,size=512k,mode=755 0 0\ndevpts /dev/pts devpts rw,nosuid,noexec,relatime,mode=600,ptmxmode=000 0 0\n`;
  const shm = Math.floor(persona.memoryKb / 10);
  return `sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\nudev /dev devtmpfs rw,nosuid,relatime,size=${Math.floor(persona.memoryKb / 2)}k,nr_inodes=${Math.floor(persona.memoryKb / 8)},mode=755,inode64 0 0\ndevpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000 0 0\ntmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime,size=${shm}k,mode=755,inode64 0 0\n/dev/${diskOf(persona).root} / ext4 rw,relatime,discard,errors=remount-ro 0 0\ntmpfs /dev/shm tmpfs rw,nosuid,nodev,inode64 0 0\ntmpfs /run/lock tmpfs rw,nosuid,nodev,noexec,relatime,size=5120k,inode64 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot 0 0\ntmpfs /run/user/0 tmpfs rw,nosuid,nodev,relatime,size=${shm}k,nr_inodes=${Math.floor(shm / 4)},mode=700,inode64 0 0\n`;
}

const socketHead =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n';

/** What listens, as the kernel writes it: addresses backwards and in hexadecimal. */
function listening({ services }: Persona, protocol: 'tcp' | 'udp'): string {
  const ports = services.flatMap((service) => service.ports).filter((port) => port.protocol === protocol);
  const rows = ports.map(({ port, address }, at) => {
    const parts = /^[\d.]+$/.test(address) ? address.split('.') : ['0', '0', '0', '0'];
    const hex = parts
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .reverse()
      .join('')
      .toUpperCase();
    const place = `${hex}:${port.toString(16).padStart(4, '0').toUpperCase()}`;
    const state = protocol === 'tcp' ? '0A' : '07';
    return `${String(at).padStart(4)}: ${place} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${18_000 + port * 3 + at} 1 0000000000000000 100 0 0 10 0                     \n`;
  });
  return socketHead + rows.join('');
}

function netDevices({ network }: Persona, upSeconds: number): string {
  const received = Math.floor(upSeconds * 1_900);
  const row = (name: string, inBytes: number, outBytes: number) =>
    `${`${name}:`.padStart(7)} ${String(inBytes).padStart(7)} ${String(Math.floor(inBytes / 310)).padStart(7)}    0    0    0     0          0         0 ${String(outBytes).padStart(8)} ${String(Math.floor(outBytes / 260)).padStart(7)}    0    0    0     0       0          0\n`;
  return `Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n${row('lo', Math.floor(upSeconds * 40), Math.floor(upSeconds * 40))}${row(network.device, received, Math.floor(received * 0.62))}`;
}

function statText({ cpu, bootedAtMs }: Persona, upSeconds: number): string {
  const idle = Math.floor(upSeconds * 97);
  const core = (name: string, share: number) =>
    `${name} ${Math.floor(idle * 0.012 * share)} 420 ${Math.floor(idle * 0.008 * share)} ${idle * share} 3120 0 911 0 0 0\n`;
  const each = Array.from({ length: cpu.cores }, (_, index) => core(`cpu${index}`, 1)).join('');
  return `${core('cpu ', cpu.cores)}${each}ctxt ${Math.floor(upSeconds * 310)}\nbtime ${Math.floor(bootedAtMs / 1000)}\nprocesses ${Math.floor(upSeconds / 3)}\nprocs_running 1\nprocs_blocked 0\n`;
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
