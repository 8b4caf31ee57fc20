const key = 'cerberus-token';
/** Says that a cookie was there last time, which no script can see. It lets nobody in. */
const signedInKey = 'cerberus-signed-in';

/** `asking`: a cookie may be there, which no script can see. */
export type EntranceState = 'asking' | 'in' | 'out';

type Listener = () => void;
const listeners = new Set<Listener>();
let state: EntranceState = sessionStorage.getItem(key) === null ? 'asking' : 'in';
let csrfToken: string | null = null;

/** How this tab is let in: by a token that a person gave, which is gone with the tab, or by the cookie of his session. */
export const entrance = {
  read: (): EntranceState => state,
  token: (): string | null => sessionStorage.getItem(key),
  /** For whatever is not a GET, while the cookie lets us in. */
  csrfToken: (): string | null => csrfToken,
  /** Whether it is worth asking before anybody said who he is. */
  wasSignedIn: (): boolean => localStorage.getItem(signedInKey) !== null,
  keepToken(secret: string): void {
    sessionStorage.setItem(key, secret);
    change('in');
  },
  /** `csrf` is of the person whose cookie lets us in. */
  openByCookie(csrf: string): void {
    csrfToken = csrf;
    localStorage.setItem(signedInKey, 'yes');
    change('in');
  },
  close(): void {
    sessionStorage.removeItem(key);
    localStorage.removeItem(signedInKey);
    csrfToken = null;
    change('out');
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function change(to: EntranceState): void {
  state = to;
  for (const listener of listeners) listener();
}
