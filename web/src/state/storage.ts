import { type Signal, signal } from '@preact/signals';

/** A choice of the visitor that outlives the page. Browsers that keep nothing (private windows, blocked storage) still get a signal. */
export function remembered<T extends string>(key: string, choices: readonly T[], fallback: () => T): Signal<T> {
  const kept = read(key);
  const value = signal<T>(choices.includes(kept as T) ? (kept as T) : fallback());
  value.subscribe((choice) => write(key, choice));
  return value;
}

/** A text of the visitor that outlives the page; null while there is none. */
export function rememberedText(key: string): Signal<string | null> {
  const value = signal(read(key));
  value.subscribe((text) => text !== null && write(key, text));
  return value;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(`korex.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`korex.${key}`, value);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
