import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnalystReading } from '@cerberusmesh/contract/analysis';
import { z } from 'zod';

/** A question as it arrived: the two messages, and the whole body for whoever looks closer. */
export interface Question {
  readonly instructions: string;
  readonly data: string;
  readonly body: string;
  readonly wantsSchema: boolean;
  readonly authorization: string | undefined;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The assistant's text; for another status than 200 the error's message. */
  readonly text: string;
  /** Never answers. */
  readonly hang?: boolean;
  /** Writes the whole of the answer itself. */
  readonly write?: (response: ServerResponse) => void;
}

export interface LlmServer {
  readonly url: string;
  readonly questions: Question[];
  /** From now on it answers so. */
  answer(reply: (question: Question) => Reply): void;
  close(): Promise<void>;
}

const Content = z.union([z.string(), z.array(z.looseObject({ text: z.string() }))]);
const Body = z.looseObject({
  messages: z.array(z.object({ role: z.string(), content: Content })),
  response_format: z.looseObject({ type: z.string() }).optional(),
  /** Anthropic's: what it is told to be, and the tool by whose call it gives an answer of a form. */
  system: Content.optional(),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
});

/** A server on loopback that is OpenAI-compatible, and below `/messages` Anthropic's: the real protocol over a real socket, with a model that is told what to say. */
export async function startLlmServer(): Promise<LlmServer> {
  let reply: (question: Question) => Reply = (question) => ({ text: soberAnswer(question) });
  const questions: Question[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const question = readQuestion(body, request.headers.authorization);
    questions.push(question);
    const { status = 200, headers = {}, text, hang, write } = reply(question);
    if (hang) return;
    if (write) return write(response);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(
      JSON.stringify(status === 200 ? answerTo(request, question, text) : { error: { message: text, type: 'error' } }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on a port has an address and no path.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    questions,
    answer(next) {
      reply = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What a model that keeps to its instructions says: a reading that cites the first event. */
export function soberReading(question: Pick<Question, 'data'>): AnalystReading {
  return {
    threat_score: 0.85,
    severity: 'high',
    behavioral_patterns: ['malware_download'],
    attack_sophistication: 'automated',
    recommended_action: 'escalate',
    confidence: 0.92,
    reasoning: `The visitor fetched a file and ran it [${eventIds(question)[0]}].`,
    indicators_of_compromise: [],
  };
}

/** Ids of the events that were shown. */
export function eventIds({ data }: Pick<Question, 'data'>): string[] {
  return [...data.matchAll(/^\[([0-9a-f-]{36})\]/gm)].map(([, id = '']) => id);
}

function soberAnswer(question: Question): string {
  return JSON.stringify(soberReading(question));
}

function readQuestion(body: string, authorization: string | undefined): Question {
  const { messages, response_format, system, tools } = Body.parse(JSON.parse(body));
  const told = system === undefined ? [] : [{ role: 'system', content: system }];
  const textOf = (role: string) =>
    [...told, ...messages]
      .filter((message) => message.role === role)
      .map(({ content }) => (typeof content === 'string' ? content : content.map(({ text }) => text).join('')))
      .join('\n');
  const wantsSchema = response_format?.type === 'json_schema' || tools?.[0]?.name === 'json';
  return { instructions: textOf('system'), data: textOf('user'), body, wantsSchema, authorization };
}

function answerTo({ url, headers }: IncomingMessage, { wantsSchema }: Question, text: string): object {
  if (!url?.endsWith('/messages')) return completion(text);
  if (!headers['x-api-key'] || !headers['anthropic-version']) return { type: 'error' };
  const called = { type: 'tool_use', id: 'toolu_1', name: 'json', input: wantsSchema ? JSON.parse(text) : {} };
  return {
    ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'test-model', stop_sequence: null },
    content: [wantsSchema ? called : { type: 'text', text }],
    stop_reason: wantsSchema ? 'tool_use' : 'end_turn',
    usage: { input_tokens: 900, output_tokens: 100 },
  };
}

/** A whole answer, as OpenAI's protocol has it. */
export function completion(text: string): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test-model',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
