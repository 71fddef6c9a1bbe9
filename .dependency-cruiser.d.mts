/** Rooms by floor, from the ground up. */
export const FLOORS: Readonly<Record<string, readonly string[]>>;
/** Floors of the page's own house, in the same order. */
export const PAGE_FLOORS: readonly string[];
