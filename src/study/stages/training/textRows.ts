import { usageError } from '../../../base/core/errors.ts';
import { randomStream, shuffled } from '../../../base/core/random.ts';
import type { AnnotatedDocument, LabelledExample } from '../../../base/core/types.ts';
import { documentRows, relatedTypes } from '../../../base/data/documentRows.ts';
import type { StageContext } from '../stage.ts';

/** Documents in two, as rows are. */
export interface SplitTexts {
  readonly train: readonly AnnotatedDocument[];
  /** Never trained on: what is known of the confidence of a text's pairs is measured on them. */
  readonly held: readonly AnnotatedDocument[];
}

/**
 * The documents of `--text-data`, `--validation` of them held back. No text of a validation row is trained on, and none of a
 * training row is held back. The same documents, rows and seed give the same split.
 */
export function splitTexts(
  { dataset: { documents = [] }, settings: { validation, seed } }: Pick<StageContext, 'dataset' | 'settings'>,
  rows: { readonly train: readonly LabelledExample[]; readonly validation: readonly LabelledExample[] },
): SplitTexts {
  const [known, apart] = [rows.train, rows.validation].map((side) => new Set(side.map(({ sentence }) => sentence)));
  const order = shuffled([...documents.keys()], randomStream(seed, 'splitTexts'));
  const free = order.filter((index) => !known!.has(documents[index]!.text));
  const held = new Set(free.slice(0, Math.round(validation * documents.length)).map((index) => documents[index]!.text));
  return {
    train: documents.filter(({ text }) => !held.has(text) && !apart!.has(text)),
    held: documents.filter(({ text }) => held.has(text)),
  };
}

/**
 * The pairs of documents as training rows: all that have a relation, and `--text-negatives` of those that have none.
 *
 * Errors: `usage` where the documents' relations are not annotated, or the labels have none for "no relation".
 */
export function textRows(
  documents: readonly AnnotatedDocument[],
  { dataset, settings }: Pick<StageContext, 'dataset' | 'settings'>,
): LabelledExample[] {
  if (documents.length === 0) return [];
  const { noRelation } = dataset.labelSet;
  if (noRelation === null)
    throw usageError(
      {
        en: `${dataset.name} has no label for pairs without a relation, which most pairs of a document are.`,
        ko: `${dataset.name}: 관계가 없는 쌍의 라벨이 없는데, 문서의 쌍은 대부분 관계가 없다.`,
      },
      {
        en: 'Name it in relation_list.json beside the rows: {"relations": [...], "no_relation": "..."}.',
        ko: '행 옆의 relation_list.json에 적는다: {"relations": [...], "no_relation": "..."}.',
      },
    );
  const bare = documents.find(({ relations }) => relations === null);
  if (bare !== undefined)
    throw usageError(
      {
        en: `--text-data: the document ${bare.id} has no "relations": nothing can be learned of it.`,
        ko: `--text-data: 문서 ${bare.id}에 "relations"가 없어서 배울 것이 없다.`,
      },
      {
        en: 'Annotate its relations, or write "relations": [] where there are none.',
        ko: '관계를 표시하거나, 관계가 없으면 "relations": []로 쓴다.',
      },
    );
  const seed = settings.trainingSeed ?? settings.seed;
  const isPossible = settings.textPairs === 'all' ? () => true : relatedTypes(dataset.train, noRelation);
  return documents.flatMap((document) => {
    const draws = randomStream(seed, 'text negatives', document.id);
    return documentRows(document, noRelation, { isPossible }).filter(
      ({ label }, index) => label !== noRelation || draws.uniform(index) < settings.textNegatives,
    );
  });
}
