import { type FeedbackRecord, FeedbackRequest, FeedbackVerdict } from '@cerberusmesh/contract/feedback';
import { Severity } from '@cerberusmesh/contract/severity';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { createGiveFeedback } from '../compose/learning/give-feedback.ts';
import { createWithdrawFeedback } from '../compose/learning/withdraw-feedback.ts';
import { withDatabase } from '../compose/open-for-command.ts';
import type { ConfigFlags } from '../config.ts';
import { printable } from '../kit/printable.ts';
import { createNormalize } from '../normalize/normalize.ts';
import type { Database } from '../store/database.ts';
import { listFeedback } from '../store/learning/feedback.ts';
import type { CommandIo } from './command-io.ts';
import { addConfigOptions, readCommandConfig } from './shared-options.ts';
import { wholeNumber } from './whole-number.ts';

export type OpenFeedback = (flags: ConfigFlags, work: (parts: FeedbackParts) => Promise<void>) => Promise<void>;

export interface FeedbackParts {
  readonly database: Database;
  /** Of sensors that write times without one. */
  readonly timeZone: string;
}

interface GiveFlags extends ConfigFlags {
  readonly severity?: string;
  readonly note?: string;
  readonly json?: boolean;
}

interface ListFlags extends ConfigFlags {
  readonly limit: number;
  readonly json?: boolean;
}

/** `cerberus feedback …`: a person's word on what an event was told to be; it holds at once, and training learns from it. */
export function feedbackCommand(io: CommandIo, open: OpenFeedback = openConfigured(io)): Command {
  const command = new Command('feedback').description(
    'say what an event really was, take that back, and list what was said',
  );
  const verdict = new Argument('<verdict>', 'whether what was told is right').choices(FeedbackVerdict.options);
  const severity = new Option('--severity <severity>', 'with corrected: what it should have been');

  addConfigOptions(command.command('give'))
    .argument('<event>', 'its id, as cerberus search shows it', toEventId)
    .addArgument(verdict)
    .addOption(severity.choices(Severity.options))
    .option('--note <text>', 'why, for whoever reads it later')
    .option('--json', 'as one JSON line')
    .description('say what an event really was: harmless (false_positive), of another severity, or as it was told')
    .action(async (event: string, said: string, flags: GiveFlags) => {
      const request = toRequest(said, flags);
      await open(flags, async (parts) => {
        const record = await createGiveFeedback(writing(parts))(event, request, 'command-line');
        io.stdout.write(flags.json ? `${JSON.stringify(record)}\n` : tellGiven(record));
      });
    });

  addConfigOptions(command.command('withdraw'))
    .argument('<event>', 'its id, as cerberus feedback list shows it', toEventId)
    .option('--json', 'as one JSON line')
    .description('take back what was said of an event: what the model had told holds again')
    .action(async (event: string, flags: ConfigFlags & { json?: boolean }) => {
      await open(flags, async (parts) => {
        const withdrawn = await createWithdrawFeedback(writing(parts))(event, 'command-line');
        io.stdout.write(
          flags.json ? `${JSON.stringify(withdrawn)}\n` : `${withdrawn.severity} again, as it was told.\n`,
        );
      });
    });

  addConfigOptions(command.command('list'))
    .description('what was said, the latest first')
    .option('--limit <number>', 'how many, up to 500', wholeNumber(1, 500), 50)
    .option('--json', 'one JSON object per line')
    .action(async (flags: ListFlags) => {
      await open(flags, async ({ database }) => {
        const { data } = await listFeedback(database.pool, { limit: flags.limit });
        for (const record of data) io.stdout.write(`${flags.json ? JSON.stringify(record) : toLine(record)}\n`);
      });
    });

  return command;
}

function openConfigured(io: CommandIo): OpenFeedback {
  return async function openFeedback(flags, work) {
    const config = readCommandConfig(flags);
    await withDatabase({ config, stderr: io.stderr, role: 'feedback' }, (database) =>
      work({ database, timeZone: config.cowrie.timezone }),
    );
  };
}

function writing({ database, timeZone }: FeedbackParts) {
  const normalize = createNormalize(timeZone === 'UTC' ? {} : { timeZone });
  // A running engine remembers sessions under way by itself; here is nothing to forget.
  return { database, normalize, written: () => undefined };
}

function toRequest(verdict: string, { severity, note }: GiveFlags): FeedbackRequest {
  const request = FeedbackRequest.safeParse({
    verdict,
    ...(severity === undefined ? {} : { severity }),
    ...(note === undefined ? {} : { note }),
  });
  if (request.success) return request.data;
  throw new InvalidArgumentError(`${request.error.issues.map(({ message }) => message).join('; ')}.`);
}

function toEventId(text: string): string {
  if (z.guid().safeParse(text).success) return text;
  throw new InvalidArgumentError('Expected the id of an event.');
}

function tellGiven({ told, severity, learnable }: FeedbackRecord): string {
  const next = learnable
    ? 'The next training learns from it.'
    : 'It is no command, so training does not learn from it.';
  return `${told} before, ${severity} now. ${next}\n`;
}

/** Command and note may be what an attacker typed. */
function toLine({ given_at, event_id, verdict, told, severity, given_by, command, note }: FeedbackRecord): string {
  const said = `${given_at}  ${event_id}  ${verdict}  ${told} → ${severity}  ${given_by}`;
  const texts = [command, note].filter((text) => text !== null).map((text) => printable(text).slice(0, 200));
  return [said, ...texts].join('  ');
}
