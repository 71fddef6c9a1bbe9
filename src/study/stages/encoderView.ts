import { basename, isAbsolute, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { MarkerName, Settings } from '../../base/core/settings.ts';
import type { Dataset, Localized } from '../../base/core/types.ts';
import { createInputEncoder, type InputEncoder } from '../../base/text/inputEncoder.ts';
import { loadTokenizer } from '../../base/text/loadTokenizer.ts';
import type { Tokenizer } from '../../base/text/tokenizer.ts';
import { type EncoderConfig, maxPositions, readEncoderConfig } from '../../engine/nn/encoderConfig.ts';
import { resolveEncoder } from '../../engine/nn/encoderFolder.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { markerOf } from '../../engine/train/recipes.ts';
import { taskOf, untrainedModel } from '../../engine/train/untrainedModel.ts';
import { maxLengthOf } from './eda/summary.ts';
import type { StageContext } from './stage.ts';

/** The rows as the chosen encoder and marker see them. */
export interface EncoderView {
  /** As the settings name it; of a folder elsewhere only the last part, so that results contain no path of the machine. */
  readonly name: string;
  readonly config: EncoderConfig;
  readonly positions: number;
  readonly marker: MarkerName;
  readonly tokenizer: Tokenizer;
  /** Input encoder with a limit of its own; `Infinity` shortens nothing. */
  inputs(maxLength: number): InputEncoder;
}

export async function openEncoderView(
  settings: Pick<Settings, 'encoder' | 'marker' | 'question'>,
  dataset: Pick<Dataset, 'entityTypes'>,
): Promise<EncoderView> {
  const folder = await resolveEncoder(settings.encoder);
  const [config, tokenizer] = [await readEncoderConfig(join(folder, 'config.json')), await loadTokenizer(folder)];
  const marker = markerOf(settings);
  const { question } = settings;
  return {
    name: encoderName(settings),
    config,
    positions: maxPositions(config),
    marker,
    tokenizer,
    inputs: (maxLength) =>
      createInputEncoder({ tokenizer, marker, entityTypes: dataset.entityTypes, maxLength, question }),
  };
}

/** Rows as messages name them. */
export const TRAINING_ROWS: Localized = { en: 'the training rows', ko: '학습 행' };
export const TEST_ROWS: Localized = { en: 'the test rows', ko: '평가 행' };

/** As the settings name it; of a folder elsewhere only the last part. */
export const encoderName = ({ encoder }: Pick<Settings, 'encoder'>): string =>
  elsewhere(encoder) ? basename(encoder) : encoder;

const elsewhere = (encoder: string): boolean => isAbsolute(encoder) || encoder.startsWith('.');

/**
 * The encoder of the settings under a head that has learned nothing: its weights are drawn with the seed. Reads the longest
 * input from stage 01 where the settings leave it open.
 */
export async function openUntrainedModel({ settings, dataset, out }: StageContext): Promise<RelationModel> {
  return untrainedModel(settings, taskOf(settings, dataset, await maxLengthOf(settings, out)));
}

/** Works through rows one by one with progress, and lets Ctrl-C through between them. */
export async function withProgress<Row, Result>(
  title: string,
  rows: readonly Row[],
  work: (row: Row) => Result,
  { reporter, signal }: Pick<StageContext, 'reporter' | 'signal'>,
): Promise<Result[]> {
  const progress = reporter.progress(title, rows.length, 'rows');
  const results: Result[] = [];
  try {
    for (const row of rows) {
      results.push(work(row));
      if (results.length % ROWS_AT_A_TIME !== 0) continue;
      progress.update(results.length);
      await setImmediate();
      signal.throwIfAborted();
    }
    progress.update(rows.length);
  } finally {
    progress.end();
  }
  return results;
}

const ROWS_AT_A_TIME = 512;
