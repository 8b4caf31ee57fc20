import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './support.ts';

const cowrieVersion = '3.1.4';

/** The images that Dockerfile and compose.yaml name, and how a like of each is made where no image registry is reachable. */
const bases: Record<string, (context: string) => string> = {
  'debian:bookworm-slim': debian,
  'node:24-bookworm-slim': node,
  'postgres:18-bookworm': postgres,
  'redis:7-bookworm': redis,
  'cowrie/cowrie:latest': cowrie,
};

const folder = 'localhost/cerberus-bases';
const slim = `${folder}/debian:bookworm-slim`;

/** For each name the image to use: itself where it can be pulled, else one made here from Debian's, npm's and PyPI's packages. */
export function ensureBases(): ReadonlyMap<string, string> {
  return new Map(Object.entries(bases).map(([name, make]) => [name, ensureBase(name, make)]));
}

function ensureBase(name: string, make: (context: string) => string): string {
  const substitute = `${folder}/${name}`;
  if (succeeds(['image', 'exists', substitute])) return substitute;
  if (succeeds(['pull', '--quiet', name])) return name;
  const context = mkdtempSync(join(tmpdir(), 'cerberus-base-'));
  try {
    writeFileSync(join(context, 'Dockerfile'), make(context));
    run('podman', ['build', '--quiet', '--network=host', '--squash-all', '--pull=never', '-t', substitute, context]);
    return substitute;
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** As small as the official one, which leaves the same folders out. */
function debian(context: string): string {
  const ready = 'localhost/debian:bookworm-slim';
  const strip =
    'RUN rm -rf /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /var/cache/apt/* /var/lib/apt/lists/*';
  if (succeeds(['image', 'exists', ready])) return `FROM ${ready}\n${strip}\n`;
  const mirror = run('sh', ['-c', 'cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true']);
  const address = /^(?:URIs: |deb (?:\[[^\]]*\] )?)(http\S+)/m.exec(mirror)?.[1];
  run('debootstrap', ['--variant=minbase', 'bookworm', join(context, 'root'), ...(address ? [address] : [])]);
  return `FROM scratch\nCOPY root /\n${strip}\n`;
}

/** Node as npm packages it, and the npm that runs us. */
function node(context: string): string {
  const packaged = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
  cpSync(join(dirname(packaged), 'bin', 'node'), join(context, 'node'));
  const npm = realpathSync(run('sh', ['-c', 'command -v npm']).trim());
  cpSync(dirname(dirname(npm)), join(context, 'npm'), { recursive: true });
  // Where a proxy stands before the registry, its certificate is known to this machine and must be to the build.
  mkdirSync(join(context, 'certs'));
  const authorities = process.env['NODE_EXTRA_CA_CERTS'];
  if (authorities) cpSync(realpathSync(authorities), join(context, 'certs', 'authorities.crt'));
  return `FROM ${slim}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY certs /usr/local/share/build-certs
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
${authorities ? 'ENV NODE_EXTRA_CA_CERTS=/usr/local/share/build-certs/authorities.crt' : ''}
`;
}

/** Debian's own server, behind the variables of the official image. */
function postgres(context: string): string {
  writeFileSync(
    join(context, 'start'),
    `#!/bin/sh
set -eu
PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" -A scram-sha-256 -E UTF8 --locale=C
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o '-c listen_addresses= -c unix_socket_directories=/tmp' start
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE") createdb -h /tmp -U "$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl -D "$PGDATA" -w stop
fi
exec "$@" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
`,
    { mode: 0o755 },
  );
  return `${withPackages('postgresql', 'useradd --uid 999 --no-create-home db && install -d -o 999 -g 999 /var/lib/postgresql && install -d -m 3777 -o 999 -g 999 /run/postgresql')}
COPY start /start
ENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin
VOLUME /var/lib/postgresql
ENTRYPOINT ["/start"]
`;
}

function redis(): string {
  return `${withPackages('redis-server', 'install -d -o 999 -g 999 /data')}VOLUME /data\n`;
}

/** Laid out like Cowrie's own image: its sources beside an environment that does not know them as a package. */
function cowrie(context: string): string {
  run('/usr/bin/python3', [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--target',
    join(context, 'lib'),
    `cowrie==${cowrieVersion}`,
  ]);
  run('sh', [
    '-c',
    `mkdir ${context}/src && mv ${context}/lib/cowrie ${context}/src/ && rm -r ${context}/lib/cowrie-*`,
  ]);
  writeFileSync(
    join(context, 'twistd'),
    '#!/usr/bin/python3\nimport sys\nfrom twisted.scripts.twistd import run\nsys.argv[0] = "twistd"\nrun()\n',
  );
  const folders = ['etc', 'var/run', 'var/log/cowrie', 'var/lib/cowrie/tty', 'var/lib/cowrie/downloads'];
  return `${withPackages('python3', `useradd --uid 999 --create-home cowrie && mkdir -p /cowrie/cowrie-env/bin && install -d -o cowrie -g cowrie ${folders.map((folder) => `/cowrie/cowrie-git/${folder}`).join(' ')} && chown -R cowrie:cowrie /cowrie && ln -s /usr/bin/python3 /cowrie/cowrie-env/bin/python3 && echo /cowrie/lib > /usr/lib/python3/dist-packages/cowrie.pth`)}
COPY lib /cowrie/lib
COPY src /cowrie/cowrie-git/src
COPY twistd /cowrie/cowrie-env/bin/twistd
ENV PYTHONPATH=/cowrie/cowrie-git/src
VOLUME ["/cowrie/cowrie-git/var", "/cowrie/cowrie-git/etc"]
USER 999
WORKDIR /cowrie/cowrie-git
ENTRYPOINT ["/cowrie/cowrie-env/bin/python3"]
CMD ["/cowrie/cowrie-env/bin/twistd", "-n", "--umask=0022", "--pidfile=", "cowrie"]
`;
}

function withPackages(packages: string, then: string): string {
  return `FROM ${slim}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/* && ${then}
`;
}

function succeeds(args: readonly string[]): boolean {
  try {
    run('podman', args, { timeout: 20_000, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
