#!/bin/sh
# Makes the real Debian that `npm run bench -- fidelity --root DIR` compares our decoy with: what the persona claims to be, so that no
# program is missing only because a smaller system lacks it. As root; 500 MB; needs debootstrap and Debian's registry.
set -eu
root=${1:?usage: fidelity-root.sh DIR}
include=ca-certificates,openssh-server,sudo,curl,wget,net-tools,busybox,cron,rsyslog,logrotate,lsb-release,python3,perl,pciutils
include=$include,psmisc,lsof,vim,less,man-db,file,unzip,zip,xz-utils,bzip2,rsync,screen,tmux,htop,strace,tcpdump,telnet,ftp
include=$include,netcat-openbsd,bind9-dnsutils,traceroute,iptables,dbus,bsdextrautils,ncal,time,gpg,xxd,gawk
debootstrap --include="$include" bookworm "$root"
echo fidelity > "$root/etc/hostname"
echo 127.0.1.1 fidelity >> "$root/etc/hosts"
