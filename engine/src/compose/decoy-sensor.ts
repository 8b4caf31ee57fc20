/** The name under which our own decoy writes its log. */
export const decoySensor = 'decoy';
