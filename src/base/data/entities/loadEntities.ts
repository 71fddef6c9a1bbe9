import { usageError } from '../../core/errors.ts';
import { sha256 } from '../../core/files.ts';
import { randomStream } from '../../core/random.ts';
import { findDataSource, type Role } from '../dataSource.ts';
import { KLUE_ENTITY_TYPES } from '../relations.ts';
import type { EntitySentence } from './entitySentence.ts';
import { readEntityFile } from './readEntities.ts';

/** Sentences of one data source. `test` is never trained or tuned on. */
export interface EntityData {
  readonly name: string;
  readonly train: readonly EntitySentence[];
  readonly test: readonly EntitySentence[];
}

/**
 * The sentences that `--data` names: a file, or the two files of a folder whose names hold `train`, and `dev`, `validation`
 * or `test`.
 *
 * @param role what a single file is taken for
 * Errors: those of `readEntityFile`; `usage` where there is no such file.
 */
export async function loadEntities(data: string, role: Role): Promise<EntityData> {
  const { name, train, test } = await findDataSource(data, role);
  const read = (path: string | null) => (path === null ? [] : readEntityFile(path));
  return { name, train: await read(train), test: await read(test) };
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
