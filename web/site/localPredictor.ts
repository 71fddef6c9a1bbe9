import { signal } from '@preact/signals';
import { type PackedFile, type SiteManifest, sentBytes } from '../../src/app/site/siteManifest.ts';
import { KorexError } from '../../src/base/core/errors.ts';
import { tagNames } from '../../src/base/text/bio.ts';
import { createInputEncoder } from '../../src/base/text/inputEncoder.ts';
import { createSentenceEncoder } from '../../src/base/text/sentenceEncoder.ts';
import { createTokenizer } from '../../src/base/text/tokenizer.ts';
import type { TokenizerFiles } from '../../src/base/text/tokenizerFiles.ts';
import { collateTokens } from '../../src/engine/nn/batch.ts';
import type { TokenRow } from '../../src/engine/nn/headPooling.ts';
import { answersOf, batchOf, type ModelRow, sharesPass } from '../../src/engine/nn/packedBatch.ts';
import { lengthBatches } from '../../src/engine/runtime/lengthBatches.ts';
import { DocumentExtractor } from '../../src/inference/extract/documentExtractor.ts';
import type { Recognizer } from '../../src/inference/extract/extractDocument.ts';
import type { EntityRecognizer } from '../../src/inference/extract/recognizer.ts';
import { entitiesOf, taggedSentences } from '../../src/inference/extract/taggedSentences.ts';
import { Extractor, type Logits } from '../../src/inference/predict/extractor.ts';
import { ApiError } from '../src/api/http.ts';
import type { Predictor } from '../src/api/predictor.ts';
import { language } from '../src/i18n/language.ts';
import { loadScriptFile } from './scriptFile.ts';
import { openPageSession, type PageSession } from './session.ts';

/** How far the model is. `loaded` and `total` are bytes as they are sent. */
export type ModelState =
  | { readonly step: 'waiting'; readonly total: number }
  | { readonly step: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly step: 'opening' }
  | { readonly step: 'ready' }
  | { readonly step: 'failed'; readonly reason: string; readonly total: number };

type PackedFinder = NonNullable<SiteManifest['entities']>;

/** Rows and tokens in a batch: between two, the page can draw and take a click. */
const LIMITS = { rows: 8, tokens: 512 };

/**
 * Answers in the browser itself, by the code that answers in Node; only the session is another. The model is loaded with
 * the first question, or by `load`.
 *
 * @param folder of the page's files, relative to the page
 */
export function createLocalPredictor(manifest: SiteManifest, folder = './') {
  const total = Object.values(manifest.files).reduce((sum, file) => sum + sentBytes(file), 0);
  const state = signal<ModelState>({ step: 'waiting', total });
  /** Once the model of relations is there; that of entities may still be loaded. */
  const canAnswer = signal(false);
  let opened: Promise<Extractor> | null = null;
  let finder: Promise<EntityRecognizer> | null = null;
  let module: Uint8Array<ArrayBuffer> | null = null;

  /** Reads the files of a model and opens it, and tells how far it is. */
  async function opening<T>(
    files: readonly PackedFile[],
    open: (contents: readonly Uint8Array<ArrayBuffer>[]) => Promise<T>,
  ): Promise<T> {
    const total = files.reduce((sum, file) => sum + sentBytes(file), 0);
    let loaded = 0;
    state.value = { step: 'loading', loaded, total };
    try {
      const contents: Uint8Array<ArrayBuffer>[] = [];
      for (const file of files)
        contents.push(
          await loadScriptFile(file, folder, (bytes) => {
            loaded += bytes;
            state.value = { step: 'loading', loaded, total };
          }),
        );
      state.value = { step: 'opening' };
      await drawn();
      const model = await open(contents);
      state.value = { step: 'ready' };
      return model;
    } catch (error) {
      state.value = { step: 'failed', reason: error instanceof Error ? error.message : String(error), total };
      throw error;
    }
  }

  const open = (): Promise<Extractor> => {
    const { tokenizer, runtime, graph } = manifest.files;
    return opening([tokenizer, runtime, graph], async ([tokenizerText, runtimeBytes, onnx]) => {
      module = runtimeBytes!;
      const { padding: config, task } = manifest;
      const layout = { config, head: task.head, packed: sharesPass(task) };
      const session = await openPageSession<ModelRow>(module, onnx!, {
        batchOf: (rows) => batchOf(rows, layout),
        answersOf,
      });
      const inputs = createInputEncoder({ tokenizer: tokenizerOf(tokenizerText!), ...task });
      const answer = inTurn(session);
      const logits: Logits = { model: { task, inputs }, logits: answer, release: async () => {} };
      canAnswer.value = true;
      return new Extractor(logits, manifest.postprocessing, manifest.info);
    });
  };

  const openFinder = ({ name, task, padding, files }: PackedFinder): Promise<EntityRecognizer> => {
    return opening([files.tokenizer, files.graph], async ([tokenizerText, onnx]) => {
      const session = await openPageSession<TokenRow>(module!, onnx!, {
        batchOf: (rows) => collateTokens(rows, padding),
        answersOf: ({ ids }) => ids.length,
      });
      const inputs = createSentenceEncoder({ tokenizer: tokenizerOf(tokenizerText!), maxLength: task.maxLength });
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
        release: async () => {},
      };
    });
  };

  /** Opens the model once; a failed attempt is made again by the next call. */
  function load(): Promise<Extractor> {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  /** The same for the model that finds entities, which needs the runtime that comes with the other one. */
  const { entities } = manifest;
  const recognizer: Recognizer | null = entities && {
    name: entities.name,
    async recognize(sentences, options) {
      finder ??= openFinder(entities).catch((error: unknown) => {
        finder = null;
        throw error;
      });
      return (await finder).recognize(sentences, options);
    },
    release: async () => {},
  };

  async function ask<T>(question: (extractor: Extractor) => Promise<T>, aborts?: AbortSignal): Promise<T> {
    const extractor = await load();
    aborts?.throwIfAborted();
    try {
      return await question(extractor);
    } catch (error) {
      throw error instanceof KorexError ? problemOf(error) : error;
    }
  }

  const { labels, no_relation } = manifest.info;
  const predictor: Predictor = {
    predict: (requests, aborts) => ask((extractor) => extractor.predict(requests, options(aborts)), aborts),
    extract: (request, aborts) => ask((extractor) => extractor.extract(request, options(aborts)), aborts),
    extractText: (request, aborts) =>
      ask((extractor) => new DocumentExtractor(extractor, recognizer).extract(request, options(aborts)), aborts),
    labels: async () => ({ labels, no_relation }),
    model: async () => manifest.info,
  };
  return { predictor, state, canAnswer, load };
}

const options = (aborts: AbortSignal | undefined) => (aborts ? { signal: aborts } : {});

const tokenizerOf = (text: Uint8Array) => createTokenizer(JSON.parse(new TextDecoder().decode(text)) as TokenizerFiles);

/** Logits in batches of similar length, with time for the page between them; a session does one call after the other. */
function inTurn<Row extends { readonly ids: readonly number[] }>(session: PageSession<Row>) {
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

/** Once the page had a chance to draw; a page in the background is not kept waiting. */
const drawn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A refused request as the REST API tells of it, which is what views know how to show. */
function problemOf(error: KorexError): ApiError {
  const { field } = error;
  const { message, hint } = error.in(language.value);
  return new ApiError(422, {
    type: 'about:blank',
    title: 'Unprocessable request',
    status: 422,
    detail: message,
    ...(hint === undefined ? {} : { hint }),
    ...(field === undefined ? {} : { errors: [{ field, message }] }),
  });
}
