import { join } from 'node:path';
import { candidateScores } from '../../base/charts/candidateScores.ts';
import { writeFigure } from '../../base/charts/figure.ts';
import { qualityCost } from '../../base/charts/qualityCost.ts';
import { writeFileAtomic } from '../../base/core/files.ts';
import { CRITERION_NAMES } from '../../base/core/settings.ts';
import type { Localized } from '../../base/core/types.ts';
import { toCsv } from '../../base/eval/csv.ts';
import { edaSummaryFile } from './eda/summary.ts';
import { CANDIDATES, isTrainable } from './selection/candidates.ts';
import { type CandidateEntry, candidateEntries, candidateRows } from './selection/candidateTable.ts';
import { CRITERIA, parseWeights, type Weights, type Workload } from './selection/criteria.ts';
import { measureSpeed, speedFile } from './selection/measuredSpeed.ts';
import { outcomeOf, rankCandidates, rankingSensitivity, rankingUnderAssumptions } from './selection/ranking.ts';
import { SELECTION_FIGURES, SELECTION_FOLDER, selectionFile } from './selection/selectionFile.ts';
import type { Stage } from './stage.ts';

/** The study's values, with which training costs are compared where a setting is `auto`. */
const USUAL_BATCH = 32;
const USUAL_EPOCHS = 3;

/** Stage 04: candidates scored and ranked; the speed of the encoder in use is written beside them and does not count. */
export const selectionStage: Stage = {
  name: 'select',
  number: '04',
  folder: SELECTION_FOLDER,
  title: { ko: '모델 선정', en: 'Model selection' },
  needs: ['eda'],
  settings: [
    'selectionWeights',
    'batchSize',
    'epochs',
    'encoder',
    'encoderLayers',
    'marker',
    'head',
    'maxLength',
    'device',
    'threads',
    'evalBatchSize',
  ],
  async run(context) {
    const { settings, out } = context;
    const folder = join(out, SELECTION_FOLDER);
    const weights = parseWeights(settings.selectionWeights);
    const { lengths } = await edaSummaryFile.read(out);
    const workload: Workload = {
      tokens: Math.ceil(lengths.tokens.train.mean),
      batch: settings.batchSize === 'auto' ? USUAL_BATCH : settings.batchSize,
      epochs: settings.epochs === 'auto' ? USUAL_EPOCHS : settings.epochs,
    };
    const ranking = rankCandidates(CANDIDATES, weights, workload);
    const { winner, margin } = outcomeOf(ranking);
    const entries = candidateEntries(ranking, weights, workload);

    await selectionFile.write(out, {
      selected: winner,
      margin,
      encoder_in_use: lengths.encoder,
      workload,
      criteria: CRITERION_NAMES.map((name) => {
        const { title, why, scale } = CRITERIA[name];
        return { name, weight: weights[name], title, why, scale };
      }),
      candidates: entries,
      sensitivity: rankingSensitivity(CANDIDATES, weights, workload),
      assumptions: rankingUnderAssumptions(CANDIDATES, weights, workload),
    });
    await writeFileAtomic(join(folder, 'candidates.csv'), candidatesCsv(entries));
    await drawFigures(folder, entries, weights, winner);
    await speedFile.write(out, await measureSpeed(context));

    return {
      selected: winner,
      margin,
      ranking: entries.filter(isRanked).map(({ rank, id, score }) => ({ rank, id, score })),
    };
  },
};

function candidatesCsv(entries: readonly CandidateEntry[]): string {
  const rows = candidateRows(entries);
  return toCsv(Object.keys(rows[0]!), rows.map(Object.values));
}

const isRanked = (entry: CandidateEntry): boolean => isTrainable(entry);

async function drawFigures(folder: string, entries: readonly CandidateEntry[], weights: Weights, winner: string) {
  await writeFigure(folder, SELECTION_FIGURES.scores, (lang) =>
    candidateScores({
      title: SCORES_TITLE[lang],
      scoreTitle: { ko: '가중 점수', en: 'Weighted score' }[lang],
      criteria: CRITERION_NAMES.map((name) => CRITERIA[name].title[lang]),
      rows: entries.map((entry) => ({
        name: isRanked(entry) ? entry.id : `${entry.id} (${EXCLUDED[lang]})`,
        parts: CRITERION_NAMES.map((name) => weights[name] * entry.scores[name]),
        excluded: !isRanked(entry),
      })),
    }),
  );
  await writeFigure(folder, SELECTION_FIGURES.quality, (lang) =>
    qualityCost({
      title: QUALITY_TITLE[lang],
      costTitle: { ko: '문장 하나를 읽는 곱셈-덧셈 (로그)', en: 'Multiply-adds to read a sentence (log)' }[lang],
      qualityTitle: { ko: '공개된 KLUE-RE micro-F1', en: 'Published KLUE-RE micro-F1' }[lang],
      sizeTitle: { ko: '매개변수', en: 'Parameters' }[lang],
      points: entries.flatMap(({ id, published, computed }) =>
        published
          ? {
              name: id.split('/').at(-1)!,
              cost: computed.multiply_adds,
              quality: published.micro_f1,
              size: computed.parameters,
              chosen: id === winner,
            }
          : [],
      ),
    }),
  );
}

const EXCLUDED: Localized = { ko: '제외', en: 'excluded' };
const SCORES_TITLE: Localized = { ko: '후보 모델의 기준별 점수', en: 'Scores of the candidates by criterion' };
const QUALITY_TITLE: Localized = {
  ko: '공개된 성능과 추론 비용 (주황색이 선정 모델)',
  en: 'Published quality and the cost of inference (orange: selected)',
};
