import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShell } from '../src/act/cowrie/shell-visit.ts';
import { createContainerDriver } from '../src/act/launch-decoy/container-driver.ts';
import { createDockerApi } from '../src/act/launch-decoy/docker-api.ts';
import type { DecoyDriver, DecoyPlan } from '../src/act/launch-decoy/driver.ts';
import { cowriePython } from './support/cowrie.ts';

const run = promisify(execFile);
const baseImage = 'localhost/debian:bookworm-slim';
const image = 'localhost/cerberus-test-cowrie:3.1.4';
const canRun = await run('podman', ['run', '--rm', '--network=host', baseImage, 'true'], { timeout: 60_000 }).then(
  () => process.getuid?.() === 0,
  () => false,
);

describe.skipIf(!canRun)(`a decoy in a container (needs root, podman and the image ${baseImage})`, () => {
  const signal = AbortSignal.timeout(280_000);
  let folder: string;
  let engine: ReturnType<typeof spawn>;
  let socketPath: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cerberus-container-'));
    socketPath = join(folder, 'engine.sock');
    await buildImage(join(folder, 'image'));
    engine = spawn('podman', ['system', 'service', '--time=0', `unix://${socketPath}`], { stdio: 'ignore' });
    const call = createDockerApi(socketPath);
    while ((await call('GET', '/_ping', signal).catch(() => ({ status: 0 }))).status !== 200) {
      signal.throwIfAborted();
      await pause(20);
    }
  }, 300_000);
  afterAll(async () => {
    engine.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('is up without capabilities, visited, found again by its label alone, and leaves only what visitors left', async () => {
    const driver = aDriver('install-a');
    expect(await driver.check()).toBeUndefined();
    const plan = await aPlan(driver);
    try {
      const place = await driver.up(plan, signal);
      expect(await driver.up(plan, signal)).toEqual(place);
      const shell = await untilShell(place.port);
      expect(await shell.type('hostname')).toContain(plan.hostname);
      await shell.type('echo in-a-container');
      shell.close();

      const { stdout } = await run('podman', ['inspect', `cerberus-${plan.sensor}`]);
      const [inspected] = JSON.parse(stdout);
      expect(inspected.EffectiveCaps ?? []).toEqual([]);
      expect(inspected.HostConfig.ReadonlyRootfs).toBe(true);
      expect(await aDriver('install-b').list(signal)).toEqual([]);
      expect(await aDriver('install-a').list(signal)).toEqual([{ id: plan.id, sensor: plan.sensor }]);

      await driver.end(plan, signal);
      expect(await readFile(place.logPath ?? '', 'utf8')).toMatch(/in-a-container.*cowrie\.session\.closed/s);
      expect(await readFile(place.logPath ?? '', 'utf8')).toContain(`"sensor":"${plan.sensor}"`);
    } finally {
      await driver.remove(plan, signal);
    }
    await driver.end(plan, signal);
    await driver.remove(plan, signal);
    expect(await driver.list(signal)).toEqual([]);
    expect(await readdir(join(folder, 'decoys'))).toEqual([]);
    expect(await readdir(join(folder, 'evidence', plan.sensor))).toContain('tty');
  }, 240_000);

  it('is refused, with what to do, without an engine or without the image', async () => {
    expect(await aDriver('install-a', { socketPath: null }).check()).toContain('CERBERUS_LAUNCH_SOCKET');
    const nobody = aDriver('install-a', { socketPath: join(folder, 'nobody.sock') });
    expect(await nobody.check()).toContain('No container engine answers');
    expect(await aDriver('install-a', { image: 'localhost/none:1' }).check()).toContain(
      'has no image localhost/none:1',
    );
  });

  function aDriver(installation: string, other: { socketPath?: string | null; image?: string } = {}): DecoyDriver {
    return createContainerDriver({
      ...{ socketPath, image, installation, folder: join(folder, 'decoys'), evidenceFolder: join(folder, 'evidence') },
      ...{ host: '127.0.0.1', ports: { first: 24_200, last: 24_299 }, memoryBytesMax: null },
      ...other,
    });
  }

  async function aPlan(driver: DecoyDriver): Promise<DecoyPlan> {
    const id = randomUUID();
    const port = await driver.choosePort(new Set());
    return { driver: 'container', id, sensor: `decoy-${id.slice(0, 8)}`, hostname: 'files-07', port };
  }

  async function untilShell(port: number) {
    for (;;) {
      signal.throwIfAborted();
      const visit = { host: '127.0.0.1', port, username: 'root', password: 'a-guess', signal };
      const shell = await openShell(visit).catch(() => undefined);
      if (shell) return shell;
      await pause(50);
    }
  }
});

/** Laid out like Cowrie's own image, which cannot be pulled everywhere; made once on a machine. */
async function buildImage(context: string): Promise<void> {
  const isThere = await run('podman', ['image', 'exists', image]).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  const python = await cowriePython();
  const { stdout } = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  await cp(stdout.trim(), join(context, 'site-packages'), { recursive: true });
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  await run('podman', ['build', '-q', '--network=host', '-t', image, context], { timeout: 280_000 });
}

const dockerfile = `FROM ${baseImage}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 \\
  && useradd --uid 999 --create-home cowrie && install -d -o cowrie /cowrie/cowrie-git/var
COPY site-packages /cowrie/lib
ENV PYTHONPATH=/cowrie/lib PYTHONDONTWRITEBYTECODE=1
USER 999
WORKDIR /cowrie/cowrie-git
ENTRYPOINT ["/usr/bin/python3", "-c", "import sys; sys.argv[0] = 'twistd'; from twisted.scripts.twistd import run; run()", "-n", "--umask=0022", "--pidfile=", "cowrie"]
`;
