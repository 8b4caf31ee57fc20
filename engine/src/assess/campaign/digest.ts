import { hash } from 'node:crypto';
import type { Evidence, SessionDigest, SessionShape } from '@cerberusmesh/contract/campaign';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { lineShape } from '../line-shape.ts';
import { readShell } from '../shell/read-shell.ts';
import { credentialEvidence, eventEvidence, textEvidence } from './evidence.ts';
import { minHash } from './min-hash.ts';

/** A session of 27,742 commands is told by its first ones; a longer one is cut, not refused. */
const stepsMax = 512;
const evidenceMax = 64;
const ownNamesMax = 32;
const pairsMax = 256;
const shownCharacters = 2_000;
/** Lines and whole sessions repeat: of 9,535 typed lines in one log 916 are different. */
const linesKept = 8_192;
const shapesKept = 2_048;
const keptCharacters = 4_096;

/** What a bot asks busybox for, to see what it answers: evidence, but drawn anew for each visit by many. */
const botToken = /(\bbusybox )[A-Z][A-Z0-9]{3,15}\b/g;

interface LineReading {
  readonly steps: readonly string[];
  /** Names of programs that no system has: the visitor's own, drawn anew for each visit by many. */
  readonly ownNames: readonly string[];
  /** Evidence that shows only after decoding. */
  readonly hidden: readonly Evidence[];
}

/** Makes digests of sessions from their events, in order. Pure but for caches that only save work. */
export function createDigester(isKnownCommand: (name: string) => boolean) {
  const lines = createRecentAnswers<LineReading>(linesKept);
  const shapes = createRecentAnswers<SessionShape>(shapesKept);

  return function digest(sessionId: string, events: Iterable<SensorEvent>): SessionDigest {
    const steps: string[] = [];
    const evidence = new Map<string, Evidence>();
    const pairs = new Set<string>();
    const ownNames = new Set<string>();
    let hassh: string | null = null;
    let address: string | null = null;
    for (const event of events) {
      const { detail } = event;
      address ??= event.sourceIp;
      for (const item of eventEvidence(event)) remember(evidence, item);
      if (detail.kind === 'client') hassh ??= detail.hassh ?? null;
      if (detail.kind === 'login' && detail.password !== undefined && pairs.size < pairsMax) {
        pairs.add(`${detail.username}\n${detail.password}`);
      }
      if (detail.kind === 'command' && detail.phase === 'typed' && steps.length < stepsMax) {
        const read = readLine(detail.input);
        for (const item of read.hidden) remember(evidence, item);
        for (const name of read.ownNames) if (ownNames.size < ownNamesMax) ownNames.add(name);
        for (const step of read.steps) add(steps, step);
      } else add(steps, stepOf(event));
    }
    for (const item of credentialEvidence(hassh, pairs)) remember(evidence, item);
    return {
      sessionId,
      address,
      shape: steps.length === 0 ? undefined : shapeOf(withoutNames(steps, ownNames)),
      evidence: [...evidence.values()],
    };
  };

  function readLine(text: string): LineReading {
    const known = text.length > keptCharacters ? undefined : lines.get(text);
    if (known !== undefined) return known;
    const reading = readShell(text);
    const own = reading.statements.map(({ name }) => name).filter((name) => name.length > 2 && !isKnownCommand(name));
    const fresh = {
      ownNames: own.slice(0, ownNamesMax),
      steps: lineShape(reading)
        .split(' ; ')
        .map((step) => step.replace(botToken, '$1TOKEN')),
      hidden: reading.statements
        .filter(({ origin }) => origin !== 'typed')
        .flatMap((statement) => textEvidence(statement.text)),
    };
    if (text.length <= keptCharacters) lines.set(text, fresh);
    return fresh;
  }

  function shapeOf(steps: readonly string[]): SessionShape {
    const text = steps.join('\n');
    const id = idOf('session', text);
    const known = shapes.get(id);
    if (known !== undefined) return known;
    const statements = new Map(steps.map((step) => [idOf('statement', step), step.slice(0, shownCharacters)]));
    const pairs = steps.slice(1).map((step, at) => `${steps[at]}\n${step}`);
    const shape = { id, text: text.slice(0, shownCharacters), statements, signature: minHash([...steps, ...pairs]) };
    shapes.set(id, shape);
    return shape;
  }
}

/** What else was done that is no login and no typing. */
function stepOf({ detail }: SensorEvent): string | undefined {
  if (detail.kind === 'tunnel') return 'tunnel';
  if (detail.kind === 'exploit') return `exploit ${detail.name.slice(0, 40)}`;
  return detail.kind === 'transfer' ? detail.direction : undefined;
}

/** `/usr/libexec/cnixbl` and then `cnixbl` are one program, whatever it is called this time. */
function withoutNames(steps: readonly string[], names: ReadonlySet<string>): string[] {
  if (names.size === 0) return [...steps];
  const shown: string[] = [];
  for (const step of steps) {
    const words = step.split(' ').map((word, at) => {
      const end = word.lastIndexOf('/') + 1;
      if (!names.has(word.slice(end))) return word;
      // As `lineShape` calls what looks random: some of these names do, and some do not.
      return at === 0 || end > 0 ? `${word.slice(0, end)}RANDOM` : 'WORD';
    });
    add(shown, words.join(' '));
  }
  return shown;
}

/** The same step again is no new step: the number of repetitions is noise. */
function add(steps: string[], step: string | undefined): void {
  if (step !== undefined && step !== '' && step !== steps.at(-1) && steps.length < stepsMax) steps.push(step);
}

function remember(evidence: Map<string, Evidence>, item: Evidence): void {
  if (evidence.size < evidenceMax) evidence.set(item.id, item);
}

function idOf(kind: string, text: string): string {
  const hex = hash('sha256', `${kind}\n${text}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
