const key = 'cerberus-token';

type Listener = () => void;
const listeners = new Set<Listener>();

/** The token that a person gave: of this tab alone, and gone with it. */
export const token = {
  read: (): string | null => sessionStorage.getItem(key),
  keep(secret: string): void {
    sessionStorage.setItem(key, secret);
    for (const listener of listeners) listener();
  },
  forget(): void {
    sessionStorage.removeItem(key);
    for (const listener of listeners) listener();
  },
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
