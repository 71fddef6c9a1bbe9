import { join } from 'node:path';
import type { DeviceName, MarkerName, Precision } from '../../base/core/settings.ts';
import { DEFAULT_SETTINGS } from '../../base/core/settings.ts';
import type { HubOptions } from '../../base/hub/snapshot.ts';
import type { Calibration } from '../../engine/runs/calibration.ts';
import { loadCalibration } from '../../engine/runs/calibration.ts';
import { TRAINING_FOLDER } from '../../engine/runs/runFolder.ts';
import { probabilitiesOf } from './answer.ts';
import { type Classifier, loadClassifier } from './classifier.ts';
import { Extractor, type Prepared, type ReadingOptions, type RunOptions } from './extractor.ts';
import { type FoundModel, findModel } from './findModel.ts';
import { modelInfo, type PostprocessingOptions, postprocessingOf } from './postprocessing.ts';
import { estimatePriors, type Priors, trainingPriorsOf } from './priors.ts';

export type { Prepared, ReadingOptions, RunOptions } from './extractor.ts';
export type { AnswerOptions } from './request.ts';

/** How a model is found and opened. */
export interface ExtractorOptions extends PostprocessingOptions, ReadingOptions {
  /** Where runs are looked for by name, as `--out`. */
  readonly out?: string;
  readonly device?: DeviceName;
  /** Threads of the runtime; all cores without it. */
  readonly threads?: number | null;
  /** Of the weights while answering; 32-bit floats without it. */
  readonly precision?: Precision;
  /** How a classifier made elsewhere marks entities, where its tokenizer does not say. */
  readonly marker?: MarkerName | null;
  /** How a model of the Hub is downloaded. */
  readonly hub?: HubOptions;
}

/**
 * A relation extraction model at work. Confidences and probabilities are fractions in [0, 1]; places of entities in answers
 * count Unicode code points, `end` inclusive.
 *
 * @example
 * const re = await RelationExtractor.load('path/to/a/run');
 * await re.predict({ sentence, subject: { word: '한빛전자', type: 'ORG' }, object: { word: '서지우', type: 'PER' } });
 * for await (const answer of re.predict(requests)) console.log(answer.relation); // an AsyncIterable of any length
 * await re.release();
 */
export class RelationExtractor extends Extractor {
  readonly calibration: Calibration | null;

  private constructor(
    classifier: Classifier,
    name: string,
    calibration: Calibration | null,
    precision: Precision,
    options: PostprocessingOptions & ReadingOptions,
  ) {
    const { task } = classifier.model;
    const postprocessing = postprocessingOf(name, task.labelSet, calibration, options);
    const info = modelInfo(task, postprocessing, calibration, precision, options.pairEncoding);
    super(classifier, postprocessing, info, options);
    this.calibration = calibration;
  }

  /**
   * Opens a model: a run folder, a checkpoint folder, a run's name below `out`, or `ORG/NAME[@REVISION]` of the Hub; without a
   * name korex-small, the model in the box.
   *
   * Errors: `usage` where there is none, or where it does not fit the options.
   */
  static async load(model: string | null = null, options: ExtractorOptions = {}): Promise<RelationExtractor> {
    const { out = DEFAULT_SETTINGS.out, hub } = options;
    return RelationExtractor.open(await findModel(model, join(out, TRAINING_FOLDER), hub), options);
  }

  /** The same for a model that `findModel` found; `out` and `hub` have no meaning here. */
  static async open({ folder, name }: FoundModel, options: ExtractorOptions = {}): Promise<RelationExtractor> {
    const { device = 'cpu', threads = null, precision = 'fp32', marker = null } = options;
    const calibration = await loadCalibration(folder);
    const classifier = await loadClassifier(folder, { device, threads }, { marker, precision });
    return RelationExtractor.of(classifier, { ...options, name, calibration, precision });
  }

  /** The same for a model that is open already; `release` releases it. */
  static of(
    classifier: Classifier,
    options: PostprocessingOptions &
      ReadingOptions & {
        readonly name: string;
        readonly calibration?: Calibration | null;
        readonly precision?: Precision;
      },
  ): RelationExtractor {
    const { name, calibration = null, precision = 'fp32' } = options;
    return new RelationExtractor(classifier, name, calibration, precision, options);
  }

  /**
   * Class priors of unlabelled rows, estimated by EM from the model's answers (Saerens et al., 2002); loaded with them as
   * `priors`, the model answers for such rows. It takes many rows and a calibrated model to estimate them well.
   *
   * Errors: `usage` for a model whose training priors are not known.
   */
  async estimatePriors(rows: readonly Prepared[], options?: RunOptions): Promise<Priors> {
    const training = trainingPriorsOf(this.info.id, this.calibration);
    const logits = await this.logits(rows, options);
    const post = { ...this.postprocessing, priorRatios: null };
    const probabilities = rows.map((row, i) => probabilitiesOf(logits[i]!, row, post));
    return estimatePriors(probabilities, post.labelSet.labels, training);
  }
}
