import { KorexError } from '../../base/core/errors.ts';
import type { Entity } from '../../base/core/types.ts';
import { overlap, spanText } from '../../base/data/span.ts';
import type { EntityRecognizer } from '../../inference/extract/recognizer.ts';
import type { LabelEntity, LabelSuggestion } from '../../inference/predict/api/labelSchema.ts';
import { MAX_ENTITIES } from '../../inference/predict/api/limits.ts';
import { pairsOf } from '../../inference/predict/extraction.ts';
import type { Extractor } from '../../inference/predict/extractor.ts';
import type { KeptSuggestion } from './project.ts';
import type { ProjectConfig } from './projectConfig.ts';
import { spanOf } from './projectData.ts';
import { pairKey } from './sentenceState.ts';

/** What says what a sentence may hold before people do. */
export interface Suggester {
  /** The model of relations. */
  readonly model: string;
  /** The same and the project's relations: what suggestions are kept under. */
  keyFor(config: ProjectConfig): string;
  /** Whether its confidences can be relied on for the project's relations. */
  isCalibrated(config: ProjectConfig): boolean;
  /** Whether the model knows any of the project's relations. */
  knows(config: ProjectConfig): boolean;
  /** Entities, found where they are not given, and the pairs that may have a relation with what the model says of them. */
  suggest(
    text: string,
    entities: readonly LabelEntity[] | null,
    config: ProjectConfig,
    signal?: AbortSignal,
  ): Promise<KeptSuggestion>;
}

type Relations = Pick<Extractor, 'info' | 'extract'>;
type Recognizer = Pick<EntityRecognizer, 'recognize'>;

/** Relations listed for a pair. */
const TOP = 12;

/** Asks a model of relations, and one of entities where there is one. */
export function createSuggester(relations: Relations, recognizer: Recognizer | null): Suggester {
  const { info } = relations;
  const modelLabels = info.labels.map(({ relation }) => relation);
  const shared = (config: ProjectConfig) =>
    config.relations.map(({ name }) => name).filter((name) => modelLabels.includes(name) && name !== info.no_relation);
  const knows = (config: ProjectConfig) => shared(config).length > 0;

  const askedPairs = async (
    text: string,
    entities: readonly LabelEntity[],
    config: ProjectConfig,
    signal: AbortSignal | undefined,
  ) => {
    const request = {
      sentence: text,
      entities: entities.map(({ start, end, type }) => ({ start, end, offsets: 'codepoint' as const, type })),
      ...{ top_k: Math.min(1000, modelLabels.length), include_no_relation: true },
    };
    const known = new Set(shared(config));
    const { relations: answers } = await relations.extract(request, signal ? { signal } : {});
    return answers.map(
      ({ subject_index, object_index, top }): LabelSuggestion => ({
        subject: spanOf(entities[subject_index]!),
        object: spanOf(entities[object_index]!),
        top: top
          .map(({ relation, probability }) => ({
            relation: relation === info.no_relation ? config.noRelation : relation,
            probability,
          }))
          .filter(({ relation }) => relation === config.noRelation || known.has(relation))
          .slice(0, TOP),
      }),
    );
  };

  return {
    model: info.id,
    keyFor: (config) => `${info.id} ${shared(config).length}`,
    isCalibrated: (config) => info.calibration !== null && shared(config).length === config.relations.length,
    knows,
    async suggest(text, given, config, signal) {
      const found = given ?? (await recognizer?.recognize([text], signal ? { signal } : {}))?.[0] ?? [];
      const entities = found.slice(0, MAX_ENTITIES).map(({ start, end, type }): LabelEntity => ({ start, end, type }));
      if (entities.length < 2) return { entities, pairs: [] };
      const bare = pairsOf(asEntities(text, entities), 'typed', typesOf(config)).map(
        ([subject, object]): LabelSuggestion => ({
          subject: spanOf(entities[subject]!),
          object: spanOf(entities[object]!),
          top: [],
        }),
      );
      if (!knows(config)) return { entities, pairs: bare };
      try {
        const asked = await askedPairs(text, entities, config, signal);
        const keys = new Set(asked.map(({ subject, object }) => pairKey(subject, object)));
        // Relations of the project that the model does not know may stand between types that it never asks about.
        return {
          entities,
          pairs: [...asked, ...bare.filter(({ subject, object }) => !keys.has(pairKey(subject, object)))],
        };
      } catch (error) {
        // A sentence or an entity that the model cannot take is labelled without it.
        if (error instanceof KorexError && error.field !== undefined) return { entities, pairs: bare };
        throw error;
      }
    },
  };
}

const asEntities = (text: string, entities: readonly LabelEntity[]): Entity[] =>
  entities.map(({ start, end, type }) => ({ word: spanText(text, start, end), start, end, type }));

/** The type pairs of the project's relations, where all of them say. */
function typesOf({ relations, noRelation }: ProjectConfig) {
  const all = relations.map(({ types }) => types);
  if (all.some((types) => types === null)) return { type_pairs: null, no_relation: noRelation };
  const pairs = [...new Set(all.flatMap((types) => types ?? []))].map((pair) => {
    const [subject = '', object = ''] = pair.split('>');
    return { subject, object, relations: ['any'] };
  });
  return { type_pairs: pairs, no_relation: noRelation };
}

/** All ordered pairs that do not overlap, of what a pair of one direction stands for. */
export const bothDirections = (pairs: readonly LabelSuggestion[]): LabelSuggestion[] => {
  const keys = new Set(pairs.map(({ subject, object }) => pairKey(subject, object)));
  const back = pairs
    .filter(({ subject, object }) => !overlap(subject, object) && !keys.has(pairKey(object, subject)))
    .map(({ subject, object }): LabelSuggestion => ({ subject: object, object: subject, top: [] }));
  return [...pairs, ...back];
};
