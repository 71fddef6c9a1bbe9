/** A value that is made when it is first asked for, once: for what takes milliseconds and is seldom needed. */
export function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Something that takes long to open, and may fail to. */
export interface Opening<Value> {
  /** Opens it once; a failed attempt is made again by the next call. */
  open(): Promise<Value>;
  /** What is open or about to be; null where nobody asked for it, or the last attempt failed. */
  begun(): Promise<Value> | null;
}

export function openOnce<Value>(open: () => Promise<Value>): Opening<Value> {
  let opening: Promise<Value> | null = null;
  return {
    open() {
      opening ??= open().catch((error: unknown) => {
        opening = null;
        throw error;
      });
      return opening;
    },
    begun: () => opening,
  };
}
