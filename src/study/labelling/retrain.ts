import { usageError } from '../../base/core/errors.ts';
import type { Progress, Reporter } from '../../base/core/reporter.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { Dataset, LabelledExample, LabelSet } from '../../base/core/types.ts';
import { findDataSource } from '../../base/data/dataSource.ts';
import { datasetDigest } from '../../base/data/digest.ts';
import { entityTypesOf } from '../../base/data/labelSet.ts';
import { loadRows } from '../../base/data/loadRows.ts';
import { sampleRows } from '../../base/data/sampleRows.ts';
import { computeMetrics } from '../../base/eval/metrics.ts';
import { perClassMetrics } from '../../base/eval/perClass.ts';
import { expectedCalibrationError, reliabilityBins } from '../../base/eval/reliability.ts';
import { mcnemarOf } from '../../base/eval/significance.ts';
import { loadRelationModel } from '../../engine/nn/relationModel.ts';
import { bestFolder, runFolder } from '../../engine/runs/runFolder.ts';
import type { LabelRound } from '../../inference/predict/api/labelSchema.ts';
import type { FoundModel } from '../../inference/predict/findModel.ts';
import { RelationExtractor } from '../../inference/predict/relationExtractor.ts';
import { withLock } from '../pipeline/lock.ts';
import { prepareRuns } from '../stages/training/prepareRuns.ts';
import { fineTunedRun } from '../stages/training.ts';
import { type LabelledRow, labelledRows } from './labelledData.ts';
import { share } from './labelling.ts';
import type { Project } from './project.ts';
import { promoteRound } from './promotion.ts';
import { beginRound, endRound, noteRound, roundName, trainingOut } from './rounds.ts';
import { startFrom } from './startFrom.ts';

/** Decided pairs from which a training is possible. */
export const LEAST_ROWS = 20;
/** Share of the documents whose rows judge and are never trained on; always the same ones. */
const JUDGING = 0.3;
/** Rows that judge at least. */
const LEAST_JUDGING = 5;
/** Share of the other rows that the training validates and calibrates on. */
const VALIDATION = 0.2;
/** KLUE's rows beside the project's: so many times as many, and so many at most. */
const MIXED = { times: 4, most: 2_000 };
/** Optimizer steps that a training aims at, and the epochs that this may take. */
const STEPS = 200;
const EPOCHS = { least: 3, most: 15 };
/** Encoders narrower than this take the rates of those in the box. */
const NARROW = 512;

