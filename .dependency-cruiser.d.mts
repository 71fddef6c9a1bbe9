/** Rooms by floor, from the ground up. */
export const FLOORS: Readonly<Record<string, readonly string[]>>;
