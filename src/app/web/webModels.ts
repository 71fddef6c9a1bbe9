import { tagNames } from '../../base/text/bio.ts';
import { createInputEncoder } from '../../base/text/inputEncoder.ts';
import { createSentenceEncoder } from '../../base/text/sentenceEncoder.ts';
import { createTokenizer } from '../../base/text/tokenizer.ts';
import type { TokenizerFiles } from '../../base/text/tokenizerFiles.ts';
import { collateTokens } from '../../engine/nn/batch.ts';
import type { TokenRow } from '../../engine/nn/headPooling.ts';
import { answersOf, batchOf, type ModelRow, sharesPass } from '../../engine/nn/packedBatch.ts';
import { lengthBatches } from '../../engine/runtime/lengthBatches.ts';
import { openWebSession, type WebSession } from '../../engine/runtime/webSession.ts';
import type { EntityRecognizer } from '../../inference/extract/recognizer.ts';
import { entitiesOf, taggedSentences } from '../../inference/extract/taggedSentences.ts';
import { Extractor, type Logits } from '../../inference/predict/extractor.ts';
import type { SiteManifest } from '../site/siteManifest.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Rows and tokens in a batch: between two, a page can draw and take a click. */
const LIMITS = { rows: 8, tokens: 512 };

/** The model of relations of a page's folder, as it answers in Node; only the session is another. */
export async function openRelations(
  { padding: config, task, postprocessing, info }: SiteManifest,
  contents: { readonly runtime: Bytes; readonly graph: Bytes; readonly tokenizer: Bytes },
): Promise<Extractor> {
  const layout = { config, head: task.head, packed: sharesPass(task) };
  const session = await openWebSession<ModelRow>(contents.runtime, contents.graph, {
    batchOf: (rows) => batchOf(rows, layout),
    answersOf,
  });
  const inputs = createInputEncoder({ tokenizer: tokenizerOf(contents.tokenizer), ...task });
  const logits: Logits = { model: { task, inputs }, logits: inTurn(session), release: () => session.release() };
  return new Extractor(logits, postprocessing, info);
}

/** The model of a page's folder that finds entities. */
export async function openEntities(
  { name, task, padding }: NonNullable<SiteManifest['entities']>,
  contents: { readonly runtime: Bytes; readonly graph: Bytes; readonly tokenizer: Bytes },
): Promise<EntityRecognizer> {
  const session = await openWebSession<TokenRow>(contents.runtime, contents.graph, {
    batchOf: (rows) => collateTokens(rows, padding),
    answersOf: ({ ids }) => ids.length,
  });
  const inputs = createSentenceEncoder({ tokenizer: tokenizerOf(contents.tokenizer), maxLength: task.maxLength });
  const answer = inTurn(session);
  const tags = tagNames(task.types).length;
  return {
    name,
    entityTypes: task.types,
    async recognize(sentences, options) {
      const encoded = sentences.map((sentence) => inputs.encode(sentence));
      const tagged = taggedSentences(encoded, await answer(encoded.flat(), options), tags);
      return sentences.map((sentence, i) => entitiesOf(sentence, tagged[i]!, task));
    },
    release: () => session.release(),
  };
}

const tokenizerOf = (text: Uint8Array) => createTokenizer(JSON.parse(new TextDecoder().decode(text)) as TokenizerFiles);

/** Logits in batches of similar length, with time for a page between them; a session does one call after the other. */
function inTurn<Row extends { readonly ids: readonly number[] }>(session: WebSession<Row>) {
  let turn: Promise<unknown> = Promise.resolve();
  const run = async (rows: readonly Row[], { signal: aborts }: { readonly signal?: AbortSignal } = {}) => {
    const logits = new Array<Float32Array>(rows.length);
    const lengths = rows.map(({ ids }) => ids.length);
    for (const batch of lengthBatches(lengths, LIMITS)) {
      await drawn();
      aborts?.throwIfAborted();
      const answers = await session.logits(batch.map((index) => rows[index]!));
      for (const [at, index] of batch.entries()) logits[index] = answers[at]!;
    }
    return logits;
  };
  return (rows: readonly Row[], options?: { readonly signal?: AbortSignal }): Promise<Float32Array[]> => {
    const result = turn.then(() => run(rows, options));
    turn = result.catch(() => undefined);
    return result;
  };
}

/** Once a page had a chance to draw; one in the background is not kept waiting. */
export const drawn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