export interface RetrainOptions {
  readonly settings: Settings;
  /** The model to start from and to compare with. */
  readonly from: FoundModel;
  /** `auto`: KLUE's rows where they are in the cache and have the project's relations; `none`; or a folder or file of rows. */
  readonly mix: string;
  /** `auto`: where it wins. */
  readonly promote: 'auto' | 'always' | 'never';
  /** Who asked for it. */
  readonly person: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

type Result = NonNullable<LabelRound['result']>;

/**
 * Trains on what is labelled by now, from a model that is there, and compares both on documents that were kept apart. What
 * goes on stands in the project's file, so that whoever has it open can follow it.
 *
 * Errors: `usage` for too few rows; those of a training. The round then says so.
 */
export async function retrain(
  project: Project,
  options: RetrainOptions,
): Promise<{ readonly round: number; readonly result: Result; readonly promoted: boolean }> {
  const { from, person, promote } = options;
  const rows = splitRows(labelledRows(project));
  return withLock(trainingOut(project.folder), async () => {
    const round = beginRound(project, from.name);
    try {
      const result = await trainRound(project, round, rows, options);
      noteRound(project, round, { result });
      endRound(project, round, null);
      const promoted = promote === 'always' || (promote === 'auto' && result.wins);
      if (promoted) await promoteRound(project, person, round);
      return { round, result, promoted };
    } catch (error) {
      endRound(project, round, error instanceof Error ? error.message : String(error));
      throw error;
    }
  });
}

/** Rows to train on and rows that judge, no document in both. */
export interface SplitRows {
  readonly training: readonly LabelledExample[];
  readonly judging: readonly LabelledExample[];
}

/**
 * Divides rows by document: whether one judges hangs on its name alone, so that it never changes sides.
 *
 * Errors: `usage` for fewer than 20 rows, or rows of one document.
 */
export function splitRows(rows: readonly LabelledRow[]): SplitRows {
  // Rows of one sentence stay together, whatever they came from.
  const keyOf = ({ document, sentence, guid }: LabelledRow) => (document === guid ? sentence : document);
  const documents = [...new Set(rows.map(keyOf))]
    .map((key) => ({ key, share: share('judge', key) }))
    .sort((a, b) => a.share - b.share);
  if (rows.length < LEAST_ROWS)
    throw usageError(
      {
        en: `${rows.length} pairs are labelled; a training needs ${LEAST_ROWS}.`,
        ko: `라벨이 달린 쌍이 ${rows.length}개이다. 학습에는 ${LEAST_ROWS}개가 필요하다.`,
      },
      { en: 'Label more sentences.', ko: '문장에 라벨을 더 단다.' },
    );
  if (documents.length < 2)
    throw usageError(
      {
        en: 'All labelled pairs are of one document: nothing is left to judge the model by.',
        ko: '라벨이 달린 쌍이 모두 한 문서의 것이라 모델을 판정할 것이 없다.',
      },
      {
        en: 'Label sentences of other documents, too; a text file is one document.',
        ko: '다른 문서의 문장에도 라벨을 단다. 글 파일 하나가 문서 하나이다.',
      },
    );
  const judges = new Set<string>();
  let judging = 0;
  for (const { key, share: place } of documents.slice(0, -1)) {
    if (place >= JUDGING && judging >= LEAST_JUDGING) break;
    judges.add(key);
    judging += rows.filter((row) => keyOf(row) === key).length;
  }
  return {
    training: rows.filter((row) => !judges.has(keyOf(row))).map(asExample),
    judging: rows.filter((row) => judges.has(keyOf(row))).map(asExample),
  };
}

const asExample = ({ guid, sentence, subject, object, label, source }: LabelledRow): LabelledExample => ({
  ...{ guid, sentence, subject, object, label, source },
});

async function trainRound(
  project: Project,
  round: number,
  { training, judging }: SplitRows,
  options: RetrainOptions,
): Promise<Result> {
  const { from, mix, signal } = options;
  const reporter = noted(project, round, options.reporter);
  const base = await loadRelationModel(from.folder);
  const labelSet = labelsFor(project, base.task.labelSet, [...training, ...judging]);
  const apart = new Set(judging.map(({ sentence }) => sentence));
  const mixed = (await mixedRows(mix, labelSet, training.length, options.settings.seed)).filter(
    ({ sentence }) => !apart.has(sentence),
  );
  noteRound(project, round, { rows: { training: training.length, judging: judging.length, mixed: mixed.length } });
  reporter.info({
    en: `${training.length} labelled pairs to train on, ${judging.length} of other documents that judge${mixed.length > 0 ? `, ${mixed.length} of KLUE beside them` : ''}.`,
    ko: `학습할 쌍 ${training.length}개, 판정할 다른 문서의 쌍 ${judging.length}개${mixed.length > 0 ? `, 곁들인 KLUE의 행 ${mixed.length}개` : ''}.`,
  });

  const train = [...training, ...mixed];
  const entityTypes = entityTypesOf([
    ...base.task.entityTypes,
    ...[...train, ...judging].flatMap(({ subject, object }) => [subject.type, object.type]),
  ]);
  const dataset: Dataset = {
    ...{ name: project.name, labelSet, entityTypes, train, test: judging, files: [] },
    digest: datasetDigest(labelSet, entityTypes, train, judging),
  };
  const name = roundName(project, round);
  const out = trainingOut(project.folder);
  const context = {
    settings: settingsFor(options, base.task, base.spec.config.hidden_size, name, train.length, out),
    dataset,
    out,
    reporter,
    signal,
  };
  const prepared = await prepareRuns(context);
  const plan = prepared.plans[name]!;
  const start = () => startFrom(from.folder, prepared.task, context.settings.seed);
  await fineTunedRun(context, name, { plan, rows: prepared.rows, teachers: [], start });
  signal.throwIfAborted();

  const answer = async (model: FoundModel): Promise<Judgement[]> => {
    const extractor = await RelationExtractor.open(model, {
      device: options.settings.device,
      threads: options.settings.threads,
    });
    try {
      const answers = await extractor.predictExamples(judging, { signal });
      return answers.map(({ relation, confidence }, i) => ({
        relation,
        confidence,
        isRight: relation === judging[i]!.label,
      }));
    } finally {
      await extractor.release();
    }
  };
  return compared(
    judging,
    labelSet,
    await answer(from),
    await answer({ folder: bestFolder(runFolder(out, name)), name }),
  );
}

/** What a model says of a judging row. */
export interface Judgement {
  readonly relation: string;
  readonly confidence: number;
  readonly isRight: boolean;
}

/** From here on a difference is taken for one (two-sided). */
const LEVEL = 0.05;

/** Old and new on the same rows. The new one wins where it is right more often and McNemar's test says that this is no chance. */
export function compared(
  judging: readonly LabelledExample[],
  labelSet: LabelSet,
  old: readonly Judgement[],
  now: readonly Judgement[],
): Result {
  const gold = judging.map(({ label }) => label);
  // A relation that the rows cannot have is wrong whatever it is called.
  const other = labelSet.noRelation ?? labelSet.labels[0]!;
  const predictions = (answers: readonly Judgement[]) =>
    answers.map(({ relation }, i) => ({
      guid: judging[i]!.guid,
      predicted: labelSet.labels.includes(relation) ? relation : other,
      probabilities: null,
    }));
  const [before, after] = [predictions(old), predictions(now)];
  const figures = (answers: typeof before) => {
    const { accuracy, micro_f1, macro_f1 } = computeMetrics(gold, answers, labelSet);
    return { accuracy, micro_f1, macro_f1 };
  };
  const onlyNew = now.filter(({ isRight }, i) => isRight && !old[i]!.isRight).length;
  const onlyOld = old.filter(({ isRight }, i) => isRight && !now[i]!.isRight).length;
  const { p } = mcnemarOf(onlyNew, onlyOld);
  const [oldClasses, newClasses] = [before, after].map((answers) => perClassMetrics(gold, answers, labelSet));
  return {
    old: figures(before),
    new: figures(after),
    ...{ only_new_right: onlyNew, only_old_right: onlyOld, p, wins: onlyNew > onlyOld && p < LEVEL },
    ece: now.length === 0 ? null : expectedCalibrationError(reliabilityBins(now)),
    relations: newClasses!
      .map(({ label, support, f1 }, i) => ({ relation: label, rows: support, old_f1: oldClasses![i]!.f1, new_f1: f1 }))
      .filter(({ rows }) => rows > 0),
  };
}

/** The model's own labels where it knows all that the project asks for, so that it forgets none; else the project's. */
function labelsFor(project: Project, known: LabelSet, rows: readonly LabelledExample[]): LabelSet {
  const { relations, noRelation } = project.config();
  const asked = [noRelation, ...relations.map(({ name }) => name)];
  const wanted = [...new Set([...asked, ...rows.map(({ label }) => label)])];
  return wanted.every((label) => known.labels.includes(label)) && known.noRelation === noRelation
    ? known
    : { labels: wanted, noRelation };
}

async function mixedRows(
  mix: string,
  labelSet: LabelSet,
  rows: number,
  seed: number,
): Promise<readonly LabelledExample[]> {
  if (mix === 'none') return [];
  const source = await findDataSource(mix === 'auto' ? 'klue' : mix, 'train').catch((error: unknown) => {
    // Not in the cache: the project's rows are enough.
    if (mix === 'auto') return null;
    throw error;
  });
  if (source?.train == null) return [];
  const loaded = await loadRows(source.train, { onBadRow: 'skip' });
  const known = loaded.rows.filter(({ label }) => labelSet.labels.includes(label));
  // Rows of which most mean something else would teach the project's relations away.
  if (mix === 'auto' && known.length < loaded.rows.length) return [];
  return sampleRows(known, Math.min(MIXED.times * rows, MIXED.most), seed);
}

function settingsFor(
  { settings, from }: RetrainOptions,
  task: {
    readonly marker: Settings['marker'];
    readonly head: Settings['head'];
    readonly question?: boolean;
    readonly maxLength: number;
  },
  hidden: number,
  name: string,
  rows: number,
  out: string,
): Settings {
  const isNarrow = hidden < NARROW;
  const settled = <T>(value: T | 'auto', fallback: T): T => (value === 'auto' ? fallback : value);
  const batchSize = settled(settings.batchSize, isNarrow ? 8 : 16);
  const steps = Math.max(1, Math.ceil((rows * (1 - VALIDATION)) / batchSize));
  return {
    ...settings,
    ...{ name, out, encoder: from.folder, encoderLayers: 'auto', marker: task.marker, head: task.head },
    ...{ question: task.question ?? false, maxLength: task.maxLength, pairEncoding: 'inline', validation: VALIDATION },
    ...{ batchSize, lr: settled(settings.lr, isNarrow ? 1e-4 : 3e-5) },
    epochs: settled(settings.epochs, Math.min(EPOCHS.most, Math.max(EPOCHS.least, Math.ceil(STEPS / steps)))),
    ...{
      textData: null,
      teacher: null,
      augment: null,
      taptEpochs: 0,
      loraRank: null,
      seeds: null,
      dryRun: false,
      resume: false,
    },
  };
}

/** How often the project's file learns of progress. */
const NOTE_MS = 1_000;

/** A reporter whose progress stands in the project's file, too. */
function noted(project: Project, round: number, reporter: Reporter): Reporter {
  let last = 0;
  const note = (title: string, done: number, total: number) => {
    if (done < total && Date.now() - last < NOTE_MS) return;
    last = Date.now();
    noteRound(project, round, { progress: { title, done, total } });
  };
  return {
    ...reporter,
    info: (line) => reporter.info(line),
    warn: (line) => reporter.warn(line),
    progress(title, total, unit): Progress {
      const bar = reporter.progress(title, total, unit);
      note(title, 0, total);
      return {
        update(done, fields) {
          bar.update(done, fields);
          note(title, done, total);
        },
        end: () => bar.end(),
      };
    },
  };
}
