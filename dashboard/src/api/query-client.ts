import { QueryClient } from '@tanstack/react-query';
import { ApiFault } from './ask.ts';

const retriesMax = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < retriesMax && !isAnswer(error),
    },
  },
});

/** A refusal, and a question that was too dear: only silence and faults of the server are asked again. */
function isAnswer(error: Error): boolean {
  if (!(error instanceof ApiFault)) return false;
  return (error.status >= 400 && error.status < 500) || error.code === 'QUERY_TOO_SLOW';
}
