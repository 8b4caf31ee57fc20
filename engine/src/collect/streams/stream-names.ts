/**
 * The number of partitions is a part of the name: under another number a session is on another stream, and what is left
 * on the old ones is put again by the ingest that has it.
 */
export function streamOf(partition: number, partitions: number): string {
  return `cerberus:lines:${partitions}:${partition}`;
}

/** Where workers say that something was stored: only a hint to look, which may be lost. */
export const storedChannel = 'cerberus:stored';

export const consumerGroup = 'workers';
/** A partition has one owner at a time, and whoever follows takes over what was delivered and not stored. */
export const consumer = 'owner';
