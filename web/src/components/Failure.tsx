import { messageOf } from '../api/http.ts';

/** An error in words, announced to screen readers. */
export function Failure({ error }: { error: unknown }) {
  return (
    <p class="notice notice-bad" role="alert">
      {messageOf(error)}
    </p>
  );
}
