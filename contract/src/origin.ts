import { z } from 'zod';

/** What is known of an address without asking anybody. Every field is null where nothing is known. */
export const Origin = z.object({
  /** ISO 3166-1, two capitals. A network that is none of the internet's has none. */
  country: z.string().nullable(),
  /** Only where the user brought a city database of his own. */
  city: z.string().nullable(),
  asn: z.number().int().nullable(),
  asName: z.string().nullable(),
  /** A network that is none of the internet's (`private`, `loopback` …), or the name of one of the user's own. */
  network: z.string().nullable(),
  /** A research scanner that says where it scans from. A tag: nothing is dropped for it. */
  scanner: z.string().nullable(),
});
export type Origin = Readonly<z.infer<typeof Origin>>;

export type LocateOrigin = (address: string) => Origin;

export const unknownOrigin: Origin = {
  country: null,
  city: null,
  asn: null,
  asName: null,
  network: null,
  scanner: null,
};
