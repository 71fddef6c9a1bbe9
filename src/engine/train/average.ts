import { averageKernel } from './kernels/kernels.js';
import type { Tuning } from './tuning.ts';

/** An exponential moving average of the weights that a training changes. */
export interface WeightAverage<Averaged = Pick<Tuning, 'trainedWeights'>> {
  /** The trained weights' averages, as if they were trained. */
  readonly tuning: Averaged;
  /** What the weights after a step have in the average. @param steps taken, this one included */
  shareAt(steps: number): number;
  /** Takes the weights in after a step. @param steps taken, this one included */
  add(steps: number): void;
}

/**
 * @param decay what remains of the average in a step, when the first steps are over
 * @param trained the tuning that is trained
 * @param averaged another one over weights of its own: the average so far, or the weights before the first step
 */
export const averageOf = <Averaged extends Pick<Tuning, 'trainedWeights'>>(
  decay: number,
  trained: Pick<Tuning, 'trainedWeights'>,
  averaged: Averaged,
): WeightAverage<Averaged> => ({
  tuning: averaged,
  shareAt: (steps) => 1 - decayAt(decay, steps),
  add(steps) {
    const share = this.shareAt(steps);
    for (const [name, weight] of trained.trainedWeights)
      averageKernel(averaged.trainedWeights.get(name)!, weight, share);
  },
});

/**
 * The decay after some steps: low at first, so that weights from before the training are soon forgotten. TensorFlow's
 * `tf.train.ExponentialMovingAverage` with `num_updates`; averaging itself is Polyak & Juditsky's (1992).
 */
export const decayAt = (decay: number, steps: number): number => Math.min(decay, (1 + steps) / (10 + steps));
