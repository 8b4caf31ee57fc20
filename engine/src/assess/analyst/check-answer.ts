import { AnalystReading } from '@cerberusmesh/contract/analysis';
import type { SessionMaterial } from '@cerberusmesh/contract/session-material';
import { type Outcome, ok, refused } from '../../kit/outcome.ts';
import { plainText } from '../../kit/plain-text.ts';
import type { Prompt } from './prompt.ts';

export interface CheckedAnswer {
  readonly reading: AnalystReading;
  /** Ids of events, each once, in the order in which the reasoning names them. */
  readonly citations: readonly string[];
}

const answerCharactersMax = 20_000;
const leakCharacters = 48;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * What a model said, as far as it may be believed. Refused, with a reason that holds none of its words: another form, a
 * citation of an event that it was not shown, none at all, our instructions given away. Indicators that do not
 * occur in the session are left out; links and markup become plain text.
 */
export function checkAnswer(text: string, material: SessionMaterial, prompt: Prompt): Outcome<CheckedAnswer, string> {
  if (text.length > answerCharactersMax) return refused(`the answer has ${text.length} characters`);
  const parsed = AnalystReading.safeParse(parseAnswer(text));
  if (!parsed.success) {
    const places = parsed.error.issues.slice(0, 5).map(({ path, code }) => `${placeOf(path)}: ${code}`);
    return refused(`the answer has not the asked form (${places.join('; ')})`);
  }
  const reading = parsed.data;
  if (givesAway([reading.reasoning, ...reading.indicators_of_compromise], prompt)) {
    return refused('the answer repeats our instructions');
  }
  const shown = new Set(material.events.map(({ id }) => id));
  const citations = [...new Set((reading.reasoning.match(uuid) ?? []).map((id) => id.toLowerCase()))];
  const foreign = citations.filter((id) => !shown.has(id)).length;
  if (foreign > 0) return refused(`${foreign} citations point at no event of this session`);
  if (citations.length === 0) return refused('the reasoning cites no event');
  return ok({
    reading: {
      ...reading,
      reasoning: plainText(reading.reasoning),
      indicators_of_compromise: reading.indicators_of_compromise.filter((text) => occursIn(text, material)),
    },
    citations,
  });
}

/** Models like to put a fence around JSON, whatever they were told. */
function parseAnswer(text: string): unknown {
  const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text);
  try {
    return JSON.parse(fenced?.[1] ?? text);
  } catch {
    return undefined;
  }
}

/** Names of our own keys only: an unknown key may be any text. */
function placeOf(path: readonly PropertyKey[]): string {
  const key = String(path[0] ?? 'object');
  return key in AnalystReading.shape ? key : 'object';
}

function givesAway(texts: readonly string[], { instructions }: Prompt): boolean {
  const nonce = /DATA-(\w+)/.exec(instructions)?.[1];
  const told = squeeze(instructions);
  return texts.some((text) => {
    if (nonce !== undefined && text.includes(nonce)) return true;
    const said = squeeze(text);
    for (let start = 0; start + leakCharacters <= said.length; start += 8) {
      if (told.includes(said.slice(start, start + leakCharacters))) return true;
    }
    return false;
  });
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

function occursIn(text: string, { events, sourceIp }: SessionMaterial): boolean {
  return text === sourceIp || events.some((event) => event.texts.some(([, shown]) => shown.includes(text)));
}
