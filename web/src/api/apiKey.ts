import { signal } from '@preact/signals';

/** The key that the visitor gave; it lives as long as the page, never in storage or in an address. */
export const apiKey = signal<string | null>(null);

/** An open question for the key. `refused`: the key given before was wrong. */
export const keyQuestion = signal<{ refused: boolean; answer: (key: string | null) => void } | null>(null);

let pending: Promise<boolean> | null = null;

/** Opens the dialog, once for all requests that wait; true when a key was given, false when the visitor declined. */
export function askForKey(refused: boolean): Promise<boolean> {
  pending ??= new Promise<boolean>((resolve) => {
    keyQuestion.value = {
      refused,
      answer: (key) => {
        keyQuestion.value = null;
        pending = null;
        if (key !== null) apiKey.value = key;
        resolve(key !== null);
      },
    };
  });
  return pending;
}
