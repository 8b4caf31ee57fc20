import type { TimelineEvent } from '@cerberusmesh/contract/api-sessions';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api, dataOf } from '../../api/ask.ts';
import { type ReadCast, readCast } from '../../replay/read-cast.ts';
import { artifactsQuery } from './artifacts.tsx';

const castQuery = (id: string) =>
  queryOptions({
    queryKey: ['recording', id],
    queryFn: () => dataOf(api.GET('/api/sessions/{id}/recording', { params: { path: { id } }, parseAs: 'text' })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** An event is stored a moment after its line was entered. */
const aheadSeconds = 0.2;

export interface ReplayInStep {
  /** Undefined where there is no recording. */
  readonly cast: ReadCast | undefined;
  readonly sought: { readonly seconds: number } | undefined;
  readonly onTime: (seconds: number) => void;
  /** The event that the recording is at. */
  readonly nowId: string | undefined;
  readonly seekTo: ((event: TimelineEvent) => void) | undefined;
}

/**
 * A recording and a timeline in step. The honeypot's clock starts them at different moments, so they are joined at the
 * first line that was entered, which both know.
 */
export function useReplay(id: string | undefined): (events: readonly TimelineEvent[]) => ReplayInStep {
  const artifacts = useQuery({ ...artifactsQuery(id ?? ''), enabled: id !== undefined });
  const isRecorded = artifacts.data?.data.some(({ kind, state }) => kind === 'recording' && state === 'kept') === true;
  const text = useQuery({ ...castQuery(id ?? ''), enabled: isRecorded }).data;
  const cast = useMemo(() => (text === undefined ? undefined : readCast(text)), [text]);
  const [sought, setSought] = useState<{ seconds: number }>();
  const [nowSeconds, setNowSeconds] = useState(0);
  const onTime = useCallback((seconds: number) => setNowSeconds(seconds), []);

  return (events) => {
    const commands = events.filter(({ command }) => command !== null);
    const [first] = commands;
    if (cast === undefined || first === undefined) return { cast, sought, onTime, nowId: undefined, seekTo: undefined };
    const placeOf = ({ timestamp }: TimelineEvent) =>
      cast.firstEnteredSeconds + (Date.parse(timestamp) - Date.parse(first.timestamp)) / 1000;
    const now = commands.findLast((event) => placeOf(event) <= nowSeconds + aheadSeconds);
    return { cast, sought, onTime, nowId: now?.id, seekTo: (event) => setSought({ seconds: placeOf(event) }) };
  };
}
