import { totalmem } from 'node:os';
import { usageError } from '../../base/core/errors.ts';
import { giga } from '../../base/core/format.ts';
import type { Reporter } from '../../base/core/reporter.ts';
import type { EncoderConfig } from '../nn/encoderConfig.ts';
import { adaptedLayers, loraParameters } from '../nn/lora.ts';
import { maskedParameters } from '../nn/maskedHead.ts';
import { type ParameterSpec, parameterSpecs, sizeOf } from '../nn/parameters.ts';
import type { TrainingPlan } from '../runs/plan.ts';
import { STEP_BOUNDS } from './maskedStep.ts';
import { MASKED_SHARE } from './masking.ts';
import { isFrozen, isHead, loraOf } from './tuning.ts';

/** What a training's memory depends on beside its plan. */
export interface MemoryFacts {
  /** With the vocabulary and the layers in use. */
  readonly config: EncoderConfig;
  readonly labels: number;
  /** Tokens of the longest row. */
  readonly longest: number;
}

const FLOAT = 4;
/** Node, the runtime, rows and tokenizer. */
const BASE = 190e6;
/** Within a fifth of what was measured, so that 0.8 of an estimate that does not fit cannot fit either. */
const SURE = 0.8;

/**
 * Peak memory of a training in bytes: the process, weights, for what is trained a gradient and two moments, a merged copy
 * of adapted weights, half of the trained ones once more for worker threads, and what the backward pass keeps of the largest batch: for each token and layer about 5 times the
 * width and twice the inner width of states, and 2.7 rows of each head's attention. The factors were fitted to measured
 * peaks (6 layers × 384 and 12 × 768, batches of 64 … 4,096 tokens, frozen layers, adapters), which are within 15 %; for an
 * encoder of 3 layers the estimate is about 20 % too high.
 */
export function trainingMemory(plan: TrainingPlan, { config, labels, longest }: MemoryFacts): number {
  const parameters = parameterSpecs(config, plan.head, labels);
  const lora = loraOf(plan);
  const trained = lora
    ? [...loraParameters(config, lora), ...parameters.filter(({ name }) => isHead(name))]
    : parameters.filter(({ name }) => !isFrozen(name, plan.freezeLayers));
  const merged = lora ? adaptedLayers(config, lora.targets).map(({ inputs, outputs }) => inputs * outputs) : [];
  const mergedSize = merged.reduce((sum, size) => sum + size, 0);
  // Averaged weights; with adapters they are merged into weights of their own, and the word table is copied as a whole.
  const table = lora ? config.vocab_size * (config.embedding_size ?? config.hidden_size) : 0;
  const averaged = plan.ema > 0 ? sumOf(trained) + mergedSize + table : 0;
  const states = sumOf(parameters) + 3.5 * sumOf(trained) + mergedSize + averaged;

  const perToken = keptStates(config, longest, config.num_hidden_layers - plan.freezeLayers);
  return BASE + FLOAT * (states + plan.batchSize * longest * perToken);
}

/**
 * Peak memory of a pretraining on masked tokens in bytes: weights, gradients and two moments of everything, half of the
 * weights once more for worker threads, the word table's gradient as it leaves the graph, what the backward pass keeps of the largest part of a batch, and its logits.
 */
export function pretrainMemory(batchSize: number, { config, longest }: Omit<MemoryFacts, 'labels'>): number {
  const parameters = maskedParameters(config);
  const table = config.vocab_size * (config.embedding_size ?? config.hidden_size);
  const tokens = Math.min(batchSize * longest, Math.max(STEP_BOUNDS.tokens, longest));
  const logits = Math.min(STEP_BOUNDS.logits, Math.ceil(MASKED_SHARE * tokens) * config.vocab_size);
  return BASE + FLOAT * (4.5 * sumOf(parameters) + table + keptStates(config, longest) * tokens + 7 * logits);
}

/** Floats that the backward pass keeps of each token. */
function keptStates(config: EncoderConfig, longest: number, layers = config.num_hidden_layers): number {
  const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads } = config;
  // Frozen layers and the head pass through with the working memory of about half a layer.
  return (layers + 0.5) * (5 * hidden + 2 * inner + 2.7 * heads * longest);
}

const sumOf = (parameters: readonly ParameterSpec[]) => parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Memory of the machine, or of the container that it is limited to, in bytes. */
export interface MachineMemory {
  readonly total: number;
  /** What is free now, and what this process already has. */
  readonly available: number;
}

export function machineMemory(): MachineMemory {
  const limit = process.constrainedMemory();
  return {
    total: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
    available: process.availableMemory() + process.memoryUsage.rss(),
  };
}

/** Errors: `usage` for a training that cannot fit into the machine's memory; warns where it does not fit into what is free. */
export function checkMemory(needed: number, { total, available }: MachineMemory, reporter: Reporter): void {
  const message = {
    en: `Training is expected to take about ${gigabytes(needed)} of memory`,
    ko: `학습에 메모리가 ${gigabytes(needed)}쯤 든다`,
  };
  const hint = {
    en: 'Less is taken with a smaller --batch-size or --max-length, and with --freeze-layers or --lora-rank.',
    ko: '--batch-size나 --max-length를 줄이거나, --freeze-layers나 --lora-rank를 쓰면 덜 든다.',
  };
  if (SURE * needed > total)
    throw usageError(
      {
        en: `${message.en}; this machine has ${gigabytes(total)}.`,
        ko: `${message.ko}. 이 컴퓨터의 메모리는 ${gigabytes(total)}이다.`,
      },
      hint,
    );
  if (needed > available)
    reporter.warn({
      en: `${message.en}; ${gigabytes(available)} are free. ${hint.en}`,
      ko: `${message.ko}. 비어 있는 것은 ${gigabytes(available)}이다. ${hint.ko}`,
    });
}

export const gigabytes = (bytes: number): string => `${giga(bytes)} GB`;
