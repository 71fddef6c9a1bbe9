import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPageGraph, writeSite } from '../src/app/site/writeSite.ts';
import { packagePath } from '../src/base/core/packagePath.ts';
import { collateTokens } from '../src/engine/nn/batch.ts';
import {
  designEntityModel,
  type EntityModel,
  saveEntityModel,
  withStartingWeights,
} from '../src/engine/nn/entityModel.ts';
import type { ModelSpec } from '../src/engine/nn/model.ts';
import { batchOf } from '../src/engine/nn/packedBatch.ts';
import { type ParameterSpec, parameterSpecs, type Weights } from '../src/engine/nn/parameters.ts';
import { MIN_TABLE_ROWS, quantizeRows } from '../src/engine/nn/quantize.ts';
import { type RelationModel, saveRelationModel } from '../src/engine/nn/relationModel.ts';
import { openSession, type Session } from '../src/engine/runtime/session.ts';
import { DocumentExtractor } from '../src/inference/extract/documentExtractor.ts';
import { openDocumentExtractor } from '../src/inference/extract/openDocumentExtractor.ts';
import type { EntityRecognizer } from '../src/inference/extract/recognizer.ts';
import { entitiesOf, taggedSentences } from '../src/inference/extract/taggedSentences.ts';
import type { DocumentGraph } from '../src/inference/predict/documentSchema.ts';
import { Extractor, type Logits } from '../src/inference/predict/extractor.ts';
import { RelationExtractor } from '../src/inference/predict/relationExtractor.ts';
import { requestOf } from '../src/inference/predict/request.ts';
import type { PredictRequest, Relation } from '../src/inference/predict/schema.ts';
import { lacksChromium, launchBrowser, openPage, seriousFindings } from './support/page/browser.ts';
import { type Route, servePage } from './support/page/pageServer.ts';
import { runKorex } from './support/runKorex.ts';
import { writeTinyEncoder } from './support/tinyEncoder.ts';
import { startTinyServer } from './support/tinyServer.ts';
import { trainSmallModel } from './support/trainedModel.ts';

// `korex site` for real: the folder that it writes, opened from disk and from a static host, in Chromium without a network.

/** What a browser loads of a small model takes seconds to unpack and compile where cores are few. */
const PATIENCE = 90_000;

const logitsIn =
  (session: Session, { spec }: RelationModel): Logits['logits'] =>
  async (rows) => {
    const answers = rows.map((row) => session.run(batchOf([row], spec).inputs, ['logits']));
    return (await Promise.all(answers)).map(({ logits }) => logits!);
  };

/** Of all probabilities, those of one side in the order of the other. */
function largestDifference(some: readonly Relation[], others: readonly Relation[]): number {
  const differences = some.flatMap(({ top }, i) => {
    const other = new Map(others[i]!.top.map(({ relation, probability }) => [relation, probability]));
    return top.map(({ relation, probability }) => Math.abs(probability - other.get(relation)!));
  });
  return Math.max(...differences);
}

/**
 * Weights as a page stores them: 8-bit integers with a scale for each 32. Of such weights a page has exactly these, so that
 * its answers are those of every other way in.
 */
function asStored({ config, head, labels }: ModelSpec, weights: Weights): Weights {
  const parameters = parameterSpecs(config, head, labels);
  const stored = ({ name, shape, head: isHead, table }: ParameterSpec): Float32Array => {
    const own = weights.get(name)!;
    if (isHead || shape.length !== 2 || (table && shape[0]! < MIN_TABLE_ROWS)) return own;
    const { values, scales } = quantizeRows(own, own.length / 32, 32, 127);
    return own.map((_, i) => values[i]! * scales[Math.floor(i / 32)]!);
  };
  return new Map(parameters.map((parameter) => [parameter.name, stored(parameter)]));
}

/** A graph without the names of the models. */
const bare = ({ mentions, relations, id: _, model: __, entity_model: ___, ...rest }: DocumentGraph) => ({
  ...rest,
  mentions: mentions.map(({ score: _, ...mention }) => mention),
  relations: relations.map(({ confidence: _, ...relation }) => relation),
});

