import type { PayloadRoles } from './payload-roles.ts';

/** First and last place of a session at which a file's name has a role. */
type Places = ReadonlyMap<string, { readonly first: number; readonly last: number }>;

interface Story {
  readonly brings: Places;
  readonly readies: Places;
  readonly runs: Places;
  readonly removes: Places;
  /** Places of any name. */
  readonly anyBring: readonly number[];
  readonly anyReady: readonly number[];
  readonly anyRun: readonly number[];
}

/**
 * What becomes of the files that a session brings: a download that is never run is another thing than one that is, and
 * removing what was run covers tracks, while removing what will be fetched clears the way. Features per statement.
 */
export function payloadStory(roles: readonly PayloadRoles[]): string[][] {
  const story: Story = {
    brings: placesOf(roles.map(({ brings }) => brings)),
    readies: placesOf(roles.map(({ readies }) => readies)),
    runs: placesOf(roles.map(({ runs }) => runs)),
    removes: placesOf(roles.map(({ removes }) => removes)),
    anyBring: where(roles, ({ brings }) => brings.size > 0),
    anyReady: where(roles, ({ readies }) => readies.size > 0),
    anyRun: where(roles, ({ runs, runsPipe }) => runs.size > 0 || runsPipe),
  };
  return roles.map((role, at) => [
    ...progress(story, at),
    ...ofBrought(role, at, story),
    ...ofRun(role, at, story),
    ...ofRemoved(role, at, story),
    ...ofReadied(role, at, story),
  ]);
}

/** How far the session is with bringing (b, B when done) and running (r, R), and whether it ever does. */
function progress({ anyBring, anyRun }: Story, at: number): string[] {
  const done = isBefore(anyRun, at) ? 'R' : isBefore(anyBring, at) ? 'B' : '-';
  const ahead = `${isAfter(anyBring, at) ? 'b' : ''}${isAfter(anyRun, at) ? 'r' : ''}`;
  return [`prog:${done}${ahead}`, `sess:${anyRun.length > 0 ? 'R' : '-'}${anyBring.length > 0 ? 'B' : '-'}`];
}

function ofBrought({ brings }: PayloadRoles, at: number, story: Story): string[] {
  if (brings.size === 0) return [];
  const ranAtAll = story.anyRun.length > 0;
  const features = ['k:brings', `brought:${after(story.runs, brings, at) ? 'run' : ranAtAll ? 'otherrun' : 'never'}`];
  if (after(story.readies, brings, at)) features.push('brought:ready');
  if (after(story.removes, brings, at)) features.push('brought:removed');
  if (!ranAtAll && !isAfter(story.anyReady, at)) features.push('brought:idle');
  return features;
}

function ofRun({ runs, runsPipe }: PayloadRoles, at: number, story: Story): string[] {
  if (runs.size === 0 && !runsPipe) return [];
  return ['k:runs', `run:${before(story.brings, runs, at) ? 'brought' : 'unknown'}`];
}

function ofRemoved({ removes }: PayloadRoles, at: number, story: Story): string[] {
  if (removes.size === 0) return [];
  const glob = [...removes].some((name) => name.includes('*')) ? 'star' : 'other';
  const what = before(story.runs, removes, at) ? 'ran' : before(story.brings, removes, at) ? 'brought' : glob;
  const past = isBefore(story.anyRun, at) ? 'afterrun' : isBefore(story.anyBring, at) ? 'afterbring' : 'before';
  const more = isAfter(story.anyBring, at) || isAfter(story.anyRun, at) ? 'more' : 'end';
  const features = ['k:removes', `rm:${what}`, `rm2:${past}:${more}`];
  if (after(story.brings, removes, at)) features.push('rm:willbring');
  if (after(story.runs, removes, at)) features.push('rm:willrun');
  return features;
}

function ofReadied({ readies }: PayloadRoles, at: number, story: Story): string[] {
  if (readies.size === 0) return [];
  const then = after(story.runs, readies, at) ? 'run' : story.anyRun.length > 0 ? 'other' : 'never';
  return ['k:readies', `ready:${then}`];
}

function placesOf(names: readonly ReadonlySet<string>[]): Places {
  const places = new Map<string, { first: number; last: number }>();
  for (const [at, here] of names.entries()) {
    for (const name of here) places.set(name, { first: places.get(name)?.first ?? at, last: at });
  }
  return places;
}

function where(roles: readonly PayloadRoles[], test: (role: PayloadRoles) => boolean): number[] {
  return roles.flatMap((role, at) => (test(role) ? [at] : []));
}

function isBefore(places: readonly number[], at: number): boolean {
  return (places[0] ?? at) < at;
}

function isAfter(places: readonly number[], at: number): boolean {
  return (places.at(-1) ?? at) > at;
}

function before(places: Places, names: ReadonlySet<string>, at: number): boolean {
  return [...names].some((name) => (places.get(name)?.first ?? at) < at);
}

function after(places: Places, names: ReadonlySet<string>, at: number): boolean {
  return [...names].some((name) => (places.get(name)?.last ?? at) > at);
}
