import { join } from 'node:path';
import { writeFigure } from '../../base/charts/figure.ts';
import { usageError } from '../../base/core/errors.ts';
import { writeFileAtomic } from '../../base/core/files.ts';
import type { Example, Localized } from '../../base/core/types.ts';
import { toCsv } from '../../base/eval/csv.ts';
import { checkUnknownTokens, sumCounts, unknownShare } from '../../base/text/unknownTokens.ts';
import type { EncoderConfig } from '../../engine/nn/encoderConfig.ts';
import { edaFacts } from './eda/facts.ts';
import { edaFigures } from './eda/figures.ts';
import { interpretEda } from './eda/interpret.ts';
import { EDA_FOLDER, edaSummaryFile } from './eda/summary.ts';
import { edaTables } from './eda/tables.ts';
import { openEncoderView, TEST_ROWS, TRAINING_ROWS, withProgress } from './encoderView.ts';
import type { Architecture } from './selection/costModel.ts';
import type { Stage, StageContext } from './stage.ts';

/**
 * Stage 01: what the rows look like. Writes `eda_summary.json` (facts and their interpretations in both languages),
 * a CSV per table and each figure in both languages.
 */
export const edaStage: Stage = {
  name: 'eda',
  number: '01',
  folder: EDA_FOLDER,
  title: { ko: '탐색적 데이터 분석(EDA)', en: 'Exploratory data analysis' },
  needs: [],
  settings: ['encoder', 'marker', 'question'],
  run,
};

async function run(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { dataset, settings, out } = context;
  if (dataset.train.length === 0)
    throw usageError(
      { en: `${dataset.name} has no training rows.`, ko: `${dataset.name}: 학습 행이 없다.` },
      { en: 'Name a folder or file with training rows with --data.', ko: '--data로 학습 행이 든 폴더나 파일을 준다.' },
    );
  const folder = join(out, EDA_FOLDER);
  const view = await openEncoderView(settings, dataset);
  const inputs = view.inputs(Number.POSITIVE_INFINITY);
  const tokenize = async (title: string, rows: readonly Example[], where: Localized) => {
    const encode = (row: Example) => {
      const { ids, counts } = inputs.encode(row);
      return { length: ids.length, counts };
    };
    const encoded = await withProgress(title, rows, encode, context);
    const counts = sumCounts(encoded.map((row) => row.counts));
    checkUnknownTokens(counts, { where, isAllowed: settings.allowUnknownTokens, reporter: context.reporter });
    return { lengths: encoded.map(({ length }) => length), unknown: unknownShare(counts) };
  };
  const [train, test] = [
    await tokenize('tokenize train', dataset.train, TRAINING_ROWS),
    await tokenize('tokenize test', dataset.test, TEST_ROWS),
  ];
  const tokens = { train: train.lengths, test: test.lengths };

  const facts = edaFacts(dataset, tokens, {
    ...view,
    architecture: architectureOf(view.config),
    unknown: { train: train.unknown, test: test.unknown },
  });
  const interpretations = interpretEda(facts);
  for (const [name, { columns, rows }] of Object.entries(edaTables(facts, dataset)))
    await writeFileAtomic(join(folder, `${name}.csv`), toCsv(columns, rows));
  for (const [name, chart] of Object.entries(edaFigures(facts, dataset, tokens)))
    await writeFigure(folder, name, chart);
  await edaSummaryFile.write(out, { ...facts, interpretations });

  return {
    rows: { train: dataset.train.length, test: dataset.test.length },
    max_length: facts.max_length.value,
    majority: { label: facts.labels.largest, ...facts.labels.majority },
    conclusion: interpretations.conclusion,
  };
}

const architectureOf = (config: EncoderConfig): Architecture => ({
  kind: 'encoder',
  hidden: config.hidden_size,
  layers: config.num_hidden_layers,
  heads: config.num_attention_heads,
  feedForward: config.intermediate_size,
  vocabulary: config.vocab_size,
  positions: config.max_position_embeddings,
  segments: config.type_vocab_size,
  pooler: false,
});
