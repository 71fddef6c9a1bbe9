import type { Precision } from '../../base/core/settings.ts';
import { VERSION } from '../../base/core/version.ts';
import { relationDescription } from '../../base/data/relations.ts';
import { MARKERS } from '../../base/text/markers.ts';
import type { TaskSpec } from '../../engine/nn/relationModel.ts';
import type { Calibration } from '../../engine/runs/calibration.ts';
import type { Postprocessing } from './answer.ts';
import { MAX_ENTITIES } from './api/limits.ts';
import type { ModelResponse } from './schema.ts';

/** What a model is and knows, as it tells everybody. */
export function modelInfo(
  { labelSet, marker, entityTypes, maxLength, head }: TaskSpec,
  post: Postprocessing,
  calibration: Calibration | null,
  precision: Precision,
): ModelResponse {
  return {
    id: post.model,
    version: VERSION,
    labels: labelSet.labels.map((relation, id) => ({
      id,
      relation,
      description: { ko: relationDescription(relation, 'ko'), en: relationDescription(relation, 'en') },
    })),
    no_relation: labelSet.noRelation,
    marker,
    needs_types: MARKERS[marker].typed,
    entity_types: [...entityTypes],
    max_length: maxLength,
    head,
    precision,
    calibration: calibration && {
      temperature: calibration.temperature,
      ece_before: calibration.before.ece,
      ece_after: calibration.after.ece,
      rows: calibration.rows,
    },
    thresholds: { default: post.thresholds.default, per_relation: { ...post.thresholds.per_relation } },
    type_pairs: calibration?.training.type_pairs ?? null,
    type_mask: post.typePairs !== null,
    priors: post.priorRatios === null ? 'training' : 'given',
    max_entities: MAX_ENTITIES,
  };
}
