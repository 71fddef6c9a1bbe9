import { join } from 'node:path';
import { usageError } from '../../base/core/errors.ts';
import { writeFileAtomic, writeJson } from '../../base/core/files.ts';
import type { LabelSet } from '../../base/core/types.ts';
import { splitValidation } from '../../base/data/split.ts';
import { splitFacts } from '../../base/data/splitFacts.ts';
import { toCsv } from '../../base/eval/csv.ts';
import { runChecks } from './dataset/checks.ts';
import {
  type Part,
  type PreparedParts,
  type PreparedRow,
  prepareRow,
  SAMPLE_COLUMNS,
  trainSample,
} from './dataset/prepare.ts';
import { DATASET_FOLDER, qualityFile, splitsFile } from './dataset/qualityFile.ts';
import { qualityReport } from './dataset/report.ts';
import { maxLengthOf } from './eda/summary.ts';
import { type EncoderView, openEncoderView, withProgress } from './encoderView.ts';
import type { Stage, StageContext } from './stage.ts';

/**
 * Stage 02: rows as the encoder reads them. Writes `label_mapping.json`, `splits.json`, `train_sample.csv` and
 * `quality_checks.json`. A failed check is reported and recorded in the file; it does not stop the run.
 */
export const datasetStage: Stage = {
  name: 'dataset',
  number: '02',
  folder: DATASET_FOLDER,
  title: { ko: '데이터셋 구성', en: 'Dataset construction' },
  needs: ['eda'],
  settings: ['encoder', 'marker', 'question', 'maxLength', 'validation', 'seed'],
  run,
};

async function run(context: StageContext): Promise<Readonly<Record<string, unknown>>> {
  const { dataset, settings, out, reporter } = context;
  const { labelSet } = dataset;
  const folder = join(out, DATASET_FOLDER);
  const view = await openEncoderView(settings, dataset);
  const maxLength = await resolveMaxLength(context, view);
  const split = splitValidation(dataset.train, settings.validation, settings.seed);
  const rows = { ...split, test: dataset.test };

  const inputs = view.inputs(maxLength);
  const prepare = (part: Part): Promise<PreparedRow[]> =>
    withProgress(`encode ${part}`, rows[part], (row) => prepareRow(part, row, inputs), context);
  const parts: PreparedParts = {
    train: await prepare('train'),
    validation: await prepare('validation'),
    test: await prepare('test'),
  };
  const checks = runChecks(parts, {
    labelSet,
    entityTypes: dataset.entityTypes,
    tokenizer: inputs.tokenizer,
    maxLength,
  });
  const report = qualityReport({ encoder: view.name, marker: view.marker, maxLength }, parts, labelSet, checks);
  for (const { name, count, checked, unit } of checks.filter(({ status }) => status === 'fail'))
    reporter.warn({
      en: `Quality check ${name}: ${count} of ${checked} ${unit}; see ${qualityFile.path(out)}.`,
      ko: `품질 검사 ${name}: ${checked} ${unit} 가운데 ${count}. ${qualityFile.path(out)}에 있다.`,
    });

  await writeJson(join(folder, 'label_mapping.json'), labelMapping(labelSet));
  await splitsFile.write(out, {
    seed: settings.seed,
    validation_share: settings.validation,
    ...splitFacts(rows, labelSet),
  });
  await writeFileAtomic(
    join(folder, 'train_sample.csv'),
    toCsv(SAMPLE_COLUMNS, trainSample(parts.train, labelSet, settings.seed)),
  );
  await qualityFile.write(out, report);
  return { rows: report.rows, max_length: maxLength, marker: view.marker, checks: report.summary };
}

/** Errors: `usage` for a length that the encoder has no positions for. */
async function resolveMaxLength({ settings, out }: StageContext, { positions, name }: EncoderView): Promise<number> {
  const maxLength = await maxLengthOf(settings, out);
  if (maxLength > positions)
    throw usageError(
      {
        en: `--max-length is ${maxLength}, but the encoder ${name} has ${positions} positions.`,
        ko: `--max-length가 ${maxLength}인데, 인코더 ${name}의 위치는 ${positions}개이다.`,
      },
      {
        en: `Use at most ${positions}; longer sentences get a window around both entities.`,
        ko: `${positions} 이하로 한다. 더 긴 문장은 두 엔티티 둘레만 읽는다.`,
      },
    );
  return maxLength;
}

/** Label ↔ id, with the names that Hugging Face configurations use. */
const labelMapping = ({ labels, noRelation }: LabelSet) => ({
  no_relation: noRelation,
  label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  id2label: Object.fromEntries(labels.map((label, id) => [String(id), label])),
});
