import type { BenchContext } from './context.ts';
import type { RivalName } from './options.ts';
import { measureDevice } from './parts/device.ts';
import { measureEntities } from './parts/entities.ts';
import { measureEpoch } from './parts/epoch.ts';
import { measureInference } from './parts/inference.ts';
import { measureMatmul } from './parts/matmul.ts';
import { measureMemory, measureStartup } from './parts/memoryAndStartup.ts';
import { measureModes } from './parts/modes.ts';
import { measureOptimizer } from './parts/optimizer.ts';
import { measurePairs } from './parts/pairs.ts';
import { measureServe } from './parts/serve.ts';
import { measureStep } from './parts/step.ts';
import { measureText } from './parts/text.ts';
import type { Measured, PartName } from './result.ts';

export interface Part {
  readonly title: string;
  /** Whom it can be measured against. */
  readonly rivals: readonly RivalName[];
  measure(context: BenchContext): Promise<Measured>;
}

/** All parts of `korex bench`. */
export const PARTS: Readonly<Record<PartName, Part>> = {
  step: { title: 'A whole training step', rivals: ['pytorch'], measure: measureStep },
  optimizer: { title: 'A training step with the optimizer on all cores', rivals: [], measure: measureOptimizer },
  device: { title: 'What a training step takes to a device', rivals: [], measure: measureDevice },
  matmul: { title: 'Matrix products of a training step', rivals: ['pytorch'], measure: measureMatmul },
  memory: { title: 'Peak memory of training', rivals: ['pytorch'], measure: measureMemory },
  startup: { title: 'From start to the first training step', rivals: [], measure: measureStartup },
  inference: { title: 'Inference', rivals: ['pipeline', 'transformersjs'], measure: measureInference },
  entities: { title: 'Finding entities', rivals: [], measure: measureEntities },
  pairs: { title: 'All pairs of a sentence', rivals: [], measure: measurePairs },
  text: { title: 'Entities and relations of sentences', rivals: ['pipeline'], measure: measureText },
  serve: { title: 'The server under load', rivals: [], measure: measureServe },
  modes: { title: 'Cheaper ways to train', rivals: ['pytorch'], measure: measureModes },
  epoch: { title: 'A whole epoch', rivals: ['trainer'], measure: measureEpoch },
};
