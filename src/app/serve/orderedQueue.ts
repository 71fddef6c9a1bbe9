/**
 * Texts in the order of their works, up to `window` of which run at once; each may end before those that came before it.
 * Texts that are ready are joined, so that thousands of short answers do not make as many writes.
 */
export interface OrderedQueue {
  /** Puts a work at the end; settles when there is room for the next. */
  push(work: Promise<string>): Promise<void>;
  /** No more works come, or no one reads further: pending calls of `push` and `next` settle. */
  end(): void;
  /** The next texts that are ready, joined, at least one; null at the end. */
  next(): Promise<string | null>;
}

interface Item {
  readonly work: Promise<string>;
  text: string | null;
}

/** Texts are joined up to about so many characters. */
const JOINED = 2 ** 16;

export function orderedQueue(window: number): OrderedQueue {
  const items: Item[] = [];
  let ended = false;
  let wakeReader: (() => void) | null = null;
  let wakeWriter: (() => void) | null = null;

  const shift = () => {
    items.shift();
    wakeWriter?.();
    wakeWriter = null;
  };

  return {
    async push(work) {
      const item: Item = { work, text: null };
      work.then(
        (text) => {
          item.text = text;
        },
        () => {},
      );
      items.push(item);
      wakeReader?.();
      wakeReader = null;
      while (items.length >= window && !ended)
        await new Promise<void>((resolve) => {
          wakeWriter = resolve;
        });
    },
    end() {
      ended = true;
      wakeReader?.();
      wakeWriter?.();
    },
    async next() {
      while (items.length === 0) {
        if (ended) return null;
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
      }
      let text = await items[0]!.work;
      shift();
      while (items.length > 0 && items[0]!.text !== null && text.length < JOINED) {
        text += items[0]!.text;
        shift();
      }
      return text;
    },
  };
}
