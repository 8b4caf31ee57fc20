import { resolve } from 'node:path';
import { Command } from 'commander';
import { pluginFolder } from '../act/cowrie/manifest.ts';
import { type PrepareReport, prepareCowrie } from '../act/cowrie/prepare.ts';
import { type UndoReport, undoPrepare } from '../act/cowrie/undo-prepare.ts';
import type { CommandIo } from './command-io.ts';

interface PrepareFlags {
  readonly undo?: boolean;
  readonly dryRun?: boolean;
  readonly discardDecoys?: boolean;
  readonly python?: string;
  readonly package?: string;
  readonly lureDomain?: string;
  readonly plugin?: boolean;
}

/** `cerberus prepare <cowrie dir>`: makes a Cowrie ready to be changed while it runs, or puts everything back. */
export function prepareCommand(io: CommandIo): Command {
  return new Command('prepare')
    .description('make a Cowrie ready for adaptations, or undo that')
    .argument('<cowrie dir>', 'the folder in which `cowrie start` is run')
    .option('--undo', 'put back every byte that was there before')
    .option('--dry-run', 'say what would be done, touch nothing')
    .option('--discard-decoys', 'with --undo: take decoy files away even where an adaptation stands in them')
    .option('--python <path>', 'the Python that runs Cowrie, to find the files that come with it')
    .option(
      '--package <folder>',
      'a copy of these files instead, taken out of a container by deploy/cowrie/copy-package.py',
    )
    .option(
      '--lure-domain <name>',
      'of the hosts that lures name, such as db-4f7k.<name>; point it at decoys',
      'internal',
    )
    .option('--no-plugin', 'leave our Cowrie plugin out: no lure for the very session that asks')
    .action(async (place: string, flags: PrepareFlags) => {
      const dir = resolve(place);
      const sentences = flags.undo
        ? tellUndo(dir, await undoPrepare(dir, flags))
        : tellPrepare(dir, await prepareCowrie(dir, flags));
      io.stdout.write(`${sentences.join('\n')}\n`);
    });
}

function tellPrepare(dir: string, { outcome, settings, hotFiles, plugin, restartPid }: PrepareReport): string[] {
  if (outcome === 'already') return [`${dir} is prepared already; nothing was changed.`];
  const head = outcome === 'dry_run' ? `Would prepare ${dir}; nothing was touched.` : `Prepared ${dir}.`;
  return [
    head,
    '',
    'Settings in etc/cowrie.cfg:',
    ...settings.map(({ section, key, value }) => `  [${section}] ${key} = ${value}`),
    '',
    'Files that adaptations may change:',
    ...hotFiles.map(({ path, action, size }) => `  ${path}  ${size} bytes  ${action}`),
    '',
    ...(outcome === 'dry_run'
      ? []
      : [restartSentence(restartPid), utcSentence, ...(plugin ? [pluginSentence(dir)] : [])]),
  ];
}

function tellUndo(dir: string, { outcome, restartPid }: UndoReport): string[] {
  if (outcome === 'nothing') return [`${dir} was not prepared; there is nothing to undo.`];
  if (outcome === 'dry_run') return [`Would put back every byte of ${dir}; nothing was touched.`];
  const head = `Put back every byte of ${dir}.`;
  if (restartPid === null) return [head, restartSentence(null)];
  // A visitor's `cat` of a file that has gone waits for ever.
  return [head, `Cowrie runs here (process ${restartPid}) with the files that are gone: restart it now.`];
}

function restartSentence(pid: number | null): string {
  if (pid === null) return 'Cowrie reads this when it starts; restart it once if it runs in a container.';
  return `A Cowrie runs here (process ${pid}): restart it once, after that no adaptation needs a restart.`;
}

/** Absolute, because Cowrie is not always started from its own folder. */
function pluginSentence(dir: string): string {
  return `Start it with PYTHONPATH=${dir}/${pluginFolder} too: then a lure is there for the very command that asks for it, and a new persona needs no restart. Without it Cowrie runs as before, and says once in its log that it found no "cerberus".`;
}

const utcSentence =
  'Start Cowrie with TZ=UTC in its environment: else its timestamps are local time with a false Z (the epoch is right).';
