import { useNavigate } from '@tanstack/react-router';

/** Sets one filter of the view that is shown, or takes it away; going back leads out of the view, not through its filters. */
export function useChangeFilter(): (name: string, value: string | undefined) => void {
  const navigate = useNavigate();
  return (name, value) =>
    void navigate({ to: '.', search: (before: object) => ({ ...before, [name]: value }), replace: true });
}
