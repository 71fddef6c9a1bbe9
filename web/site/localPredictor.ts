import { signal } from '@preact/signals';
import { type PackedFile, type SiteManifest, sentBytes } from '../../src/app/site/siteManifest.ts';
import { drawn, openEntities, openRelations } from '../../src/app/web/webModels.ts';
import { KorexError } from '../../src/base/core/errors.ts';
import { openOnce } from '../../src/base/core/lazy.ts';
import { DocumentExtractor } from '../../src/inference/extract/documentExtractor.ts';
import { recognizerWhenNeeded } from '../../src/inference/extract/recognizer.ts';
import type { Extractor } from '../../src/inference/predict/extractor.ts';
import { ApiError } from '../src/api/http.ts';
import type { Predictor } from '../src/api/predictor.ts';
import { language } from '../src/i18n/language.ts';
import { loadScriptFile } from './scriptFile.ts';

/** How far the model is. `loaded` and `total` are bytes as they are sent. */
export type ModelState =
  | { readonly step: 'waiting'; readonly total: number }
  | { readonly step: 'loading'; readonly loaded: number; readonly total: number }
  | { readonly step: 'opening' }
  | { readonly step: 'ready' }
  | { readonly step: 'failed'; readonly reason: string; readonly total: number };

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

  const relations = openOnce((): Promise<Extractor> => {
    const { tokenizer, runtime, graph } = manifest.files;
    return opening([tokenizer, runtime, graph], async ([tokenizerText, runtimeBytes, onnx]) => {
      module = runtimeBytes!;
      const extractor = await openRelations(manifest, { runtime: module, graph: onnx!, tokenizer: tokenizerText! });
      canAnswer.value = true;
      return extractor;
    });
  });

  const { entities } = manifest;
  // It runs on the runtime that comes with the other model, which is always open by then.
  const recognizer =
    entities &&
    recognizerWhenNeeded(entities.name, () =>
      opening([entities.files.tokenizer, entities.files.graph], ([tokenizerText, onnx]) =>
        openEntities(entities, { runtime: module!, graph: onnx!, tokenizer: tokenizerText! }),
      ),
    );

  async function ask<T>(question: (extractor: Extractor) => Promise<T>, aborts?: AbortSignal): Promise<T> {
    const extractor = await relations.open();
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
  return { predictor, state, canAnswer, load: relations.open };
}

const options = (aborts: AbortSignal | undefined) => (aborts ? { signal: aborts } : {});

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
