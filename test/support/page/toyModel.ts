import { KLUE_ENTITY_TYPES, KLUE_LABELS, relationDescription } from '../../../src/base/data/relations.ts';
import { codePointLength } from '../../../src/base/data/span.ts';
import { decideEach } from '../../../src/inference/extract/decideEach.ts';
import { extractDocument } from '../../../src/inference/extract/extractDocument.ts';
import type { PairScorer } from '../../../src/inference/extract/pairScorer.ts';
import type { EntityRecognizer } from '../../../src/inference/extract/recognizer.ts';
import { answerOf, type Postprocessing } from '../../../src/inference/predict/answer.ts';
import { MAX_ENTITIES } from '../../../src/inference/predict/api/limits.ts';
import { DOCUMENT_SCHEMAS, type DocumentGraph } from '../../../src/inference/predict/documentSchema.ts';
import { resolveEntity } from '../../../src/inference/predict/entities.ts';
import { graphOf, pairsOf } from '../../../src/inference/predict/extraction.ts';
import { checkedRequest } from '../../../src/inference/predict/request.ts';
import {
  API_SCHEMAS,
  type ExtractResponse,
  type ModelResponse,
  type PredictRequest,
  type Relation,
} from '../../../src/inference/predict/schema.ts';

/** Answers as a trained model would give them, from a few clue words: quick and always the same, for tests of the page. */

const LABELS = { labels: KLUE_LABELS, noRelation: 'no_relation' };

const POSTPROCESSING: Postprocessing = {
  model: 'toy',
  labelSet: LABELS,
  temperature: 1,
  thresholds: { default: 0.5, per_relation: {} },
  priorRatios: null,
  typePairs: null,
  text: null,
};

/** Words that speak for a relation of the subject to the object, and how strongly. */
const CLUES: readonly [relation: string, subject: string, object: string, word: string, weight: number][] = [
  ['org:top_members/employees', 'ORG', 'PER', '대표', 5],
  ['org:top_members/employees', 'ORG', 'PER', '기타리스트', 6],
  ['org:place_of_headquarters', 'ORG', 'LOC', '본사', 5],
  ['org:founded', 'ORG', 'DAT', '설립', 5],
  ['org:founded_by', 'ORG', 'PER', '세운', 5],
  ['per:employee_of', 'PER', 'ORG', '대표', 5],
  ['per:spouse', 'PER', 'PER', '결혼', 6],
  ['per:place_of_birth', 'PER', 'LOC', '태어', 6],
  ['per:date_of_birth', 'PER', 'DAT', '태어', 6],
];

/** Labels, the toy's logits: 2.5 for no relation, the clues' weights for the others. */
function logitsOf(sentence: string, subject: string | null, object: string | null): number[] {
  return KLUE_LABELS.map((label) => {
    if (label === 'no_relation') return 2.5;
    const weights = CLUES.filter(
      ([relation, s, o, word]) => relation === label && s === subject && o === object && sentence.includes(word),
    );
    const fitsType = CLUES.some(([relation, s, o]) => relation === label && s === subject && o === object);
    return weights.reduce((sum, [, , , , weight]) => sum + weight, fitsType ? 0.8 : -2);
  });
}

export function toyPredict(value: unknown, at = ''): Relation {
  const request = checkedRequest(API_SCHEMAS.PredictRequest, value, at);
  const subject = resolveEntity(request.subject, request.sentence, `${at}/subject`);
  const object = resolveEntity(request.object, request.sentence, `${at}/object`);
  return answer(request, subject, object);
}

function answer(
  { sentence, top_k = 3, threshold }: Pick<PredictRequest, 'sentence' | 'top_k' | 'threshold'>,
  subject: Relation['subject'],
  object: Relation['object'],
): Relation {
  return answerOf(
    logitsOf(sentence, subject.type, object.type),
    { subject, object, shortened: false, topK: top_k, threshold: threshold ?? null },
    POSTPROCESSING,
  );
}

