import type { Programs } from '../program.ts';
import { accountPrograms } from './accounts.ts';
import { addUserPrograms } from './adduser.ts';
import { administrationPrograms } from './administration.ts';
import { appletPrograms } from './applets.ts';
import { archivePrograms } from './archives.ts';
import { argumentPrograms } from './arguments.ts';
import { capabilityPrograms } from './capabilities.ts';
import { checksumPrograms } from './checksums.ts';
import { comparingPrograms } from './comparing.ts';
import { crontabPrograms } from './crontab.ts';
import { databasePrograms } from './databases.ts';
import { datePrograms } from './date.ts';
import { ddPrograms } from './dd.ts';
import { downloadPrograms } from './downloads.ts';
import { dumpPrograms } from './dumps.ts';
import { editorPrograms } from './editor/editors.ts';
import { fileKindPrograms } from './file-kinds.ts';
import { filePrograms } from './files.ts';
import { findPrograms } from './find.ts';
import { followingPrograms } from './following.ts';
import { gnuOptionPrograms } from './gnu-options.ts';
import { helpPrograms } from './help.ts';
import { identityPrograms } from './identity.ts';
import { ipPrograms } from './ip.ts';
import { firewallPrograms } from './iptables.ts';
import { lineToolPrograms } from './line-tools.ts';
import { listingPrograms } from './listing.ts';
import { machineFactPrograms } from './machine-facts.ts';
import { netcatPrograms } from './netcat.ts';
import { networkPrograms } from './network.ts';
import { odPrograms } from './od.ts';
import { opensslPrograms } from './openssl.ts';
import { packagePrograms } from './packages.ts';
import { pagerPrograms } from './pager.ts';
import { perlPrograms } from './perl.ts';
import { processSignalPrograms } from './process-signals.ts';
import { processPrograms } from './processes.ts';
import { pythonPrograms } from './python.ts';
import { resourcePrograms } from './resources.ts';
import { runAsPrograms } from './run-as.ts';
import { serverPrograms } from './servers.ts';
import { shellWordPrograms } from './shell-words.ts';
import { shellPrograms } from './shells.ts';
import { smallToolPrograms } from './small-tools.ts';
import { socketPrograms } from './sockets.ts';
import { keygenPrograms } from './ssh-keygen.ts';
import { statPrograms } from './stat.ts';
import { systemctlPrograms } from './systemctl.ts';
import { textToolPrograms } from './text-tools.ts';
import { timeStampPrograms } from './time-stamps.ts';
import { topPrograms } from './top.ts';
import { userPrograms } from './users.ts';
import { wrapperPrograms } from './wrappers.ts';
import { zipPrograms } from './zip.ts';

/** Every program of ours, by name; they come before the interpreter's own. Their help is in `coreutils.ts`. */
export const programs: Programs = {
  ...accountPrograms,
  ...addUserPrograms,
  ...administrationPrograms,
  ...wrapperPrograms,
  ...smallToolPrograms,
  ...machineFactPrograms,
  ...crontabPrograms,
  ...databasePrograms,
  ...comparingPrograms,
  ...capabilityPrograms,
  ...checksumPrograms,
  ...archivePrograms,
  ...argumentPrograms,
  ...appletPrograms,
  ...downloadPrograms,
  ...datePrograms,
  ...ddPrograms,
  ...dumpPrograms,
  ...editorPrograms,
  ...filePrograms,
  ...fileKindPrograms,
  ...findPrograms,
  ...followingPrograms,
  ...firewallPrograms,
  ...gnuOptionPrograms,
  ...helpPrograms,
  ...identityPrograms,
  ...keygenPrograms,
  ...lineToolPrograms,
  ...listingPrograms,
  ...netcatPrograms,
  ...ipPrograms,
  ...pagerPrograms,
  ...networkPrograms,
  ...odPrograms,
  ...opensslPrograms,
  ...packagePrograms,
  ...perlPrograms,
  ...processPrograms,
  ...processSignalPrograms,
  ...pythonPrograms,
  ...resourcePrograms,
  ...runAsPrograms,
  ...shellPrograms,
  ...serverPrograms,
  ...shellWordPrograms,
  ...socketPrograms,
  ...statPrograms,
  ...systemctlPrograms,
  ...textToolPrograms,
  ...timeStampPrograms,
  ...topPrograms,
  ...userPrograms,
  ...zipPrograms,
};
