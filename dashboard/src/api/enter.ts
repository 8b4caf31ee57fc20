import type { WelcomeAnswer } from '@cerberusmesh/contract/api-users';
import { queryOptions } from '@tanstack/react-query';
import { ApiFault, api, dataOf, type PostBody } from './ask.ts';
import { forgetEarly } from './early.ts';
import { entrance } from './entrance.ts';
import { meQuery } from './queries.ts';
import { queryClient } from './query-client.ts';

export const waysQuery = queryOptions({ queryKey: ['ways'], queryFn: () => dataOf(api.GET('/api/sign-in/ways')) });

/** Looks whether the cookie of an earlier sign-in lets us in; who has none is not asked who he is. */
export async function enterByCookie(): Promise<void> {
  try {
    const mayHaveCookie =
      entrance.wasSignedIn() || (await queryClient.fetchQuery({ ...waysQuery, staleTime: 0, retry: false })).has_cookie;
    if (!mayHaveCookie) return entrance.close();
    const me = await queryClient.fetchQuery({ ...meQuery, staleTime: 0, retry: false });
    if (me.csrf_token !== null) entrance.openByCookie(me.csrf_token);
  } catch (fault) {
    // While the engine is away nobody can say; the sign-in tells the rest.
    if (!(fault instanceof ApiFault) || fault.status !== 401) entrance.close();
  }
}

/** @returns true where a code is asked for, too. @throws ApiFault */
export async function signIn(request: PostBody<'/api/sign-in'>): Promise<boolean> {
  const { state } = await dataOf(api.POST('/api/sign-in', { body: request }));
  if (state === 'second_factor') return true;
  await enterByCookie();
  return false;
}

/** @throws ApiFault */
export async function welcome(request: PostBody<'/api/welcome'>): Promise<WelcomeAnswer> {
  const answer = await dataOf(api.POST('/api/welcome', { body: request }));
  if (answer.state === 'signed_in') await enterByCookie();
  return answer;
}

/** Ends the session for good; a token is only forgotten. */
export async function leave(): Promise<void> {
  if (entrance.csrfToken() !== null) await api.POST('/api/sign-out').catch(() => undefined);
  entrance.close();
  forgetEarly();
  // What he saw is not for whoever comes next.
  queryClient.clear();
}
