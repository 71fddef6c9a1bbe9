import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, usageError } from '../../base/core/errors.ts';
import { readJson, writeFileAtomic, writeJson } from '../../base/core/files.ts';
import { checkReplaceable, replaceFolder } from '../../base/core/folders.ts';
import { packagePath } from '../../base/core/packagePath.ts';
import { VERSION } from '../../base/core/version.ts';
import { blockQuantizedOps } from '../../engine/nn/blockQuantize.ts';
import { loadEntityModel } from '../../engine/nn/entityModel.ts';
import { Graph } from '../../engine/nn/graph/graph.ts';
import { opsOf } from '../../engine/nn/graph/ops.ts';
import { classify, type ModelSpec, storedModel } from '../../engine/nn/model.ts';
import { parameterSpecs, type Weights } from '../../engine/nn/parameters.ts';
import { loadRelationModel } from '../../engine/nn/relationModel.ts';
import { loadCalibration } from '../../engine/runs/calibration.ts';
import { baseModelOf, dataSourceOf } from '../../inference/export/licences.ts';
import { readRunFacts } from '../../inference/export/runFacts.ts';
import type { FoundModel } from '../../inference/predict/findModel.ts';
import { modelInfo, postprocessingOf } from '../../inference/predict/postprocessing.ts';
import { type PageScript, packFile } from './packFile.ts';
import { packedFileSchema, type SiteManifest, sentBytes } from './siteManifest.ts';
import { siteReadme } from './siteReadme.ts';

export interface SiteOptions {
  /** A model that finds entities, for the view of texts; without it there is none. */
  readonly entities?: FoundModel | null;
  /** Replaces a folder that is not an earlier page of korex. */
  readonly force: boolean;
  /** Licences of encoders, by name. */
  readonly licences: ReadonlyMap<string, string>;
  /** The page as `npm run build` made it; that of this package without it. */
  readonly page?: string;
  /** Told before each part that takes a while. */
  readonly onPart?: (part: string) => void;
  readonly signal?: AbortSignal;
}

export interface WrittenSite {
  /** Bytes that a visitor's browser loads before the first answer. */
  readonly sent: number;
  /** Bytes of the graph with its 8-bit weights. */
  readonly graph: number;
}

/** The page as it is built, beside the compiled code. */
const PAGE = packagePath('dist/web-site');
/** Of korex itself and what it builds on, by the names that a folder gives them: a static host shows these as text. */
const LICENCE_FILES = { LICENSE: 'LICENSE.txt', NOTICE: 'NOTICE.txt' } as const;
/** Says that a folder is a page of korex, which a later one may replace. */
const SITE_FILE = 'korex_site.json';
/** Tells of the WebAssembly module that the built page holds. */
export const RUNTIME_FILE = 'runtime.json';
/** The largest graph that a page takes: opened, its weights are floats, four times as large, and WebAssembly has 4 GiB. */
const LARGEST_GRAPH = 250e6;
/** Of gzip: 8-bit weights become hardly smaller with more effort. */
const LEVEL = 6;

/**
 * Writes a page that answers with a model's 8-bit weights in the visitor's own browser: a folder for any static host, or
 * to be opened from disk. It is written whole or not at all.
 *
 * Errors: `usage` where the folder exists and is no earlier page, the model is none, or it is too large for a browser;
 * `failed` where the page was not built, or the disk is full.
 */
