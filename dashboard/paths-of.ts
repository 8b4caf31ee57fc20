import openapiTypescript, { astToString } from 'openapi-typescript';

const head =
  '// Made from the OpenAPI of the server by `npm run client`; a test holds it equal. Not written by hand.\n\n';

/**
 * The API as TypeScript types, of its OpenAPI document. What it answers instead of what was asked for is the same for all
 * of it (`ErrorBody`) and is thrown by `src/api/ask.ts`, so only the good answers are told.
 */
export async function pathsOf(document: object): Promise<string> {
  const told = JSON.stringify(document, (key, value: unknown) =>
    key === 'default' && isAnswer(value) ? undefined : value,
  );
  return `${head}${astToString(await openapiTypescript(told, { alphabetize: true }))}`;
}

function isAnswer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'content' in value;
}
