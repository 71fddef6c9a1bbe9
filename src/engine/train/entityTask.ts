import type { EntitySentence, TypedEntity } from '../../base/data/entities/entitySentence.ts';
import { entityFigures, meanTypeF1 } from '../../base/eval/entityMetrics.ts';
import {
  beginTag,
  decodeTags,
  insideTag,
  spansOfTags,
  type TaggedSpan,
  tagNames,
  UNKNOWN_TAG,
  unitScores,
} from '../../base/text/bio.ts';
import type { EncodedSentence, TokenUnit } from '../../base/text/sentenceEncoder.ts';
import { collateTokens } from '../nn/batch.ts';
import { type EntityModel, loadEntityModel, saveEntityModel } from '../nn/entityModel.ts';
import { CROSS_ENTROPY } from '../nn/loss.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { openTokenPass } from '../runtime/forwardPass.ts';
import type { TrainingTask } from './trainingTask.ts';

/** A sentence as the model learns from it. */
export interface EntityRow extends EncodedSentence {
  readonly sentence: EntitySentence;
  /** Of each token of `ids`: a tag, or `UNKNOWN_TAG`. */
  readonly tags: Int16Array;
  /** What teachers answer to each token, softened (ids · tags); where a plan has teachers. */
  readonly soft?: Float32Array;
}

/** The entities of a sentence as its token units; null for one that begins or ends within a unit, or lies outside. */
export function unitsOfEntities(
  units: readonly TokenUnit[],
  entities: readonly TypedEntity[],
  types: readonly string[],
): (TaggedSpan | null)[] {
  const firsts = new Map(units.map(({ start }, index) => [start, index]));
  const lasts = new Map(units.map(({ end }, index) => [end, index]));
  return entities.map(({ start, end, type }) => {
    const [first, last] = [firsts.get(start), lasts.get(end)];
    return first === undefined || last === undefined ? null : { first, last, type: types.indexOf(type) };
  });
}

/**
 * The tags of a sentence's tokens. Where not all entities are known, all that is known is their own tags and that what is
 * written right behind one (a particle) does not continue it: the rest may be entities too.
 *
 * An entity that no units hold exactly leaves its tokens unknown; one of a type that the model lacks counts as none.
 */
export function tagsOf(
  { ids, units }: EncodedSentence,
  { entities, partial }: Pick<EntitySentence, 'entities' | 'partial'>,
  types: readonly string[],
): Int16Array {
  const tags = new Int16Array(ids.length).fill(UNKNOWN_TAG);
  const known = entities.filter(({ type }) => types.includes(type));
  const spans = unitsOfEntities(units, known, types);
  if (!partial) for (const { token } of units) tags[token] = 0;
  for (const [i, span] of spans.entries()) {
    const { start, end } = known[i]!;
    if (span === null) {
      for (const unit of units) if (unit.start <= end && unit.end >= start) tags[unit.token] = UNKNOWN_TAG;
      continue;
    }
    for (let at = span.first; at <= span.last; at++)
      tags[units[at]!.token] = at === span.first ? beginTag(span.type) : insideTag(span.type);
    const behind = units[span.last + 1];
    if (partial && behind?.start === end + 1 && tags[behind.token] === UNKNOWN_TAG) tags[behind.token] = 0;
  }
  return tags;
}

/** Encodes a sentence to learn from: of one that is too long, its first stretch. */
export function entityRow({ inputs, task }: Pick<EntityModel, 'inputs' | 'task'>, sentence: EntitySentence): EntityRow {
  const { ids, units } = inputs.encode(sentence.sentence)[0]!;
  return { sentence, ids, units, tags: tagsOf({ ids, units }, sentence, task.types) };
}

/**
 * Target distributions (rows · width, tags) whose loss is the mean over the tokens that have one, by their rows' weights: the
 * tag that is known, (1 - α) of it beside α of the teachers' distribution where there are teachers, and the teachers' alone
 * where no tag is known. A token with neither has targets of 0 and no part in the loss.
 */