/** The same entities, places and relations, and figures that differ by no more than rounding. */
function expectSame(graph: DocumentGraph, like: DocumentGraph): void {
  expect(bare(graph)).toEqual(bare(like));
  for (const [i, { confidence }] of graph.relations.entries())
    expect(confidence).toBeCloseTo(like.relations[i]!.confidence, 4);
  for (const [i, { score }] of graph.mentions.entries()) {
    const other = like.mentions[i]!.score;
    if (other === null) expect(score).toBeNull();
    else expect(score).toBeCloseTo(other, 4);
  }
}

/** The recogniser of a page, on its own graph. */
async function pageRecognizer({ task, spec, inputs, weights }: EntityModel): Promise<EntityRecognizer> {
  const session = await openSession(buildPageGraph(spec, weights), { device: 'cpu', threads: 1 });
  return {
    name: 'finder',
    entityTypes: task.types,
    async recognize(sentences) {
      const encoded = sentences.map((sentence) => inputs.encode(sentence));
      const answers = encoded.flat().map(async (stretch) => {
        const { logits } = await session.run(collateTokens([stretch], spec.config).inputs, ['logits']);
        return logits!;
      });
      const tagged = taggedSentences(encoded, await Promise.all(answers), spec.labels);
      return sentences.map((sentence, i) => entitiesOf(sentence, tagged[i]!, task));
    },
    release: () => session.release(),
  };
}

