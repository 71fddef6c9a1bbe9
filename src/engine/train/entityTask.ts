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
export interface EntityRow extends EncodedSentence, TokenTags {
  readonly sentence: EntitySentence;
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

/** What is known of each token of `ids`. */
export interface TokenTags {
  /** Its tag, or `UNKNOWN_TAG`. */
  readonly tags: Int16Array;
  /** Of a token whose tag is unknown: a tag that it cannot have, or `UNKNOWN_TAG`. */
  readonly barred: Int16Array;
}

/**
 * What is known of a sentence's tokens. Where not all entities are known, that is their own tags, and that what follows one
 * does not continue it: what is written right behind it (a particle) has no part in an entity, and the next word may begin
 * one. All the rest may be entities too.
 *
 * An entity that no units hold exactly leaves its tokens unknown; one of a type that the model lacks counts as none.
 */
export function tagsOf(
  { ids, units }: EncodedSentence,
  { entities, partial }: Pick<EntitySentence, 'entities' | 'partial'>,
  types: readonly string[],
): TokenTags {
  const tags = new Int16Array(ids.length).fill(UNKNOWN_TAG);
  const barred = new Int16Array(ids.length).fill(UNKNOWN_TAG);
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
    if (!partial || !behind || tags[behind.token] !== UNKNOWN_TAG) continue;
    if (behind.start === end + 1) tags[behind.token] = 0;
    else barred[behind.token] = insideTag(span.type);
  }
  return { tags, barred };
}

/** Encodes a sentence to learn from: of one that is too long, its first stretch. */
export function entityRow({ inputs, task }: Pick<EntityModel, 'inputs' | 'task'>, sentence: EntitySentence): EntityRow {
  const { ids, units } = inputs.encode(sentence.sentence)[0]!;
  return { sentence, ids, units, ...tagsOf({ ids, units }, sentence, task.types) };
}

/**
 * Target distributions (rows · width, tags) whose loss is the mean over the tokens that have one, by what they weigh: the tag
 * that is known, or with teachers (1 - α) of it beside α of their distribution. A token whose tag is unknown has the teachers'
 * distribution as its target and weighs α of one whose tag is known; but where a tag is barred, it weighs as much, and its
 * target is the distribution without that tag: a step of expectation maximisation on what is known (Dempster et al., 1977).
 * Without teachers such tokens have targets of 0 and no part in the loss.
 */
export function entityTargets(
  rows: readonly Pick<EntityRow, 'ids' | 'tags' | 'barred' | 'soft' | 'sentence'>[],
  width: number,
  tagCount: number,
  { distillWeight }: Pick<TrainingPlan, 'distillWeight'>,
): Float32Array {
  const targets = new Float32Array(rows.length * width * tagCount);
  const share = distillWeight ?? 0;
  let total = 0;
  // Special tokens have no unit, and their answers do not count.
  for (const [index, { ids, tags, barred, soft, sentence }] of rows.entries())
    for (let token = 1; token < ids.length - 1; token++) {
      const [tag, bar] = [tags[token]!, barred[token]!];
      if (tag === UNKNOWN_TAG && !soft) continue;
      const at = (index * width + token) * tagCount;
      const isKnown = tag !== UNKNOWN_TAG;
      const weight = sentence.weight * (isKnown || bar !== UNKNOWN_TAG ? 1 : share);
      const taught = isKnown ? (soft ? share : 0) : 1;
      // What is left of the teachers' distribution without the barred tag; where they are all but sure of it, nothing is learned.
      const rest = bar === UNKNOWN_TAG || !soft ? 1 : 1 - soft[token * tagCount + bar]!;
      if (rest < LEAST_REST) continue;
      for (let c = 0; taught > 0 && c < tagCount; c++)
        targets[at + c] = c === bar ? 0 : (taught * weight * soft![token * tagCount + c]!) / rest;
      if (isKnown) targets[at + tag]! += (1 - taught) * weight;
      total += weight;
    }
  return total === 0 ? targets : targets.map((target) => target / total);
}

/** Less than this share of the teachers' distribution is no distribution to learn from. */
const LEAST_REST = 0.01;

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
