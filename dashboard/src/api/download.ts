import { ApiFault, credentials, type Parameters } from './ask.ts';
import { entrance } from './entrance.ts';

/** Asks for a file and lets the browser keep it. A link could not carry the token. @throws ApiFault */
export async function download(path: string, parameters: Parameters, name: string): Promise<void> {
  const answer = await fetch(questionOf(path, parameters), { headers: credentials(entrance.token()) });
  if (!answer.ok) throw new ApiFault(answer.status, 'NO_FILE', `The engine gave no file (${answer.status}).`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function questionOf(path: string, parameters: Parameters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const question = search.toString();
  return question === '' ? path : `${path}?${question}`;
}
