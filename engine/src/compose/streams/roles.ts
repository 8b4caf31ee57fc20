/** What `cerberus <role>` does of the whole; `up` is all of it in one process, without Redis. */
export const roles = ['up', 'ingest', 'worker', 'serve'] as const;
export type Role = (typeof roles)[number];

export interface Duties {
  /** Reads sources, takes sensors in, and does what has to be done at honeypots. */
  readonly reads: boolean;
  /** Assesses, decides and stores, and does what takes long with what is stored. */
  readonly works: boolean;
}

/** Every role answers the API: that is where it is asked for its health and figures. */
export const dutiesOf = {
  up: { reads: true, works: true },
  ingest: { reads: true, works: false },
  worker: { reads: false, works: true },
  serve: { reads: false, works: false },
} as const satisfies Record<Role, Duties>;

/** What a process of this role does, in the words of `GET /status`. */
export function toldRoles(role: Role): string[] {
  const { reads, works } = dutiesOf[role];
  return [...(reads ? ['sensor', 'ingest'] : []), ...(works ? ['worker'] : []), 'serve'];
}
