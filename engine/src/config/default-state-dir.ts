import { join } from 'node:path';

interface Places {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly projectDir: string | null;
}

/** Where state lies when CERBERUS_DATA_DIR says nothing: in the checkout, else in the user's XDG state folder. */
export function defaultStateDir({ env, home, projectDir }: Places): string {
  if (projectDir !== null) return join(projectDir, '.cerberus');
  const stateHome = env['XDG_STATE_HOME'];
  // The XDG specification: a path that is not absolute counts as not set.
  return join(stateHome?.startsWith('/') ? stateHome : join(home, '.local', 'state'), 'cerberusmesh');
}
