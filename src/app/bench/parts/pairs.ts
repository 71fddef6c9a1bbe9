import type { AnnotatedDocument } from '../../../base/core/types.ts';
import { entityPairs } from '../../../base/data/documentRows.ts';
import { loadDocuments } from '../../../base/data/loadDocuments.ts';
import { KLUE_LABELS } from '../../../base/data/relations.ts';
import { traitsOf } from '../../../base/data/relationTraits.ts';
import { pairByPair } from '../../../inference/extract/pairByPair.ts';
import type { PairQuestion, PairScorer } from '../../../inference/extract/pairScorer.ts';
import { sharedPass } from '../../../inference/extract/sharedPass.ts';
import { openClassifier } from '../../../inference/predict/classifier.ts';
import { RelationExtractor } from '../../../inference/predict/relationExtractor.ts';
import { alternate, figuresOf, type Side } from '../alternate.ts';
import type { BenchContext } from '../context.ts';
import { type Measured, medianOf } from '../result.ts';

const WARMUP = 1;
const ROUNDS = 3;
/** Sentences scored at a time, as extraction does. */
const PORTION = 32;

/**
 * Sentences per second from text to the scores of all pairs of their entities whose types KLUE's relations can join: all pairs
 * of a sentence in one pass, and each in a pass of its own, on the documents that `--data` names. Time does not depend on
 * what the weights are, so the model need not be trained for it.
 */
export async function measurePairs(context: BenchContext): Promise<Measured> {
  const { options, settings, threads, signal, reporter, shape } = context;
  const { documents } = await loadDocuments(settings.data, { labels: null, entityTypes: null });
  const questions = pairQuestions(documents);
  const entityTypes = [...new Set(documents.flatMap(({ entities }) => entities.flatMap(({ type }) => type ?? [])))];
  const model = await context.openModel({
    marker: 'typed-punct',
    head: 'start-mean',
    entityTypes,
    pairEncoding: 'both',
  });
  const { precision } = settings;
  const open = async (spec: typeof model.spec) =>
    RelationExtractor.of(await openClassifier({ ...model, spec }, { device: settings.device, threads }, precision), {
      name: shape,
    });
  const shared = await open({ ...model.spec, packed: true });
  const single = await open({ ...model.spec, packed: false });
  const sides: readonly Scoring[] = [
    scoring(`shared pass, ${precision}`, sharedPass(shared), questions),
    scoring(`pair by pair, ${precision}`, pairByPair(single), questions),
  ];
  try {
    const watch = { signal, reporter, title: `pairs ${shape}` };
    const timings = await alternate(sides, { warmup: WARMUP, rounds: options.repeat ?? ROUNDS, block: 1 }, watch);
    const figures = figuresOf(sides, timings, { rows: documents.length });
    return {
      figures: figures.map((figure) => ({ ...figure, unit: 'sentences/s' })),
      details: [processorTimes(sides)],
      facts: {
        sentences: documents.length,
        pairs: questions.reduce((sum, { pairs }) => sum + pairs.length, 0),
        max_length: model.task.maxLength,
        threads,
      },
    };
  } finally {
    await Promise.all([shared.release(), single.release()]);
  }
}

/** What is asked of documents of a sentence each: all pairs of their entities whose types KLUE's relations can join. */
export const pairQuestions = (documents: readonly AnnotatedDocument[]): PairQuestion[] =>
  documents.map(({ text, entities }) => ({
    ...{ sentence: text, entities, pairs: entityPairs(entities, { isPossible: canBeRelated }) },
  }));

const JOINED = new Set(KLUE_LABELS.flatMap((relation) => traitsOf(relation)?.types ?? []));
const canBeRelated = (subject: string | null, object: string | null): boolean =>
  subject === null || object === null || JOINED.has(`${subject}>${object}`);

/** A side that keeps the processor seconds of each of its calls, in user mode and in the kernel, of all threads. */
type Scoring = Side & { readonly spent: readonly number[] };

function scoring(system: string, scorer: PairScorer, questions: readonly PairQuestion[]): Scoring {
  const spent: number[] = [];
  return {
    ...{ system, spent },
    async run() {
      const [start, before] = [performance.now(), process.cpuUsage()];
      for (let at = 0; at < questions.length; at += PORTION) await scorer.score(questions.slice(at, at + PORTION));
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1e6);
      return (performance.now() - start) / 1000;
    },
  };
}

/** What the sides cost by processor time, which says the same on a machine that does other work beside. */
function processorTimes(sides: readonly Scoring[]) {
  const medians = sides.map(({ spent }) => medianOf(spent.slice(WARMUP)));
  return {
    title: 'Processor seconds of a call',
    rows: sides.map(({ system }, side) => ({
      system,
      seconds: medians[side]!.toFixed(2),
      'times those of the first': (medians[side]! / medians[0]!).toFixed(2),
    })),
  };
}
