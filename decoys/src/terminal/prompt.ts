import { accountsIn } from '../shell/programs/world-accounts.ts';
import type { OpenShell, Visit } from '../shell/visit.ts';

/** The prompt that PS1 asks for; an unset one is empty, as in bash. */
export function promptText({ persona, world }: Pick<Visit, 'persona' | 'world'>, shell: OpenShell): string {
  const { cwd, env, kind } = shell.state();
  const { uid } = shell.actor();
  const home = env['HOME'] ?? shell.account.home;
  const place = cwd === home ? '~' : cwd.startsWith(`${home}/`) ? `~${cwd.slice(home.length)}` : cwd;
  const user = accountsIn({ persona, world }).find((account) => account.uid === uid)?.name ?? String(uid);
  const signs: Record<string, string> = {
    u: user,
    h: persona.hostname,
    H: persona.hostname,
    w: place,
    W: place.slice(place.lastIndexOf('/') + 1) || '/',
    $: uid === 0 ? '#' : '$',
    n: '\r\n',
    '[': '',
    ']': '',
    e: '\x1b',
    '\\': '\\',
    s: kind.isLogin ? `-${kind.calledAs}` : kind.calledAs,
    v: '5.1',
  };
  const given = (env['PS1'] ?? '').slice(0, 500);
  if (kind.program === 'dash') return given;
  return given.replace(/\\033|\\([a-zA-Z$[\]\\])/g, (whole, sign?: string) => {
    if (whole === '\\033') return '\x1b';
    return sign !== undefined && Object.hasOwn(signs, sign) ? (signs[sign] ?? whole) : whole;
  });
}
