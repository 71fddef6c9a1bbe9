/** A value that is made when it is first asked for, once: for what takes milliseconds and is seldom needed. */
export function lazy<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
