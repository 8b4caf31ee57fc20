import type { Persona } from '@cerberusmesh/contract/persona';

type Service = Persona['services'][number];

const unitFolder = '/lib/systemd/system';
/** Where systemd looks for what it starts with. */
export const wantsFolder = '/etc/systemd/system/multi-user.target.wants';

/** The unit files of what a persona runs, by path. */
export function unitFiles({ services }: Persona): Record<string, string> {
  // The image has /lib as a link.
  return Object.fromEntries(services.map((service) => [`/usr${unitPath(service.name)}`, unitText(service)]));
}

/** The links by which a persona starts with its services, with what they lead to. */
export function unitLinks({ services }: Persona): Record<string, string> {
  const names = services.map(({ name }) => name).filter((name) => !isStatic(name));
  return {
    ...Object.fromEntries(names.map((name) => [`${wantsFolder}/${name}.service`, unitPath(name)])),
    ...(names.includes('ssh') ? { '/etc/systemd/system/sshd.service': unitPath('ssh') } : {}),
  };
}

/** Where the unit of a service lies; one such as `postgresql@15-main` is of a template. */
export function unitPath(service: string): string {
  return `${unitFolder}/${service.replace(/@.*/, '@')}.service`;
}

/** What others start: it has nothing to be enabled by. */
export function isStatic(service: string): boolean {
  return /^(?:dbus|systemd-(?:journald|udevd|logind))$/.test(service);
}

function unitText({ name, description, command, user }: Service): string {
  const account = user === 'root' || command.startsWith('@') ? '' : `User=${user}\n`;
  const install = isStatic(name) ? '' : '\n[Install]\nWantedBy=multi-user.target\n';
  const [title, instance] = name.includes('@') ? [description.replace(/ \S+$/, ' %i'), '%i'] : [description, name];
  const type = name === 'nginx' || instance === '%i' ? 'forking' : 'simple';
  return `[Unit]\nDescription=${title}\nAfter=network.target\n\n[Service]\nType=${type}\n${account}ExecStart=${startOf(name, command)}\nRestart=on-failure\n${install}`;
}

/** What is started; many a service names its process otherwise once it runs. */
/** What a unit starts, as its file says. */
export function startOf(name: string, command: string): string {
  if (command.startsWith('@')) return `@/usr/bin/${command.slice(1).split(' ')[0]} ${command}`;
  const php = /^php([\d.]+)-fpm$/.exec(name)?.[1];
  if (php) return `/usr/sbin/php-fpm${php} --nodaemonize --fpm-config /etc/php/${php}/fpm/php-fpm.conf`;
  return started[name] ?? command;
}

const started: Readonly<Record<string, string>> = {
  ssh: '/usr/sbin/sshd -D $SSHD_OPTS',
  nginx: "/usr/sbin/nginx -g 'daemon on; master_process on;'",
  'avahi-daemon': '/usr/sbin/avahi-daemon -s',
  'postgresql@15-main': '-/usr/bin/pg_ctlcluster --skip-systemctl-redirect %i start',
};
