import { signal } from '@preact/signals';
import { type PackedFile, type SiteManifest, sentBytes } from '../../src/app/site/siteManifest.ts';
import { KorexError } from '../../src/base/core/errors.ts';
import { createInputEncoder } from '../../src/base/text/inputEncoder.ts';
import { createTokenizer } from '../../src/base/text/tokenizer.ts';
import type { TokenizerFiles } from '../../src/base/text/tokenizerFiles.ts';
import { sharesPass } from '../../src/engine/nn/packedBatch.ts';
import { lengthBatches } from '../../src/engine/runtime/lengthBatches.ts';
import { DocumentExtractor } from '../../src/inference/extract/documentExtractor.ts';
import { Extractor, type Logits } from '../../src/inference/predict/extractor.ts';
import { ApiError } from '../src/api/http.ts';
import type { Predictor } from '../src/api/predictor.ts';
import { loadScriptFile } from './scriptFile.ts';
import { openPageSession } from './session.ts';

/** How far the model is. `loaded` and `total` are bytes as they are sent. */
export type ModelState =
  | { readonly step: 'waiting'; readonly total: number }
  | { readonly step: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly step: 'opening' }
  | { readonly step: 'ready' }
  | { readonly step: 'failed'; readonly reason: string; readonly total: number };

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
  let opened: Promise<Extractor> | null = null;

  async function open(): Promise<Extractor> {
    let loaded = 0;
    const read = (file: PackedFile) =>
      loadScriptFile(file, folder, (bytes) => {
        loaded += bytes;
        state.value = { step: 'loading', loaded, total };
      });
    state.value = { step: 'loading', loaded, total };
    try {
      const { tokenizer, runtime, graph } = manifest.files;
      const tokenizerFiles = JSON.parse(new TextDecoder().decode(await read(tokenizer))) as TokenizerFiles;
      const [module, onnx] = [await read(runtime), await read(graph)];
      state.value = { step: 'opening' };
      await drawn();
      const { padding: config, task } = manifest;
      const session = await openPageSession(module, onnx, { config, head: task.head, packed: sharesPass(task) });
      const inputs = createInputEncoder({ tokenizer: createTokenizer(tokenizerFiles), ...task });
      const extractor = new Extractor(logitsOf(session, { task, inputs }), manifest.postprocessing, manifest.info);
      state.value = { step: 'ready' };
      return extractor;
    } catch (error) {
      state.value = { step: 'failed', reason: error instanceof Error ? error.message : String(error), total };
      throw error;
    }
  }

  /** Opens the model once; a failed attempt is made again by the next call. */
  function load(): Promise<Extractor> {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  }

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
      ask((extractor) => new DocumentExtractor(extractor, null).extract(request, options(aborts)), aborts),
    labels: async () => ({ labels, no_relation }),
    model: async () => manifest.info,
  };
  return { predictor, state, load };
}

const options = (aborts: AbortSignal | undefined) => (aborts ? { signal: aborts } : {});

/** Logits in batches of similar length, with time for the page between them; a session does one call after the other. */
const logitsOf = (session: Awaited<ReturnType<typeof openPageSession>>, model: Logits['model']): Logits => {
  let turn: Promise<unknown> = Promise.resolve();
  const run: Logits['logits'] = async (rows, { signal: aborts } = {}) => {
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
  return {
    model,
    logits(rows, options) {
      const result = turn.then(() => run(rows, options));
      turn = result.catch(() => undefined);
      return result;
    },
    release: async () => {},
  };
};

/** Once the page had a chance to draw; a page in the background is not kept waiting. */
const drawn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A refused request as the REST API tells of it, which is what views know how to show. */
const problemOf = ({ message, hint, field }: KorexError): ApiError =>
  new ApiError(422, {
    type: 'about:blank',
    title: 'Unprocessable request',
    status: 422,
    detail: message,
    ...(hint === undefined ? {} : { hint }),
    ...(field === undefined ? {} : { errors: [{ field, message }] }),
  });
