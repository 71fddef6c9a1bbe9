import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const FOLDER = new URL('../fixtures/sentences/', import.meta.url);

const passageSchema = z.strictObject({
  id: z.string(),
  tests: z.string(),
  parts: z.array(z.string()).min(1),
});

/** A passage with the sentences that a reader sees in it; conventions in `test/fixtures/sentences/README.md`. */
export interface SentencePassage {
  readonly id: string;
  /** What is hard in it, in Korean. */
  readonly tests: string;
  readonly text: string;
  /** In order, without the white space between them. */
  readonly sentences: readonly string[];
}

export const sentencePassages: readonly SentencePassage[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .flatMap((name) => z.array(passageSchema).parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))))
  .map(({ id, tests, parts }) => ({
    id,
    tests,
    text: parts.join(''),
    sentences: parts.map((part) => part.trimEnd()),
  }));
