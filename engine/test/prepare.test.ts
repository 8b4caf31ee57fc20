import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSetting } from '../src/act/cowrie/config-file.ts';
import { findPackage } from '../src/act/cowrie/installation.ts';
import { honeyfsFolder, manifestPath, newConfigPath, overlayFolder, picklePath } from '../src/act/cowrie/manifest.ts';
import { readPickle, writePickle } from '../src/act/cowrie/pickle.ts';
import { prepareCowrie } from '../src/act/cowrie/prepare.ts';
import { countNodes, findNode, readTree } from '../src/act/cowrie/tree.ts';
import { undoPrepare } from '../src/act/cowrie/undo-prepare.ts';
import { hashFolder, initCowrie, isOpenToOthers, startCowrie } from './support/cowrie.ts';

const run = promisify(execFile);
const made: string[] = [];
let fresh: string;
let prepared: string;
let python: string;

beforeAll(async () => {
  ({ dir: fresh, python } = await initCowrie());
  made.push(fresh);
  prepared = await aCowrie();
  await prepareCowrie(prepared, { python });
}, 300_000);

afterAll(async () => {
  for (const dir of made) await rm(dir, { recursive: true, force: true });
});

describe("Cowrie's pickle", () => {
  it('is read by us and written back so that Python reads the same tree', async () => {
    const { filesystemPath } = await findPackage(fresh, { python });
    const copy = join(await aFolder(), 'fs.pickle');
    await writeFile(copy, writePickle(readPickle(await readFile(filesystemPath))));
    const same = 'import pickle,sys; a,b=(pickle.load(open(p,"rb")) for p in sys.argv[1:]); print(a == b)';
    const { stdout } = await run(python, ['-c', same, filesystemPath, copy]);
    expect(stdout.trim()).toBe('True');
  });
});

describe('prepare', () => {
  it('is put back byte for byte by undo', async () => {
    const dir = await aCowrie();
    const before = await hashFolder(dir);
    expect(await prepareCowrie(dir, { python })).toMatchObject({ outcome: 'prepared', restartPid: null });
    expect(await hashFolder(dir)).not.toBe(before);
    expect(await undoPrepare(dir)).toMatchObject({ outcome: 'undone' });
    expect(await hashFolder(dir)).toBe(before);
    expect(await undoPrepare(dir)).toMatchObject({ outcome: 'nothing' });
  });

  it('done twice changes nothing the second time', async () => {
    const dir = await aCowrie(prepared);
    const once = await hashFolder(dir);
    expect(await prepareCowrie(dir, { python })).toMatchObject({ outcome: 'already' });
    expect(await hashFolder(dir)).toBe(once);
  });

  it('touches nothing in a dry run', async () => {
    const dir = await aCowrie();
    const before = await hashFolder(dir);
    expect(await prepareCowrie(dir, { python, dryRun: true })).toMatchObject({ outcome: 'dry_run' });
    expect(await hashFolder(dir)).toBe(before);
  });

  it('is finished by the next call where a kill came between its two renames', async () => {
    const dir = await aCowrie(prepared);
    await writeFile(join(dir, 'etc/cowrie.cfg'), await readFile(join(fresh, 'etc/cowrie.cfg')));
    expect(await prepareCowrie(dir, { python })).toMatchObject({ outcome: 'prepared' });
    expect(await readFile(join(dir, 'etc/cowrie.cfg'))).toEqual(await readFile(join(dir, newConfigPath)));
  });

  it('is undone by the next call where a kill cut the undo', async () => {
    const dir = await aCowrie(prepared);
    await writeFile(join(dir, 'etc/cowrie.cfg'), await readFile(join(fresh, 'etc/cowrie.cfg')));
    expect(await undoPrepare(dir)).toMatchObject({ outcome: 'undone' });
    await cp(join(prepared, overlayFolder), join(dir, `${overlayFolder}.removed`), { recursive: true });
    await undoPrepare(dir);
    expect(await hashFolder(dir)).toBe(await hashFolder(fresh));
  });

  it('plants files that are dull, of the size that ls shows, in a tree small enough to be copied', async () => {
    const dir = await aCowrie();
    const { hotFiles } = await prepareCowrie(dir, { python });
    const tree = readTree(await readFile(join(dir, picklePath)));
    for (const { path, size } of hotFiles) {
      expect(findNode(tree, path)?.size).toBe(size);
      const content = await readFile(join(dir, honeyfsFolder, path), 'utf8');
      expect(Buffer.byteLength(content)).toBe(size);
      expect(content).not.toMatch(/AKIA|BEGIN RSA PRIVATE|password *= *\w/);
    }
    expect(countNodes(tree)).toBeLessThan(3000);
  });

  it("keeps a name that the operator gave, and replaces Cowrie's own, which scanners know", async () => {
    const named = await aCowrie();
    await edit(join(named, 'etc/cowrie.cfg'), (text) => text.replace('hostname = svr04', 'hostname = mail-9'));
    await prepareCowrie(named, { python });
    expect(await settingOf(named, 'honeypot', 'hostname')).toBe('mail-9');
    expect(await settingOf(prepared, 'honeypot', 'hostname')).not.toBe('svr04');
  });

  it('makes the settings of a container whose etc volume is empty, and takes them away again', async () => {
    const dir = await aFolder();
    await mkdir(join(dir, 'var/lib/cowrie'), { recursive: true });
    await prepareCowrie(dir, { python });
    expect(await settingOf(dir, 'shell', 'filesystem')).toBe(picklePath);
    await undoPrepare(dir);
    expect(await hashFolder(dir)).toBe(await hashFolder(await aFolder()));
  });

  it("shows the operator's own honeyfs files as before", async () => {
    const dir = await aCowrie();
    await mkdir(join(dir, 'myfs/etc'), { recursive: true });
    await writeFile(join(dir, 'myfs/etc/motd'), 'Hello from the operator\n');
    await edit(join(dir, 'etc/cowrie.cfg'), (text) => text.replace('[honeypot]', '[honeypot]\ncontents_path = myfs'));
    await prepareCowrie(dir, { python });
    expect(await readFile(join(dir, honeyfsFolder, 'etc/motd'), 'utf8')).toBe('Hello from the operator\n');
  });
});

