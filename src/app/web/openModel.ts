import { z } from 'zod';
import { asGiven, KorexError, usageError } from '../../base/core/errors.ts';
import { DocumentExtractor } from '../../inference/extract/documentExtractor.ts';
import { recognizerWhenNeeded } from '../../inference/extract/recognizer.ts';
import type { DocumentGraph, DocumentRequest } from '../../inference/predict/documentSchema.ts';
import type {
  ExtractRequest,
  ExtractResponse,
  ModelResponse,
  PredictRequest,
  Relation,
} from '../../inference/predict/schema.ts';
import { type PackedFile, packedFileSchema, type SiteManifest, sentBytes } from '../site/siteManifest.ts';
import { unpackFile } from './unpack.ts';
import { openEntities, openRelations } from './webModels.ts';

export { KorexError };

/** Reads a text of the folder that `korex site` wrote, by its path in there, e.g. `data/model.js`. */
export type ReadText = (path: string) => Promise<string>;

export interface WebModelOptions {
  /** Told how many of how many bytes are loaded, before the first answer and before the first text. */
  readonly onProgress?: (loaded: number, total: number) => void;
}

interface CallOptions {
  readonly signal?: AbortSignal;
}

/** A model at work in a browser or another place without Node: requests and answers are those of `RelationExtractor`. */
export interface WebModel {
  readonly info: ModelResponse;
  predict(request: PredictRequest, options?: CallOptions): Promise<Relation>;
  predict(requests: readonly PredictRequest[], options?: CallOptions): Promise<Relation[]>;
  /** The relations between the given entities of a sentence. */
  extract(request: ExtractRequest, options?: CallOptions): Promise<ExtractResponse>;
  /** A text’s entities and the relations between them; the model that finds entities is loaded with the first text. */
  extractText(request: DocumentRequest, options?: CallOptions): Promise<DocumentGraph>;
  release(): Promise<void>;
}

/**
 * Opens the model in a folder that `korex site` wrote: loads it and onnxruntime’s WebAssembly module, both from there.
 *
 * @param folder its address, or a function that reads its files where they are no addresses
 *
 * @example
 * import { openModel } from 'korex/web';
 *
 * const model = await openModel('/page/');
 * const { relation } = await model.predict({ sentence, subject: { word: '한빛전자', type: 'ORG' }, object: { word: '서지우', type: 'PER' } });
 *
 * Errors: `KorexError` where a file is missing or damaged, and for wrong requests.
 */
export async function openModel(
  folder: string | URL | ReadText,
  { onProgress = () => {} }: WebModelOptions = {},
): Promise<WebModel> {
  const read = typeof folder === 'function' ? folder : fetching(folder);
  const manifest = manifestOf(await read(MANIFEST));
  const { tokenizer, runtime, graph } = manifest.files;
  const [tokenizerText, runtimeBytes, onnx] = await load(read, [tokenizer, runtime, graph], onProgress);
  const module = runtimeBytes!;
  const extractor = await openRelations(manifest, { runtime: module, graph: onnx!, tokenizer: tokenizerText! });
  const { entities } = manifest;
  const recognizer =
    entities &&
    recognizerWhenNeeded(entities.name, async () => {
      const [text, graph] = await load(read, [entities.files.tokenizer, entities.files.graph], onProgress);
      return openEntities(entities, { runtime: module, graph: graph!, tokenizer: text! });
    });
  const documents = new DocumentExtractor(extractor, recognizer);

  function predict(request: PredictRequest, options?: CallOptions): Promise<Relation>;
  function predict(requests: readonly PredictRequest[], options?: CallOptions): Promise<Relation[]>;
  function predict(
    asked: PredictRequest | readonly PredictRequest[],
    options?: CallOptions,
  ): Promise<Relation | Relation[]> {
    return isMany(asked) ? extractor.predict(asked, options) : extractor.predict(asked, options);
  }
  return {
    info: manifest.info,
    predict,
    extract: (request, options) => extractor.extract(request, options),
    extractText: (request, options) => documents.extract(request, options),
    release: () => documents.release(),
  };
}

const isMany = (asked: PredictRequest | readonly PredictRequest[]): asked is readonly PredictRequest[] =>
  Array.isArray(asked);

/** Of the folder: what is known of the model before anything large is loaded. */
const MANIFEST = 'data/model.js';

/** Its own part of the manifest is korex's, and goes with its version; what it says of files is where a folder may be another. */
const manifestSchema = z.looseObject({
  files: z.object({ runtime: packedFileSchema, tokenizer: packedFileSchema, graph: packedFileSchema }),
});

function manifestOf(script: string): SiteManifest {
  const json = /^globalThis\.korexModel = ([\s\S]*);\s*$/.exec(script)?.[1];
  try {
    const value: unknown = JSON.parse(json ?? '');
    manifestSchema.parse(value);
    return value as SiteManifest;
  } catch (error) {
    throw damaged(MANIFEST, error);
  }
}

async function load(
  read: ReadText,
  files: readonly PackedFile[],
  onProgress: NonNullable<WebModelOptions['onProgress']>,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const total = files.reduce((sum, file) => sum + sentBytes(file), 0);
  let loaded = 0;
  const contents: Uint8Array<ArrayBuffer>[] = [];
  for (const file of files) {
    const content = unpackFile(
      file,
      async (path) => partOf(path, await read(path)),
      (bytes) => {
        loaded += bytes;
        onProgress(loaded, total);
      },
    );
    contents.push(
      await content.catch((error: unknown) => {
        throw error instanceof KorexError ? error : damaged(file.parts[0]!.path, error);
      }),
    );
  }
  return contents;
}

function partOf(path: string, script: string): string {
  const base64 = /^korexPart\("([A-Za-z0-9+/=]*)"\);\s*$/.exec(script)?.[1];
  if (base64 === undefined) throw damaged(path);
  return base64;
}

const damaged = (path: string, cause?: unknown) =>
  usageError(
    {
      en: `${path} is damaged, or no file of \`korex site\`.`,
      ko: `${path}: 손상되었거나 \`korex site\`의 파일이 아니다.`,
    },
    { en: 'Write the folder anew with `korex site`.', ko: '`korex site`로 폴더를 다시 쓴다.' },
    cause,
  );

function fetching(folder: string | URL): ReadText {
  // A relative address is the page's own; elsewhere there is none, and a whole address is needed.
  const page = 'location' in globalThis ? (globalThis as { location?: { href: string } }).location?.href : undefined;
  const base = new URL(`${folder}`.replace(/\/*$/, '/'), page);
  return async (path) => {
    const address = new URL(path, base);
    const response = await fetch(address).catch((error: unknown) => {
      throw unreachable(address, String(error), error);
    });
    if (!response.ok) throw unreachable(address, `${response.status}`);
    return response.text();
  };
}

const unreachable = (address: URL, reason: string, cause?: unknown) =>
  usageError(
    { en: `${address} cannot be loaded: ${reason}.`, ko: `${address}을(를) 읽어 들일 수 없다: ${reason}.` },
    asGiven('korex site'),
    cause,
  );
