import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { busyboxName, usageOf } from './busybox-usage.ts';
import { nested } from './nested.ts';
import { runShell } from './shells.ts';

const applets =
  '[, [[, acpid, adjtimex, ar, arch, arp, arping, ash, awk, basename, blkdiscard, bunzip2, bzcat, bzip2, cal, cat, chgrp, chmod, chown, chpasswd, chroot, chvt, clear, cmp, cp, cpio, crond, crontab, cut, date, dc, dd, deallocvt, depmod, devmem, df, diff, dirname, dmesg, dnsdomainname, dos2unix, dpkg, dpkg-deb, du, dumpkmap, dumpleases, echo, ed, egrep, env, expand, expr, factor, fallocate, false, fatattr, fdisk, fgrep, find, fold, free, freeramdisk, fsfreeze, fstrim, ftpget, ftpput, getopt, getty, grep, groups, gunzip, gzip, halt, head, hexdump, hostid, hostname, httpd, hwclock, i2cdetect, id, ifconfig, ifdown, ifup, init, insmod, ionice, ip, ipcalc, kill, killall, klogd, last, less, link, linux32, linux64, linuxrc, ln, loadfont, loadkmap, logger, login, logname, logread, losetup, ls, lsmod, lsscsi, lzcat, lzma, lzop, md5sum, mdev, microcom, mkdir, mkdosfs, mke2fs, mkfifo, mknod, mkpasswd, mkswap, mktemp, modinfo, modprobe, more, mount, mt, mv, nameif, nc, netstat, nl, nologin, nproc, nsenter, nslookup, nuke, od, openvt, partprobe, paste, patch, pidof, ping, ping6, pivot_root, poweroff, printf, ps, pwd, rdate, readlink, realpath, reboot, renice, reset, resume, rev, rm, rmdir, rmmod, route, rpm, rpm2cpio, run-init, run-parts, sed, seq, setkeycodes, setpriv, setsid, sh, sha1sum, sha256sum, sha512sum, shred, shuf, sleep, sort, ssl_client, start-stop-daemon, stat, strings, stty, su, sulogin, svc, svok, swapoff, swapon, switch_root, sync, sysctl, syslogd, tac, tail, tar, taskset, tc, tee, telnet, telnetd, test, tftp, time, timeout, top, touch, tr, traceroute, traceroute6, true, truncate, tty, tunctl, ubirename, udhcpc, udhcpd, uevent, umount, uname, uncompress, unexpand, uniq, unix2dos, unlink, unlzma, unshare, unxz, unzip, uptime, usleep, uudecode, uuencode, vconfig, vi, w, watch, watchdog, wc, wget, which, who, whoami, xargs, xxd, xz, xzcat, yes, zcat';
const known: ReadonlySet<string> = new Set(applets.split(', '));

/** busybox, editors, and the languages whose one-liners attackers bring. */
export const appletPrograms: Programs = {
  busybox,
  gcc: compiler,
  cc: compiler,
  make: () => fail('make: *** No targets specified and no makefile found.  Stop.\n', 2),
  man: ({ args }) =>
    fail(
      args[0] ? `No manual entry for ${args[0]}\n` : "What manual page do you want?\nFor example, try 'man man'.\n",
      args[0] ? 16 : 1,
    ),
  screen,
  tmux,
};

async function busybox(call: Call): Promise<Result> {
  const { args, shell, machine } = call;
  const [applet, ...rest] = args;
  const banner = `${busyboxName(machine.persona)} multi-call binary.\n`;
  if (applet === undefined || applet === '--help')
    return say(
      `${banner}BusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: busybox --install [-s] [DIR]\n   or: function [arguments]...\n\nCurrently defined functions:\n\t${applets.replace(/(.{1,66}), /g, '$1,\n\t')}\n`,
    );
  if (applet === '--list') return say(`${[...known].join('\n')}\n`);
  // Bots name an applet that cannot be there: the answer tells them that they are in a shell.
  if (!known.has(applet)) return fail(`${applet}: applet not found\n`, 127);
  const usage = rest.length === 0 ? usageOf(applet, machine.persona) : undefined;
  if (usage !== undefined) return fail(usage);
  if (applet === 'sh' || applet === 'ash') return await runShell({ ...call, name: applet, args: rest }, true);
  const done = await nested(shell, '"$@"', [applet, ...rest]);
  return applet === 'wget' && done.exitCode !== 0 ? unreached(rest) : done;
}

/** As busybox's own wget says that it came nowhere. */
function unreached(args: readonly string[]): Result {
  const given = args.find((arg) => /^(?:https?|ftp):\/\/|^[\w.-]+\.[\w.-]+\//.test(arg)) ?? args.at(-1) ?? '';
  const [, host = '', port] = /^(?:\w+:\/\/)?([^/:]+)(?::(\d+))?/.exec(given) ?? [];
  if (!/^[\d.]+$/.test(host)) return fail(`wget: bad address '${host}'\n`);
  return fail(
    `Connecting to ${host} (${host}:${port ?? '80'})\nwget: can't connect to remote host (${host}): No route to host\n`,
  );
}

/** Nobody has one open here; one that is started behind the prompt is over as soon as its command. */
function screen({ args }: Call): Result {
  if (args.some((arg) => /^-(?:ls|list)$/.test(arg)))
    return { stdout: 'No Sockets found in /run/screen/S-root.\n\r\n', exitCode: 1 };
  if (args.includes('-X') || args.includes('-Q')) return { stdout: 'No screen session found.\r\n', exitCode: 1 };
  if (args.some((arg) => /^-r/.test(arg))) return { stdout: 'There is no screen to be resumed.\r\n', exitCode: 1 };
  if (args.some((arg) => /^-d?m/.test(arg)) && args.some((arg) => arg.startsWith('-d'))) return {};
  return fail('Must be connected to a terminal.\n');
}

function tmux({ args }: Call): Result {
  const [verb = ''] = args;
  if (verb === '-V') return say('tmux 3.3a\n');
  if (verb === '' || /^(?:new|attach|a$)/.test(verb))
    return args.includes('-d') ? {} : fail('open terminal failed: not a terminal\n');
  return fail('error connecting to /tmp/tmux-0/default (No such file or directory)\n');
}

function compiler({ args, name }: Call): Result {
  return args.length === 0
    ? fail(`${name}: fatal error: no input files\ncompilation terminated.\n`)
    : fail(`-bash: /usr/bin/${name}: No such file or directory\n`, 127);
}