describe.skipIf(lacksChromium)('the page of `korex site`', () => {
  let browser: Browser;
  let folder: string;
  let site: string;
  let requests: PredictRequest[];
  /** The page's own graphs, in Node. */
  let extractor: Extractor;
  let recognizer: EntityRecognizer;
  /** The answers of the page's own graph, in Node. */
  let expected: Relation[];
  /** The answers of the model with 32-bit weights. */
  let inFloats: Relation[];
  /** The model of relations, as a folder. */
  const small = () => join(folder, 'small');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'korex-site-'));
    const run = join(folder, 'trained', 'small');
    const { model: trained, rows } = await trainSmallModel(run, 'entity-punct', { pairEncoding: 'both' });
    const model = { ...trained, weights: asStored(trained.spec, trained.weights) };
    await cp(join(run, 'best'), small(), { recursive: true });
    await saveRelationModel(small(), model);
    requests = rows.map((row) => ({ ...requestOf(row), top_k: 3 }));
    const exact = await RelationExtractor.load(run, { threads: 1 });
    inFloats = await exact.predict(requests);
    const { postprocessing, info } = exact;
    await exact.release();
    const session = await openSession(buildPageGraph(model.spec, model.weights), { device: 'cpu', threads: 1 });
    const inNode = new Extractor(
      { model, logits: logitsIn(session, model), release: session.release },
      postprocessing,
      info,
    );
    expected = await inNode.predict(requests);
    extractor = inNode;
    site = join(folder, 'host', 'below', 'a path');
    await mkdir(join(site, '..'), { recursive: true });
    await writeFile(join(folder, 'host', 'index.html'), 'Another page.');
    const finder = { folder: join(folder, 'finder'), name: 'finder' };
    await writeTinyEncoder(join(folder, 'encoder'));
    const task = { types: ['PER', 'ORG', 'LOC'], maxLength: 64, temperature: 1 };
    const started = await withStartingWeights(await designEntityModel(join(folder, 'encoder'), task, null), 5);
    const entityModel = { ...started, weights: asStored(started.spec, started.weights) };
    await mkdir(finder.folder);
    await saveEntityModel(finder.folder, entityModel);
    recognizer = await pageRecognizer(entityModel);
    await writeSite({ folder: small(), name: 'small' }, site, {
      ...{ force: false, licences: new Map(), entities: finder },
    });
    browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), extractor?.release(), recognizer?.release()]);
    await rm(folder, { recursive: true });
  });

  /** The page's answers to all rows, as its own views ask for them. */
  const ask = (page: Page, questions: readonly PredictRequest[]): Promise<Relation[]> =>
    page.evaluate(`korex.predict(${JSON.stringify(questions)})`) as Promise<Relation[]>;

  const openFromDisk = () => openPage(browser, pathToFileURL(join(site, 'index.html')).href);

  test('opened from disk, gives Node’s answers, and nearly those of 32-bit weights', {
    timeout: PATIENCE,
  }, async () => {
    const { page, complaints, close } = await openFromDisk();
    const answers = await ask(page, requests);
    expect(answers).toHaveLength(expected.length);
    expect(answers.map(({ relation }) => relation)).toEqual(expected.map(({ relation }) => relation));
    expect(largestDifference(answers, expected)).toBeLessThan(1e-4);
    const same = answers.filter(({ relation }, i) => relation === inFloats[i]!.relation);
    expect(same.length / answers.length).toBeGreaterThanOrEqual(0.995);
    expect(largestDifference(answers, inFloats)).toBeLessThan(0.02);
    for (const [i, answer] of answers.entries()) {
      const { confidence: _, top: __, no_relation_probability: ___, ...rest } = answer;
      expect(expected[i]).toMatchObject(rest);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  test('works on a static host below any path, readable for all, in both languages', {
    timeout: PATIENCE,
  }, async () => {
    const server = await servePage([], join(folder, 'host'), null);
    const { page, complaints, close } = await openPage(browser, `${server.url}below/a%20path/`);
    await page.getByRole('status').filter({ hasText: '첫 질문 때' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: '지금 읽어 들이기' }).click();
    await page.locator('[data-step="ready"]').waitFor({ timeout: PATIENCE });
    await page.getByRole('button', { name: '밴드' }).click();
    await page.getByRole('table').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('navigation').getByRole('link', { name: '설명' }).click();
    await page.getByRole('table').first().waitFor();
    await page.getByLabel('언어').selectOption('en');
    await page.getByText('The model answers in this browser.').waitFor();
    const [answer] = await ask(page, requests.slice(0, 1));
    expect(answer!.relation).toBe(expected[0]!.relation);
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
    await server.close();
  });

  test('finds the entities of a text and draws its graph, as Node does', { timeout: PATIENCE }, async () => {
    // The model was never trained and finds entities anywhere: a short text has few.
    const text = '가온전자는 수원에 있다. 😀 본사다.';
    const address = `${pathToFileURL(join(site, 'index.html')).href}#/text?t=${encodeURIComponent(text)}`;
    const { page, complaints, close } = await openPage(browser, address);
    await page.locator('.sentence-item').first().waitFor({ timeout: PATIENCE });
    const places = ({ mentions }: DocumentGraph) => mentions.map(({ word, start, type }) => [word, start, type]);
    const triples = ({ relations }: DocumentGraph) =>
      relations.map(({ subject, relation, object }) => [subject, relation, object]);
    for (const pair_encoding of ['inline', 'shared'] as const) {
      const asked = { text, pair_encoding };
      const graph = (await page.evaluate(`korex.extractText(${JSON.stringify(asked)})`)) as DocumentGraph;
      const inNode = await new DocumentExtractor(extractor, recognizer).extract(asked);
      expect(graph.mentions.length).toBeGreaterThan(0);
      expect(places(graph)).toEqual(places(inNode));
      expect(triples(graph)).toEqual(triples(inNode));
      expect(graph.entity_model).toBe('finder');
    }
    await page.getByLabel('한 문장의 쌍을 한 번에 읽기').check();
    await page.locator('.sentence-item').first().waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test('converts annotations, with no server and no model', async () => {
    const { page, complaints, close } = await openPage(
      browser,
      `${pathToFileURL(join(site, 'index.html')).href}#/convert`,
    );
    const files = ['text-0.ann', 'text-0.txt'].map((name) => packagePath(`test/fixtures/annotations/brat/${name}`));
    await page.locator('input[type=file]').setInputFiles(files);
    await page.getByRole('heading', { name: '알아낸 형식 brat' }).waitFor();
    for (const format of ['label-studio', 'parquet', 'xlsx', 'csv']) {
      await page.getByLabel('쓸 형식').selectOption(format);
      const ending = format === 'label-studio' ? '.json' : `.${format}`;
      await expect.poll(() => page.locator('.convert-save').textContent()).toContain(`text-0.converted${ending}`);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  test('command line, library, REST API and page give the same graph of a text, alone and with its entities', {
    timeout: 2 * PATIENCE,
  }, async () => {
    const text = '가온전자는 수원에 있다. 😀 본사다.\n나루는 가온전자(가온)의 대표이다.';
    const places: [word: string, start: number, type: string][] = [
      ['가온전자', 0, 'ORG'],
      ['수원', 6, 'LOC'],
      ['나루', 21, 'PER'],
      ['가온전자', 25, 'ORG'],
      ['가온', 30, 'ORG'],
    ];
    const entities = places.map(([word, start, type]) => ({
      ...{ word, type, start, end: start + word.length - 1, offsets: 'codepoint' as const },
    }));
    const models = { model: small(), entityModel: join(folder, 'finder') };
    const options = ['--model', models.model, '--entity-model', models.entityModel, '--window', '2'];
    const byCommand = async (document: object): Promise<DocumentGraph> => {
      const [input, output] = [join(folder, 'document.jsonl'), join(folder, 'graph.jsonl')];
      await writeFile(input, JSON.stringify(document));
      expect(await runKorex(['extract', ...options, '--force', input, output])).toMatchObject({ code: 0, err: '' });
      return JSON.parse(await readFile(output, 'utf8'));
    };
    const library = await openDocumentExtractor(models.model, models);
    const served = await RelationExtractor.load(models.model);
    const server = await startTinyServer({ extractor: served, documents: library });
    const { page, complaints, close } = await openFromDisk();
    for (const document of [{ text }, { text, entities }]) {
      const asked = { ...document, window: 2 };
      const expected = await byCommand(document);
      expect(expected.mentions.length).toBeGreaterThan(0);
      expect(expected.relations.length).toBeGreaterThan(0);
      expectSame(await library.extract(asked), expected);
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify(asked);
      const answer = await fetch(`${server.url}/v1/extract`, { method: 'POST', headers, body });
      expectSame((await answer.json()) as DocumentGraph, expected);
      expectSame((await page.evaluate(`korex.extractText(${body})`)) as DocumentGraph, expected);
    }
    expect(complaints).toEqual([]);
    await close();
    await server.close();
    await served.release();
  });

  test('another page that imports korex/web has the same answers from the folder', { timeout: PATIENCE }, async () => {
    const host = join(folder, 'host');
    await cp(packagePath('dist/web-entry/korex-web.js'), join(host, 'korex-web.js'));
    // Asked by the browser itself, since this page names no icon.
    const noIcon: Route = (_, response, { pathname }) => {
      if (pathname !== '/favicon.ico') return false;
      response.writeHead(204).end();
      return true;
    };
    const server = await servePage([noIcon], host, "default-src 'self' 'wasm-unsafe-eval'");
    const { page, complaints, close } = await openPage(browser, server.url);
    const text = '가온전자는 수원에 있다. 😀 본사다.';
    const asked = `(async () => {
      const { openModel, KorexError } = await import('/korex-web.js');
      const loaded = [];
      const model = await openModel('below/a path', { onProgress: (done, total) => loaded.push(done / total) });
      const answers = await model.predict(${JSON.stringify(requests)});
      const one = await model.predict(${JSON.stringify(requests[0])});
      const graph = await model.extractText({ text: ${JSON.stringify(text)} });
      const problem = await model.predict({ sentence: '가온은 나루의 친구다.', subject: { word: '가온' }, object: { word: '다온' } })
        .catch((error) => error instanceof KorexError && error.field);
      await model.release();
      const missing = await openModel((path) => Promise.resolve('no ' + path)).catch(({ kind, message }) => kind + ' ' + message);
      return { answers, one, graph, problem, missing, loaded };
    })()`;
    const { answers, one, graph, problem, missing, loaded } = (await page.evaluate(asked)) as {
      answers: Relation[];
      one: Relation;
      graph: DocumentGraph;
      problem: string;
      missing: string;
      loaded: number[];
    };
    expect(answers.map(({ relation }) => relation)).toEqual(expected.map(({ relation }) => relation));
    expect(largestDifference(answers, expected)).toBeLessThan(1e-4);
    expect(one.relation).toBe(expected[0]!.relation);
    const inNode = await new DocumentExtractor(extractor, recognizer).extract({ text });
    expect(graph.mentions.map(({ word }) => word)).toEqual(inNode.mentions.map(({ word }) => word));
    expect(problem).toBe('/object/word');
    expect(missing).toBe('usage data/model.js is damaged, or no file of `korex site`.');
    expect(loaded.filter((share) => share === 1)).toHaveLength(2);
    expect(complaints).toEqual([]);
    await close();
    await server.close();
  });

  test('refuses what the API refuses, with the field, and stops where it is told to', {
    timeout: PATIENCE,
  }, async () => {
    const { page, complaints, close } = await openFromDisk();
    const refused = `korex.predict([{ sentence: '가온은 나루의 친구다.', subject: { word: '가온' }, object: { word: '다온' } }])
      .then(() => null, (error) => error.problem)`;
    expect(await page.evaluate(refused)).toMatchObject({ status: 422, errors: [{ field: '/0/object/word' }] });
    const aborted = `(() => {
      const aborts = new AbortController();
      const answer = korex.predict(${JSON.stringify(requests)}, aborts.signal).then(() => null, ({ name }) => name);
      setTimeout(() => aborts.abort());
      return answer;
    })()`;
    expect(await page.evaluate(aborted)).toBe('AbortError');
    expect(complaints).toEqual([]);
    await close();
  });

  test('tells of a missing and of a damaged file, and tries again', { timeout: PATIENCE }, async () => {
    const copy = join(folder, 'damaged');
    await cp(site, copy, { recursive: true });
    const manifest = await readFile(join(copy, 'data/model.js'), 'utf8');
    const { files } = JSON.parse(manifest.slice(manifest.indexOf('{'), manifest.lastIndexOf('}') + 1));
    const part = join(copy, files.graph.parts[0].path);
    const whole = await readFile(part, 'utf8');
    await rm(part);
    const { page, close } = await openPage(browser, pathToFileURL(join(copy, 'index.html')).href);
    await page.getByRole('button', { name: '지금 읽어 들이기' }).click();
    await page.getByText('모델을 읽어 들이지 못했습니다').waitFor({ timeout: PATIENCE });
    await writeFile(part, whole.replace(/.{40}(?="\);)/, 'A'.repeat(40)));
    await page.getByRole('button', { name: '다시 시도' }).click();
    await page.locator('[data-step="loading"]').waitFor();
    await page.getByText('모델을 읽어 들이지 못했습니다').waitFor({ timeout: PATIENCE });
    await writeFile(part, whole);
    await page.getByRole('button', { name: '다시 시도' }).click();
    await page.locator('[data-step="ready"]').waitFor({ timeout: PATIENCE });
    expect(await page.getByText('모델을 읽어 들이지 못했습니다').count()).toBe(0);
    await close();
  });

  test('tells a browser without WebAssembly SIMD what it lacks', async () => {
    const context = await browser.newContext();
    await context.addInitScript('WebAssembly.validate = () => false');
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    const said = () => page.locator('body').textContent();
    await expect.poll(said).toContain('이 브라우저에서는 모델을 실행할 수 없습니다(WebAssembly SIMD 없음)');
    expect(await said()).toContain('This browser cannot run the model (it lacks WebAssembly SIMD)');
    await context.close();
  });
});
