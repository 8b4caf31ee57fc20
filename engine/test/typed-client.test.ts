import { expect, it } from 'vitest';
import { pathsOf } from '../../dashboard/paths-of.ts';
import { startTestServer } from '../src/serve/support/serve-parts.ts';

it("the dashboard's client is what the server's OpenAPI says (npm run client makes it anew)", async () => {
  const server = await startTestServer();
  try {
    const document = (await server.api.inject('/api/openapi.json')).json();
    // A file, so that whoever changes a route sees in the diff what a client will see of it.
    await expect(await pathsOf(document)).toMatchFileSnapshot('../../dashboard/src/api/paths.ts');
  } finally {
    await server.close();
  }
  // 2 s alone; TypeScript 5 is loaded for it, on cores that the suite shares.
}, 120_000);