describe('one clear sentence', () => {
  it.each([
    { at: 'nowhere', expected: /There is no folder .*nowhere\.$/, description: 'a folder that is not there' },
    {
      at: '.',
      expected: /holds neither etc\/cowrie\.cfg nor var\/lib\/cowrie; name the folder/,
      description: 'a wrong one',
    },
  ])('is said about $description', async ({ at, expected }) => {
    await expect(prepareCowrie(join(await aFolder(), at), { python })).rejects.toThrow(expected);
  });

  it('is said about a Python without Cowrie', async () => {
    const prepared = prepareCowrie(await aCowrie(), { python: '/nonexistent/python' });
    await expect(prepared).rejects.toThrow(
      /not found by \/nonexistent\/python; name the Python that runs it: --python/,
    );
  });

  it('is said about a proxy, which has no files', async () => {
    const dir = await aCowrie();
    await edit(join(dir, 'etc/cowrie.cfg'), (text) => text.replace('backend = shell', 'backend = proxy'));
    await expect(prepareCowrie(dir, { python })).rejects.toThrow(/backend = proxy; only the shell backend/);
  });

  it('is said about a second configuration that would win', async () => {
    const dir = await aCowrie();
    await writeFile(join(dir, 'cowrie.cfg'), '[honeypot]\nhostname = other\n');
    await expect(prepareCowrie(dir, { python })).rejects.toThrow(/sets hostname and wins/);
  });

  it('is said to a user who may not write there', async ({ skip }) => {
    const asOther = process.getuid?.() === 0;
    skip(asOther && !(await isOpenToOthers(import.meta.filename)), 'no other user can read this checkout');
    const dir = await aCowrie();
    const script = `import(process.argv[1]).then((m) => m.prepareCowrie(process.argv[2], { python: process.argv[3] })).catch((e) => console.log(e.message))`;
    const module = new URL('../src/act/cowrie/prepare.ts', import.meta.url).href;
    await chmod(join(dir, 'etc'), asOther ? 0o755 : 0o555);
    const who = asOther ? { uid: 65_533, gid: 65_533 } : {};
    const { stdout } = await run(process.execPath, ['-e', script, module, dir, python], who);
    await chmod(join(dir, 'etc'), 0o755);
    expect(stdout).toMatch(/cannot be written \(EACCES\); run this as the user who owns/);
  });

  it('is said about a Cowrie that runs and must be restarted once', async () => {
    const cowrie = await startCowrie();
    const { restartPid } = await prepareCowrie(cowrie.dir, { python });
    const pid = Number(await readFile(join(cowrie.dir, 'var/run/cowrie.pid'), 'utf8'));
    expect(restartPid).toBe(pid);
    await cowrie.stop();
  });
});

describe('undo touches nothing and names the file', () => {
  it.each([
    { file: 'etc/cowrie.cfg', expected: /cowrie\.cfg was changed after it was prepared/ },
    { file: picklePath, expected: /fs\.pickle was changed after it was prepared/ },
    { file: `${honeyfsFolder}/root/.aws/credentials`, expected: /holds an adaptation or somebody's change/ },
    { file: `${overlayFolder}/mine.txt`, expected: /mine\.txt is not ours/ },
  ])('where somebody wrote $file', async ({ file, expected }) => {
    const dir = await aCowrie(prepared);
    await writeFile(join(dir, file), 'changed by hand');
    const changed = await hashFolder(dir);
    await expect(undoPrepare(dir)).rejects.toThrow(expected);
    expect(await hashFolder(dir)).toBe(changed);
  });

  it('unless the decoys are given up', async () => {
    const dir = await aCowrie(prepared);
    await writeFile(join(dir, honeyfsFolder, 'root/.aws/credentials'), 'an adaptation');
    await undoPrepare(dir, { discardDecoys: true });
    expect(await hashFolder(dir)).toBe(await hashFolder(fresh));
  });

  it('where the manifest is damaged', async () => {
    const dir = await aCowrie(prepared);
    await writeFile(join(dir, manifestPath), '{"version":1}');
    await expect(undoPrepare(dir)).rejects.toThrow(/not a manifest that this version understands/);
  });
});

/** A copy of a Cowrie that was set up once; making a key pair for every test would take half a second each. */
async function aCowrie(from: string = fresh): Promise<string> {
  const dir = await aFolder();
  await cp(from, dir, { recursive: true, preserveTimestamps: true });
  return dir;
}

async function aFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-prepare-'));
  await chmod(dir, 0o755);
  made.push(dir);
  return dir;
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

async function settingOf(dir: string, section: string, key: string): Promise<string | undefined> {
  return readSetting(await readFile(join(dir, 'etc/cowrie.cfg'), 'utf8'), section, key);
}