export async function writeSite(found: FoundModel, out: string, options: SiteOptions): Promise<WrittenSite> {
  const { force, licences, entities = null, page = PAGE, onPart, signal } = options;
  const begin = (part: string) => {
    signal?.throwIfAborted();
    onPart?.(part);
  };
  if (!force) await checkReplaceable(out, SITE_FILE, 'korex site');
  const runtime = await readRuntime(page);
  begin('the model');
  const model = await loadRelationModel(found.folder);
  const calibration = await loadCalibration(found.folder);
  const facts = await readRunFacts(found.folder);
  const { task, spec, inputs } = model;
  const onnx = buildPageGraph(spec, model.weights);
  checkSize(found.name, onnx.length);
  begin('8-bit weights');
  const graph = packFile('data/graph', onnx, LEVEL);
  const tokenizer = packFile('data/tokenizer', Buffer.from(JSON.stringify(inputs.tokenizer.files)), LEVEL);
  const finder = entities && (await packedFinder(entities));
  const postprocessing = postprocessingOf(found.name, task.labelSet, calibration);
  const manifest: SiteManifest = {
    info: modelInfo(task, postprocessing, calibration, 'int8'),
    task,
    padding: { model_type: spec.config.model_type, pad_token_id: spec.config.pad_token_id },
    postprocessing,
    files: { runtime, tokenizer: tokenizer.file, graph: graph.file },
    entities: finder?.manifest ?? null,
  };
  const sent = Object.values(manifest.files).reduce((sum, file) => sum + sentBytes(file), 0);
  const sources = { base: baseModelOf(facts?.plan.encoder, licences), data: dataSourceOf(facts?.dataset) };
  const readme = siteReadme({ name: found.name, model, facts, sources }, sent);
  begin(out);
  await replaceFolder(out, async (folder) => {
    await cp(page, folder, { recursive: true, filter: (path) => path !== join(page, RUNTIME_FILE) });
    for (const [from, to] of Object.entries(LICENCE_FILES)) await cp(packagePath(from), join(folder, to));
    await writeScripts(folder, [
      ...tokenizer.scripts,
      ...graph.scripts,
      ...(finder?.scripts ?? []),
      manifestScript(manifest),
    ]);
    await writeFileAtomic(join(folder, 'README.md'), readme);
    await writeJson(join(folder, SITE_FILE), { korex: VERSION, model: found.name });
  });
  return { sent, graph: onnx.length };
}

/** The model that finds entities, as the page loads it. */
async function packedFinder({ folder, name }: FoundModel) {
  const { task, spec, inputs, weights } = await loadEntityModel(folder);
  const onnx = buildPageGraph(spec, weights);
  checkSize(name, onnx.length);
  const graph = packFile('data/entities/graph', onnx, LEVEL);
  const tokenizer = packFile('data/entities/tokenizer', Buffer.from(JSON.stringify(inputs.tokenizer.files)), LEVEL);
  const { model_type, pad_token_id } = spec.config;
  const manifest: NonNullable<SiteManifest['entities']> = {
    ...{ name, task, padding: { model_type, pad_token_id } },
    files: { tokenizer: tokenizer.file, graph: graph.file },
  };
  return { manifest, scripts: [...tokenizer.scripts, ...graph.scripts] };
}

/** The graph of a page, from the inputs of `collate` to `logits`: weights stored in 8 bits, computed with in floats. */
export function buildPageGraph(spec: ModelSpec, weights: Weights): Uint8Array {
  const graph = new Graph();
  const parameters = parameterSpecs(spec.config, spec.head, spec.labels);
  const stored = storedModel(graph, spec, weights, 'fp32');
  const { logits } = classify(graph, spec, { ...stored, ops: blockQuantizedOps(opsOf(graph), parameters, weights) });
  return graph.toOnnx({ logits });
}

async function readRuntime(page: string) {
  const path = join(page, RUNTIME_FILE);
  if (!existsSync(path))
    throw failure(
      { en: `The page is not built: ${path} is missing.`, ko: `페이지가 아직 빌드되지 않았다. 없는 파일: ${path}.` },
      { en: 'Run `npm run build` in the checkout of korex.', ko: 'korex의 체크아웃에서 `npm run build`를 실행한다.' },
    );
  return packedFileSchema.parse(await readJson(path));
}

/** Errors: `usage` for more than a browser takes. */
export function checkSize(name: string, bytes: number): void {
  if (bytes <= LARGEST_GRAPH) return;
  const megabytes = (count: number) => `${(count / 1e6).toFixed(0)} MB`;
  throw usageError(
    {
      en: `The model ${name} has ${megabytes(bytes)} with 8-bit weights; a browser takes at most ${megabytes(LARGEST_GRAPH)}.`,
      ko: `${name}: 모델이 8비트 가중치로 ${megabytes(bytes)}인데, 브라우저는 ${megabytes(LARGEST_GRAPH)}까지 받는다.`,
    },
    {
      en: 'Train a smaller encoder, e.g. with --encoder-layers, or let `korex serve` answer.',
      ko: '더 작은 인코더로 학습하거나(예: --encoder-layers), `korex serve`로 답하게 한다.',
    },
  );
}

const manifestScript = (manifest: SiteManifest): PageScript => ({
  path: 'data/model.js',
  text: `globalThis.korexModel = ${JSON.stringify(manifest)};\n`,
});

async function writeScripts(folder: string, scripts: readonly PageScript[]): Promise<void> {
  for (const { path, text } of scripts) await writeFileAtomic(join(folder, path), text);
}
