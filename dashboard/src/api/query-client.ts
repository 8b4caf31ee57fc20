import { QueryClient } from '@tanstack/react-query';
import { ApiFault } from './ask.ts';

const retriesMax = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer: only silence and faults of the server are asked again.
      retry: (failures, error) =>
        failures < retriesMax && !(error instanceof ApiFault && error.status >= 400 && error.status < 500),
    },
  },
});
