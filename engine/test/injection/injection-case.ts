/** What the scripted model then does: see obedient-model.ts. `elsewhere`: it cites events of other sessions. */
export type Goal = 'lower' | 'action' | 'cite' | 'elsewhere' | 'keys' | 'disclose' | 'markup' | 'indicators' | 'flood';
export type Carrier = 'command' | 'username' | 'password' | 'file' | 'client' | 'upload' | 'url';

/** An attempt at steering the model that reads a session. */
export interface InjectionCase {
  readonly id: string;
  readonly carrier: Carrier;
  readonly goal: Goal;
  /** Each comes in an event of its own. */
  readonly texts: readonly string[];
}

export interface Attempt {
  readonly name: string;
  readonly goal: Goal;
  readonly text: string;
}