export function entityTargets(
  rows: readonly Pick<EntityRow, 'ids' | 'tags' | 'soft' | 'sentence'>[],
  width: number,
  tagCount: number,
  { distillWeight }: Pick<TrainingPlan, 'distillWeight'>,
): Float32Array {
  const targets = new Float32Array(rows.length * width * tagCount);
  let total = 0;
  // Special tokens have no unit, and their answers do not count.
  for (const [index, { ids, tags, soft, sentence }] of rows.entries())
    for (let token = 1; token < ids.length - 1; token++) {
      const tag = tags[token]!;
      if (tag === UNKNOWN_TAG && !soft) continue;
      const at = (index * width + token) * tagCount;
      const taught = soft ? (tag === UNKNOWN_TAG ? 1 : (distillWeight ?? 0)) : 0;
      for (let c = 0; taught > 0 && c < tagCount; c++)
        targets[at + c] = taught * sentence.weight * soft![token * tagCount + c]!;
      if (tag !== UNKNOWN_TAG) targets[at + tag]! += (1 - taught) * sentence.weight;
      total += sentence.weight;
    }
  return total === 0 ? targets : targets.map((target) => target / total);
}

/** Sentences with some of their entities: precision and recall of it would mean nothing. */
const wholly = (rows: readonly EntityRow[]): EntityRow[] => rows.filter(({ sentence }) => !sentence.partial);

/** Entities of a sentence: a tag for each token, a type and its place read off constrained tags. */
export const entityTask: TrainingTask<EntityModel, EntityRow> = {
  load: loadEntityModel,
  save: (folder, model) => saveEntityModel(folder, model),
  // Sentences have no label of their own.
  groupsOf: (rows) => rows.map(() => ''),
  givenOf: (rows) => rows.length,
  describe: ({ micro_f1, macro_f1 }) => `entity F1 ${micro_f1.toFixed(3)}, mean of the types ${macro_f1.toFixed(3)}`,
  async open(plan, { spec, task, weights }, { train, validation }, options) {
    const { types } = task;
    const tagCount = tagNames(types).length;
    const whole = wholly(validation);
    const gold = whole.map(({ sentence }) => sentence.entities.filter(({ type }) => types.includes(type)));
    const forward = await openTokenPass(spec, weights, 'changing', options);
    return {
      loss: CROSS_ENTROPY,
      lengths: train.map(({ ids }) => ids.length),
      batch(chosen) {
        const rows = chosen.map((row) => train[row]!);
        const batch = collateTokens(rows, spec.config);
        return { batch, targets: entityTargets(rows, batch.width, tagCount, plan) };
      },
      async validate() {
        const { logits } = await forward.run(whole, { batchSize: options.evalBatchSize });
        let [loss, right, tokens] = [0, 0, 0];
        const found = whole.map(({ units, tags }, row) => {
          const scores = unitScores(logits[row]!, units, tagCount);
          const decoded = decodeTags(scores, tagCount);
          for (const [unit, { token }] of units.entries()) {
            const tag = tags[token]!;
            if (tag === UNKNOWN_TAG) continue;
            loss -= scores[unit * tagCount + tag]!;
            right += decoded[unit] === tag ? 1 : 0;
            tokens++;
          }
          return spansOfTags(decoded).map(({ first, last, type }) => ({
            start: units[first]!.start,
            end: units[last]!.end,
            type: types[type]!,
          }));
        });
        const answers = { gold, found };
        return {
          n: whole.length,
          accuracy: tokens === 0 ? 0 : right / tokens,
          macro_f1: whole.length === 0 ? 0 : meanTypeF1(answers, types),
          micro_f1: entityFigures(answers).f1,
          auprc: null,
          loss: tokens === 0 ? null : loss / tokens,
        };
      },
      release: () => forward.release(),
    };
  },
};
