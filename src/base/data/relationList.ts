import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import type { LabelSet } from '../core/types.ts';
import { readValidated } from '../core/validate.ts';
import { namedLabelSet } from './labelSet.ts';
import { appearance } from './normalForm.ts';

/** What `relation_list.json` beside the data says. */
export interface RelationList {
  readonly labelSet: LabelSet;
  /** Null where the file names none. */
  readonly entityTypes: readonly string[] | null;
}

export const RELATION_LIST = 'relation_list.json';
/**
 * Reads `relation_list.json` of a folder, null where there is none: KLUE's `{"relations": […]}` with two keys of korex's own
 * that may be left out: `no_relation` (which relation means "none"; default: the one of that name) and `entity_types`.
 */
export async function readRelationList(folder: string): Promise<RelationList | null> {
  const path = join(folder, RELATION_LIST);
  if (!existsSync(path)) return null;
  const { relations, no_relation, entity_types } = await readValidated(path, relationListSchema, {
    says: { en: 'is no list of relations', ko: '관계 목록이 아니다' },
    hint: LAYOUT,
  });
  if (no_relation !== undefined && !relations.includes(no_relation))
    throw usageError(
      {
        en: `${path}: no_relation is "${no_relation}", which is not among the relations.`,
        ko: `${path}: no_relation이 "${no_relation}"인데, 관계 목록에 없다.`,
      },
      LAYOUT,
    );
  const labelSet = namedLabelSet(relations);
  return {
    labelSet: no_relation === undefined ? labelSet : { ...labelSet, noRelation: no_relation },
    entityTypes: entity_types ?? null,
  };
}

const EXAMPLE = '{"relations": ["no_relation", "per:title"], "no_relation": "no_relation", "entity_types": ["PER"]}';
const LAYOUT = {
  en: `${RELATION_LIST} looks like ${EXAMPLE}; the last two may be left out.`,
  ko: `${RELATION_LIST}의 형식: ${EXAMPLE}. 뒤의 둘은 없어도 된다.`,
};

const names = z
  .array(z.string().min(1, 'expected a name that is not empty'))
  .refine((list) => new Set(list).size === list.length, 'a name occurs twice')
  .refine(
    (list) => new Set(list.map(appearance)).size === list.length,
    'two names differ only in spaces, letter case or normal form',
  );
const relationListSchema = z.strictObject({
  relations: names.min(2, 'expected at least two relations'),
  no_relation: z.string().optional(),
  entity_types: names.optional(),
});
