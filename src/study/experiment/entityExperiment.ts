import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { toJsonLines, writeFileAtomic } from '../../base/core/files.ts';
import type { EntitySentence } from '../../base/data/entities/entitySentence.ts';
import {
  type EntitySide,
  entityTypesOf,
  loadEntitySide,
  sampleSentences,
} from '../../base/data/entities/loadEntities.ts';
import { codedEntities, entityAnswerText, entityGoldText, entityMetrics } from '../../base/eval/entityCounts.ts';
import type { EntityAnswers } from '../../base/eval/entityMetrics.ts';
import { digestOf } from '../../engine/runs/plan.ts';
import { RUN_FILES } from '../../engine/runs/runFolder.ts';
import { recognizedEntities } from '../../inference/extract/evaluateRecognizer.ts';
import type { EntityRecognizer } from '../../inference/extract/recognizer.ts';
import { loadTokenRecognizer } from '../../inference/extract/tokenRecognizer.ts';
import { fitEntities } from '../stages/training/entityRun.ts';
import { prepareEntities } from '../stages/training/prepareEntities.ts';
import type { AnswerFacts, ExperimentTask, RunContext } from './experimentTask.ts';
import { drawRows } from './rows.ts';

/** Entities of sentences, judged by the F1 of all entities on sentences whose entities are all known. */
export const entityExperiment: ExperimentTask = {
  async open(source, counts, origin) {
    const side = await loadEntitySide(source.data, 'train');
    const { train, judged } = drawRows(side.sentences, counts, origin, sampleSentences, ({ partial }) => !partial);
    const types = entityTypesOf(judged);
    const answersOf = async (recognizer: EntityRecognizer, sentences: readonly EntitySentence[], run: RunContext) => {
      try {
        return await recognizedEntities(recognizer, sentences, types, run.signal);
      } finally {
        await recognizer.release();
      }
    };
    return {
      facts: {
        data: {
          ...{ name: side.name, seed: counts.seed },
          ...{ training: rowsOf(side, train), judged: rowsOf(side, judged) },
        },
        ...{ labels: types, no_relation: null, gold: goldText(judged, types) },
      },
      digest: digestOf([train, judged]),
      plan: async (context) => (await prepareEntities(context, train)).plan,
      async train(context, { folder, timed }) {
        const prepared = await prepareEntities(context, train);
        const { value: trained, minutes } = await timed(() =>
          fitEntities(context, prepared, { folder, resume: 'if-same' }),
        );
        const answers = await answersOf(await trained.open(), judged, context);
        const { n, accuracy, macro_f1, micro_f1, auprc } = trained.best.validation;
        return {
          minutes,
          facts: {
            best_epoch: trained.best.epoch,
            steps: trained.steps,
            validation: { n, accuracy, macro_f1, micro_f1, auprc },
            ...factsOf(answers, types),
          },
          writeAnswers: (runFolder) => writeAnswers(runFolder, judged, answers),
        };
      },
      async test() {
        const { sentences, ...facts } = await loadEntitySide(source.data, 'test');
        const whole = sentences.filter(({ partial }) => !partial);
        if (whole.length === 0)
          throw usageError(
            {
              en: `${facts.file.path} has no sentence whose entities are all known.`,
              ko: `${facts.file.path}: 엔티티를 모두 아는 문장이 없다.`,
            },
            { en: 'Give test sentences with all their entities.', ko: '엔티티를 모두 표시한 평가 문장을 준다.' },
          );
        return {
          test: rowsOf(facts, whole),
          gold: goldText(whole, types),
          async answer(folder, run, context) {
            const recognizer = await loadTokenRecognizer(
              { folder, name: run },
              { ...context.settings, precision: 'fp32' },
            );
            return factsOf(await answersOf(recognizer, whole, context), types);
          },
        };
      },
    };
  },
};

const goldText = (sentences: readonly EntitySentence[], types: readonly string[]): string =>
  entityGoldText(
    sentences.map(({ entities }) => entities),
    types,
  );

function factsOf(answers: EntityAnswers, types: readonly string[]): AnswerFacts {
  const predicted = entityAnswerText(answers, types);
  const counts = codedEntities(entityGoldText(answers.gold, types), predicted, types.length)!;
  const once = new Uint32Array(answers.gold.length).fill(1);
  return { metrics: entityMetrics(counts, types.length, once), auprc_interval: null, predicted };
}

const rowsOf = ({ file }: Pick<EntitySide, 'file'>, sentences: readonly EntitySentence[]) => ({
  ...{ file, rows: sentences.length, digest: digestOf(sentences) },
});

/** The judged sentences as documents with the entities that were found. */
const writeAnswers = (folder: string, sentences: readonly EntitySentence[], { found }: EntityAnswers): Promise<void> =>
  writeFileAtomic(
    join(folder, RUN_FILES.predictions),
    toJsonLines(sentences.map(({ id, sentence }, i) => ({ id, text: sentence, entities: found[i]! }))),
  );
