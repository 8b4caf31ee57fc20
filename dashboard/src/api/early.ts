import { entrance } from './entrance.ts';

/** In this order: a browser asks six things of one host at a time. What is dear to answer waits for the page. */
const firstView = [
  '/api/events?limit=100',
  '/api/me',
  '/health',
  '/config',
  '/api/approvals?status=pending&limit=20',
  '/api/sessions?active=true&limit=12',
];
const otherViews = ['/api/me', '/health', '/config'];
/** Longer than any page takes to ask; what nobody took by then would be old. */
const keptMs = 10_000;

const answers = new Map<string, Promise<Response>>();

/** Asks what the page will ask as soon as it runs. For who has to sign in first nothing is asked. */
export function askEarly(): void {
  const secret = entrance.token();
  if (secret === null && !entrance.wasSignedIn()) return;
  const headers = secret === null ? undefined : { authorization: `Bearer ${secret}` };
  for (const path of isFirstView(location.hash) ? firstView : otherViews) {
    const answer = fetch(path, headers ? { headers } : {});
    // Where it fails the page asks again, and says what is wrong.
    answer.catch(() => answers.delete(path));
    answers.set(path, answer);
  }
  setTimeout(() => answers.clear(), keptMs);
}

/** Whether its answer is here or on its way, and nobody took it yet. */
export function wasAskedEarly(path: string): boolean {
  return answers.has(path);
}

/** What was asked early, once; undefined where it was not, or where somebody else asks now. */
export function takeEarly({ method, url }: Request): Promise<Response> | undefined {
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  const answer = method === 'GET' && origin === location.origin ? answers.get(path) : undefined;
  answers.delete(path);
  return answer;
}

/** Nothing that was answered to one person is for the next. */
export function forgetEarly(): void {
  answers.clear();
}

function isFirstView(hash: string): boolean {
  return /^(?:#\/?(?:\?.*)?)?$/.test(hash);
}
