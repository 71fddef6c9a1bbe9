import { setTimeout } from 'node:timers/promises';
import { failure } from '../core/errors.ts';
import type { Reporter } from '../core/reporter.ts';
import type { Localized } from '../core/types.ts';

/** A failure that may pass: an overloaded server, a broken connection. */
export class Transient extends Error {
  /** Milliseconds that the server asked to wait; null where it did not say. */
  readonly wait: number | null;
  /** Bytes have arrived since the last attempt, so that the retries are counted from the start again. */
  readonly progressed: boolean;
  /** No server could be reached at all. */
  readonly unreachable: boolean;

  constructor(
    message: string,
    facts: { wait?: number | null; progressed?: boolean; unreachable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.wait = facts.wait ?? null;
    this.progressed = facts.progressed ?? false;
    this.unreachable = facts.unreachable ?? false;
  }
}

export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Waits, unless the signal ends it. */
export const pause: Pause = (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal });

export interface RetryOptions {
  readonly retries: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly pause: Pause;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;

/**
 * Retries with exponential back-off: after 1, 2, 4, 8, … seconds, or after the time that the server names. Without jitter:
 * one person waits here, not many clients at once.
 *
 * Errors: the last `Transient` one after all retries, any other at once.
 */
export async function withRetries<T>(options: RetryOptions, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      if (error.progressed) attempt = 1;
      if (attempt > options.retries) throw error;
      const wait = Math.min(error.wait ?? FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
      options.reporter.info(`${error.message}; trying again in ${Math.ceil(wait / 1000)} s`);
      await options.pause(wait, options.signal);
    }
  }
}

/** The last transient error, for people. */
export const gaveUp = (what: Localized, error: Transient) =>
  failure(
    { en: `${what.en}: ${error.message}.`, ko: `${what.ko}: ${error.message}.` },
    {
      en: 'Run the command again later: the download resumes from what has arrived.',
      ko: '나중에 명령을 다시 실행한다. 내려받기는 받은 데서부터 이어진다.',
    },
    error,
  );
