import type { Programs } from '../program.ts';
import { accountPrograms } from './accounts.ts';
import { administrationPrograms } from './administration.ts';
import { appletPrograms } from './applets.ts';
import { downloadPrograms } from './downloads.ts';
import { filePrograms } from './files.ts';
import { helpPrograms } from './help.ts';
import { identityPrograms } from './identity.ts';
import { listingPrograms } from './listing.ts';
import { networkPrograms } from './network.ts';
import { processPrograms } from './processes.ts';
import { resourcePrograms } from './resources.ts';
import { shellWordPrograms } from './shell-words.ts';
import { shellPrograms } from './shells.ts';

/** Every program of ours, by name; they come before the interpreter's own. Those of `coreutils.ts` are added where help is asked for. */
export const programs: Programs = {
  ...accountPrograms,
  ...administrationPrograms,
  ...appletPrograms,
  ...downloadPrograms,
  ...filePrograms,
  ...helpPrograms,
  ...identityPrograms,
  ...listingPrograms,
  ...networkPrograms,
  ...processPrograms,
  ...resourcePrograms,
  ...shellPrograms,
  ...shellWordPrograms,
};
