/** korex's sign: two entities and the arc between them. */
export const Mark = () => (
  <svg class="brand-mark" viewBox="0 0 32 24" aria-hidden="true">
    <path d="M6 17v-3a10 10 0 0 1 20 0v3" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" />
    <circle cx="6" cy="19" r="4" class="mark-from" />
    <circle cx="26" cy="19" r="4" class="mark-to" />
  </svg>
);