export function toyExtract(value: unknown): ExtractResponse {
  const request = checkedRequest(API_SCHEMAS.ExtractRequest, value);
  const entities = request.entities.map((entity, i) => resolveEntity(entity, request.sentence, `/entities/${i}`));
  const pairs = pairsOf(entities, request.pairs ?? 'typed', TOY_MODEL);
  const answers = pairs.map(([s, o]) => answer(request, entities[s]!, entities[o]!));
  return graphOf(request, entities, pairs, answers, TOY_MODEL);
}

/** Names that the toy finds in a text, with their types. */
const NAMES: readonly (readonly [word: string, type: string])[] = [
  ...(['가온전자', '나루소프트', '한밭대학교', '푸른돛', '해오름당'] as const).map((word) => [word, 'ORG'] as const),
  ...(['서지우', '오하린', '강이안', '민서준'] as const).map((word) => [word, 'PER'] as const),
  ...(['수원', '대전', '부산', '전주'] as const).map((word) => [word, 'LOC'] as const),
  ['2011년', 'DAT'],
  ['320명', 'NOH'],
];

/** Texts in, graphs out: names of the list are entities, relations those of the clues. */
export async function toyDocument(value: unknown): Promise<DocumentGraph> {
  const request = checkedRequest(DOCUMENT_SCHEMAS.DocumentRequest, value);
  const { text, pairs = 'typed', pair_encoding: pairEncoding = 'inline', window = 1, join = true } = request;
  const { uncertain = false, threshold = null } = request;
  const entities = request.entities?.map((entity, i) => resolveEntity(entity, text, `/entities/${i}`)) ?? null;
  return extractDocument(
    {
      ...{ recognizer: TOY_RECOGNIZER, decide: decideEach(POSTPROCESSING), model: TOY_MODEL },
      scorers: { inline: TOY_SCORER, shared: TOY_SCORER },
    },
    { id: request.id ?? 'doc-1', text, entities, pairs, pairEncoding, window, join, uncertain, threshold },
  );
}

const TOY_RECOGNIZER: EntityRecognizer = {
  name: 'toy-entities',
  entityTypes: [...KLUE_ENTITY_TYPES],
  recognize: async (sentences) =>
    sentences.map((sentence) =>
      NAMES.flatMap(([word, type]) =>
        [...sentence.matchAll(new RegExp(word, 'g'))].map(({ index }) => {
          const start = codePointLength(sentence.slice(0, index));
          return { word, type, start, end: start + codePointLength(word) - 1, score: 0.9 };
        }),
      ).sort((a, b) => a.start - b.start),
    ),
  release: async () => {},
};

const TOY_SCORER: PairScorer = {
  score: async (questions) =>
    questions.map(({ sentence, entities, pairs }) =>
      pairs.map(([subject, object]) => {
        const [from, to] = [entities[subject]!, entities[object]!];
        return { subject, object, logits: logitsOf(sentence, from.type, to.type), shortened: false };
      }),
    ),
};

export const TOY_MODEL: ModelResponse = {
  id: 'toy',
  version: '0.0.0',
  labels: KLUE_LABELS.map((relation, id) => ({
    id,
    relation,
    description: { ko: relationDescription(relation, 'ko'), en: relationDescription(relation, 'en') },
  })),
  no_relation: 'no_relation',
  marker: 'typed-punct',
  needs_types: true,
  reads_question: false,
  pair_encodings: ['inline'],
  entity_types: [...KLUE_ENTITY_TYPES],
  max_length: 128,
  head: 'entity-start',
  precision: 'fp32',
  calibration: { temperature: 1.2, ece_before: 0.08, ece_after: 0.03, rows: 200 },
  thresholds: { default: 0.5, per_relation: {} },
  type_pairs: null,
  type_mask: false,
  priors: 'training',
  max_entities: MAX_ENTITIES,
  text: null,
};
