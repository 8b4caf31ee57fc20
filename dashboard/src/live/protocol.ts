import type { liveProtocol as Protocol } from '@cerberusmesh/contract/live';

export type { LiveFrame } from '@cerberusmesh/contract/live';

/** The contract's value said again, and held to it by its type: importing it would bring zod into the page. */
export const liveProtocol: typeof Protocol = 'cerberus.v1';
