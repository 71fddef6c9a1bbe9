import { basename } from 'node:path';
import { usageError } from '../../core/errors.ts';
import { sha256, sha256File } from '../../core/files.ts';
import { randomStream, shuffled } from '../../core/random.ts';
import type { Settings } from '../../core/settings.ts';
import { findDataSource, findSide, type Role } from '../dataSource.ts';
import { KLUE_ENTITY_TYPES } from '../relations.ts';
import type { EntitySentence } from './entitySentence.ts';
import { readEntityFile } from './readEntities.ts';

/** Sentences of one data source. `test` is never trained or tuned on. */
export interface EntityData {
  readonly name: string;
  readonly train: readonly EntitySentence[];
  readonly test: readonly EntitySentence[];
}

/** Where sentences come from, and how many of them are taken. */
export type EntitySource = Pick<Settings, 'data' | 'trainRows' | 'evalRows' | 'seed'>;

/**
 * The sentences that `--data` names: a file, or the two files of a folder whose names hold `train`, and `dev`, `validation`
 * or `test`; sampled down to `--train-rows` and `--eval-rows`.
 *
 * @param role what a single file is taken for
 * Errors: those of `readEntityFile`; `usage` where there is no such file.
 */
export async function loadEntities({ data, trainRows, evalRows, seed }: EntitySource, role: Role): Promise<EntityData> {
  const { name, train, test } = await findDataSource(data, role);
  const read = async (path: string | null, n: number | null) =>
    path === null ? [] : sampleSentences(await readEntityFile(path), n ?? Number.POSITIVE_INFINITY, seed);
  return { name, train: await read(train, trainRows), test: await read(test, evalRows) };
}

/** One side of a data source. */
export interface EntitySide {
  readonly name: string;
  readonly file: { readonly path: string; readonly rows: number; readonly sha256: string };
  readonly sentences: readonly EntitySentence[];
}

/** All sentences of one side of `--data`; the file of the other side is not opened, and may be missing. */
export async function loadEntitySide(data: string, side: Role): Promise<EntitySide> {
  const { name, path } = await findSide(data, side);
  const sentences = await readEntityFile(path);
  return { name, file: { path: basename(path), rows: sentences.length, sha256: await sha256File(path) }, sentences };
}

/** A seeded sample of `n` sentences, in their order; all where there are no more. */
export function sampleSentences(
  sentences: readonly EntitySentence[],
  n: number,
  seed: number,
): readonly EntitySentence[] {
  if (n >= sentences.length) return sentences;
  const drawn = shuffled([...sentences.keys()], randomStream(seed, 'sampleSentences')).slice(0, n);
  return drawn.sort((a, b) => a - b).map((index) => sentences[index]!);
}

/** The entity types of sentences: KLUE's in their order, then others by name. Errors: `usage` where there is no entity. */
export function entityTypesOf(sentences: readonly EntitySentence[]): string[] {
  const types = new Set(sentences.flatMap(({ entities }) => entities.map(({ type }) => type)));
  if (types.size === 0)
    throw usageError(
      { en: 'No training sentence has an entity.', ko: '학습 문장에 엔티티가 하나도 없다.' },
      { en: 'Give sentences whose entities have types.', ko: '유형이 있는 엔티티가 든 문장을 준다.' },
    );
  const known = KLUE_ENTITY_TYPES.filter((type) => types.has(type));
  return [...known, ...[...types].filter((type) => !known.includes(type)).sort()];
}

/**
 * Takes validation sentences out of training sentences: a share of those all of whose entities are known. Which ones depends
 * on their text and the seed alone, so that a sentence stays on its side whatever is added to the data.
 */
export function splitSentences(sentences: readonly EntitySentence[], share: number, seed: number) {
  const isHeldOut = ({ sentence, partial }: EntitySentence) =>
    !partial && randomStream(seed, 'validation', sha256(sentence)).uniform(0) < share;
  const validation = sentences.filter(isHeldOut);
  const texts = new Set(validation.map(({ sentence }) => sentence));
  return { train: sentences.filter(({ sentence }) => !texts.has(sentence)), validation };
}
