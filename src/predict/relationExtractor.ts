import { join } from 'node:path';
import type { DeviceName, MarkerName, Precision } from '../core/settings.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Calibration } from './calibrationFile.ts';
import { type Classifier, loadClassifier } from './classifier.ts';
import { Extractor } from './extractor.ts';
import { findModel } from './findModel.ts';
import { loadCalibration } from './loadCalibration.ts';
import { modelInfo } from './modelInfo.ts';
import { type PostprocessingOptions, postprocessingOf } from './postprocessing.ts';
import { TRAINING_FOLDER } from './trainingFolder.ts';

export type { AnswerOptions, Prepared, RunOptions } from './extractor.ts';

export interface ExtractorOptions extends PostprocessingOptions {
  /** Where runs are looked for by name, as `--out`. */
  readonly out?: string;
  readonly device?: DeviceName;
  /** Threads of the runtime; all cores without it. */
  readonly threads?: number | null;
  /** Of the weights while answering; 32-bit floats without it. */
  readonly precision?: Precision;
  /** How a classifier made elsewhere marks entities, where its tokenizer does not tell. */
  readonly marker?: MarkerName | null;
}

/**
 * A relation extraction model at work.
 *
 * @example
 * const re = await RelationExtractor.load('temp_result/06_klue_re_training/baseline');
 * await re.predict({ sentence, subject: { word: '한빛전자', type: 'ORG' }, object: { word: '서지우', type: 'PER' } });
 */
export class RelationExtractor extends Extractor {
  readonly calibration: Calibration | null;

  private constructor(
    classifier: Classifier,
    name: string,
    calibration: Calibration | null,
    precision: Precision,
    options: PostprocessingOptions,
  ) {
    const { task } = classifier.model;
    const postprocessing = postprocessingOf(name, task.labelSet, calibration, options);
    super(classifier, postprocessing, modelInfo(task, postprocessing, calibration, precision));
    this.calibration = calibration;
  }

  /**
   * Opens a model: a run folder, a checkpoint folder or a run's name below `out`; without a name the newest run there.
   *
   * Errors: `usage` where there is none, or where it does not fit the options.
   */
  static async load(model: string | null = null, options: ExtractorOptions = {}): Promise<RelationExtractor> {
    const { out = DEFAULT_SETTINGS.out, device = 'cpu', threads = null, precision = 'fp32', marker = null } = options;
    const { folder, name } = await findModel(model, join(out, TRAINING_FOLDER));
    const calibration = await loadCalibration(folder);
    const classifier = await loadClassifier(folder, { device, threads }, { marker, precision });
    return RelationExtractor.of(classifier, { ...options, name, calibration, precision });
  }

  /** The same for a model that is open already; `release` releases it. */
  static of(
    classifier: Classifier,
    options: PostprocessingOptions & {
      readonly name: string;
      readonly calibration?: Calibration | null;
      readonly precision?: Precision;
    },
  ): RelationExtractor {
    const { name, calibration = null, precision = 'fp32' } = options;
    return new RelationExtractor(classifier, name, calibration, precision, options);
  }
}
