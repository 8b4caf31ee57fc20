import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSetting } from '../config-file.ts';
import { bannerPath, configPath, honeyfsFolder, txtcmdsFolder } from '../manifest.ts';
import { findNode, readTree, resolvePath, type TreeNode } from '../tree.ts';
import { parseUserDb } from '../user-db.ts';

/** Everything in which a Cowrie says what machine it is, as it would be shown now. */
export interface PersonaFacts {
  readonly setting: (section: string, key: string) => string;
  /** The text of a file that a visitor sees. */
  readonly text: (path: string) => string;
  readonly lscpu: string;
  /** Users whom etc/userdb.txt names, but for patterns and `*`. */
  readonly logins: readonly string[];
}

/** Throws where the Cowrie in `dir` is not prepared or its files cannot be read. */
export async function readFacts(dir: string): Promise<PersonaFacts> {
  const config = await readFile(join(dir, configPath), 'utf8');
  const setting = (section: string, key: string) => readSetting(config, section, key) ?? '';
  const tree = readTree(await readFile(join(dir, setting('shell', 'filesystem'))));
  const banner = await readFile(join(dir, honeyfsFolder, bannerPath), 'utf8');
  const commands = setting('honeypot', 'txtcmds_path') || txtcmdsFolder;
  const userdb = await readFile(join(dir, 'etc/userdb.txt'), 'utf8').catch(() => '');
  const allowed = parseUserDb(userdb).filter((rule) => rule.allows);
  return {
    setting,
    text: (path) => (path === bannerPath ? banner : embedded(tree, path)),
    lscpu: await readFile(join(dir, commands, 'usr/bin/lscpu'), 'utf8').catch(() => ''),
    logins: [...new Set(allowed.flatMap(({ user }) => (typeof user === 'string' && user !== '*' ? [user] : [])))],
  };
}

function embedded(tree: TreeNode, path: string): string {
  const content = findNode(tree, resolvePath(tree, path))?.content;
  return content ? Buffer.from(content).toString('utf8') : '';
}
