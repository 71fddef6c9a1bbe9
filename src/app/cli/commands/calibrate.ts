import { join } from 'node:path';
import { z } from 'zod';
import { usageError } from '../../../base/core/errors.ts';
import { writeJson } from '../../../base/core/files.ts';
import { readValidated } from '../../../base/core/validate.ts';
import { loadDocuments } from '../../../base/data/loadDocuments.ts';
import type { RelationTable } from '../../../base/data/relationTraits.ts';
import { CALIBRATION_FILE, loadCalibration } from '../../../engine/runs/calibration.ts';
import type { TextFigures } from '../../../engine/runs/textSetting.ts';
import { fitTextSetting } from '../../../inference/extract/fitTextSetting.ts';
import { scoredDocuments } from '../../../inference/extract/scoredDocuments.ts';
import { type Call, type Command, type CommandResult, option } from '../command.ts';
import { MODEL_OPTION, openExtractor, resolveModel } from '../modelOptions.ts';
import { textTable } from '../tables.ts';

export const calibrateCommand: Command = {
  description: {
    en:
      'Fits how a model decides on all pairs of a text: temperature, a bias for each relation, the rules about several pairs, the confidence and its threshold. ' +
      'It takes documents with all entities and relations that the model was not trained on; what the answers are then like is cross-validated over them. ' +
      'Answers to a marked pair stay as they are.',
    ko: '글의 모든 엔티티 쌍을 모델이 판정하는 방식을 맞춘다: 온도, 관계마다의 보정값, 여러 쌍에 걸친 규칙, 신뢰도와 임계값. 모델이 학습하지 않은, 모든 엔티티와 관계가 주석된 문서를 쓰고, 그 답이 어떤지 문서를 나누어 교차 검증한다. 표시된 한 쌍에 대한 답은 그대로다.',
  },
  settings: ['data', 'out', 'seed', 'device', 'threads', 'marker'],
  options: [
    MODEL_OPTION,
    option('relations', 'FILE', {
      en: 'JSON with what relations join: {"NAME": {"types": ["PER>ORG"], "inverse": "OTHER", "max_objects": 1}}; KLUE’s are known, others are learned from the documents without it',
      ko: '관계가 무엇을 잇는지 적은 JSON: {"이름": {"types": ["PER>ORG"], "inverse": "다른 관계", "max_objects": 1}}. KLUE의 관계는 이미 알고, 다른 관계는 없으면 문서에서 배운다',
    }),
  ],
  writes: [
    [
      `MODEL/${CALIBRATION_FILE}`,
      { en: 'the model’s calibration, its part for texts new', ko: '모델의 보정. 글에 대한 부분이 새로 바뀐다' },
    ],
  ],
  examples: [
    [
      'korex calibrate --model mine --data documents.jsonl',
      { en: 'a run on documents of its own', ko: '내 학습을 내 문서로' },
    ],
  ],
  run: calibrate,
};

async function calibrate(call: Call): Promise<CommandResult> {
  const { settings, options, reporter, signal } = call;
  const model = await resolveModel(call);
  const path = join(model.folder, CALIBRATION_FILE);
  const calibration = await loadCalibration(model.folder);
  if (calibration === null)
    throw usageError(
      {
        en: `The model ${model.name} has no ${CALIBRATION_FILE}, which \`korex train\` writes and this command adds to.`,
        ko: `모델 ${model.name}에 ${CALIBRATION_FILE}이 없다. \`korex train\`이 쓰는 파일이고, 이 명령은 거기에 더한다.`,
      },
      { en: 'Train it with korex.', ko: 'korex로 학습한다.' },
    );
  const extractor = await openExtractor(call, model);
  try {
    const { labels, no_relation } = extractor.info;
    const labelSet = { labels: labels.map(({ relation }) => relation), noRelation: no_relation };
    if (no_relation === null)
      throw usageError(
        {
          en: `The model ${model.name} has no label for pairs without a relation, which most pairs of a text are.`,
          ko: `모델 ${model.name}에 관계 없음을 뜻하는 라벨이 없다. 글의 쌍은 대부분 관계가 없다.`,
        },
        { en: 'Train it on rows with such a label.', ko: '그런 라벨이 있는 행으로 학습한다.' },
      );
    const types = extractor.info.entity_types;
    const rules = { labels: new Set(labelSet.labels), entityTypes: types.length > 0 ? new Set(types) : null };
    const { documents } = await loadDocuments(settings.data, rules);
    const bar = reporter.progress(`score ${model.name}`, documents.length, 'documents');
    const scored = await scoredDocuments(extractor, documents, {
      signal,
      onProgress: (done) => bar.update(done),
    }).finally(() => bar.end());
    const text = fitTextSetting({
      ...{ labelSet, documents: scored, seed: settings.seed },
      ...(options.relations !== undefined && { relations: await readRelationTable(options.relations) }),
    });
    await writeJson(path, { ...calibration, text });
    const { curve, ...shown } = text;
    return {
      text: [
        `${text.documents} documents, ${text.pairs} pairs; cross-validated (${text.folds} folds):`,
        textTable([
          figuresRow('as fitted', text.measured),
          ...Object.entries(text.ablation).map(([name, figures]) => figuresRow(name.replaceAll('_', ' '), figures)),
        ]),
        `Threshold ${text.thresholds.default}. Rules: ${rulesText(text.rules)}.`,
        `File: ${path}`,
      ].join('\n\n'),
      json: { model: model.name, file: path, ...shown, curve },
    };
  } finally {
    await extractor.release();
  }
}

const traitsSchema = z.record(
  z.string(),
  z.strictObject({
    types: z
      .array(z.string().regex(/^[^>]+>[^>]+$/))
      .nullable()
      .default(null),
    inverse: z.string().nullable().default(null),
    max_objects: z.int().min(1).nullable().default(null),
  }),
);

/** What a user says of relations. Errors: `usage` for a file that says nothing of the kind. */
async function readRelationTable(path: string): Promise<RelationTable> {
  const rows = await readValidated(path, traitsSchema, {
    says: { en: 'does not say what relations join', ko: '관계가 무엇을 잇는지 적은 파일이 아니다' },
    hint: {
      en: 'Write {"NAME": {"types": ["PER>ORG"], "inverse": "OTHER", "max_objects": 1}}; each of the three may be left out.',
      ko: '{"이름": {"types": ["PER>ORG"], "inverse": "다른 관계", "max_objects": 1}}처럼 쓴다. 셋 다 뺄 수 있다.',
    },
  });
  return Object.fromEntries(
    Object.entries(rows).map(([name, { types, inverse, max_objects }]) => [
      name,
      { types, inverse, inverseInRows: false, maxObjects: max_objects },
    ]),
  );
}

const rulesText = (rules: Readonly<Record<string, boolean>>): string =>
  Object.entries(rules)
    .flatMap(([rule, applies]) => (applies ? [rule] : []))
    .join(', ') || 'none';

const figuresRow = (setting: string, { precision, recall, f1, relation_free, ece }: TextFigures) => ({
  setting,
  precision,
  recall,
  f1,
  'relation-free with one': relation_free ?? '–',
  ece,
});
