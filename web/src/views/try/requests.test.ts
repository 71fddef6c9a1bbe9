import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { API_SCHEMAS } from '../../../../src/inference/predict/schema.ts';
import { lacksPython } from '../../../../test/support/needs.ts';
import { bodyOf } from '../../../../test/support/page/pageServer.ts';
import { TOY_MODEL } from '../../../../test/support/page/toyModel.ts';
import { EXAMPLES, type Example } from '../../marking/examples.ts';
import { askOf } from './requests.ts';
import { snippetsOf } from './snippets.ts';

const [several, pair] = EXAMPLES as readonly [Example, Example];

test('every example can be asked, and its request is valid', () => {
  for (const inquiry of EXAMPLES) {
    const ask = askOf(inquiry, TOY_MODEL)!;
    const schema = ask.path === '/v1/predict' ? API_SCHEMAS.PredictRequest : API_SCHEMAS.ExtractRequest;
    expect(schema.parse(ask.body)).toEqual(ask.body);
  }
});

test('two entities are a pair in their roles, more are all pairs', () => {
  expect(askOf(pair, TOY_MODEL)).toMatchObject({ path: '/v1/predict', body: { subject: { type: 'ORG' } } });
  expect(askOf({ ...pair, subject: 1, object: 0 }, TOY_MODEL)).toMatchObject({ body: { subject: { type: 'PER' } } });
  expect(askOf(several, TOY_MODEL)).toMatchObject({ path: '/v1/extract', body: { pairs: 'typed' } });
});

test('nothing is asked without what the model needs', () => {
  const untyped = { ...pair, marks: pair.marks.map((mark) => ({ ...mark, type: null })) };
  expect(askOf(untyped, TOY_MODEL)).toBeNull();
  expect(askOf(untyped, { ...TOY_MODEL, needs_types: false })).not.toBeNull();
  expect(askOf({ ...pair, marks: pair.marks.slice(1) }, TOY_MODEL)).toBeNull();
});

test('curl gets the request whatever quotes the sentence has', () => {
  const sentence = `그는 "it's"라고 ${pair.sentence}`;
  const shift = sentence.length - pair.sentence.length;
  const marks = pair.marks.map((mark) => ({ ...mark, start: mark.start + shift, end: mark.end + shift }));
  const ask = askOf({ ...pair, sentence, marks }, TOY_MODEL)!;
  const curl = snippetsOf(ask, TOY_MODEL, 'http://127.0.0.1:8080', 0.5).find(({ name }) => name === 'curl')!;
  const shown = execFileSync('sh', ['-c', curl.code.replace(/^curl/, 'printf "%s\\n"')], { encoding: 'utf8' });
  expect(JSON.parse(shown.slice(shown.indexOf('{')))).toEqual({ ...ask.body, threshold: 0.5 });
});

/** What a program in Python prints, beside a server of this very process. */
const python = async (code: string, env = {}): Promise<string> =>
  (await promisify(execFile)('python3', ['-c', code], { env: { ...process.env, ...env } })).stdout;

test.skipIf(lacksPython())('Python sends the request as it is (needs python3)', async () => {
  const server = createServer(async (request, response) => response.end(await bodyOf(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = askOf({ ...several, sentence: `${several.sentence} "'\\ 😀`, allPairs: true }, TOY_MODEL)!;
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code } = snippetsOf(ask, TOY_MODEL, base, null).find(({ name }) => name === 'Python')!;
  // Python prints what came back as its own dict: its JSON twin is compared.
  const shown = await python(code.replace('print(json.load(response))', 'print(json.dumps(json.load(response)))'));
  server.close();
  expect(JSON.parse(shown)).toEqual(ask.body);
});

test.skipIf(lacksPython())('transformers gets the marked sentence (needs python3)', async () => {
  const model = { ...TOY_MODEL, head: 'cls', id: 'small' };
  const code = snippetsOf(askOf(pair, model)!, model, null, null).at(-1)!.code;
  const folder = mkdtempSync(join(tmpdir(), 'korex-snippet-'));
  // transformers itself is not needed to see what it is given.
  writeFileSync(
    join(folder, 'transformers.py'),
    'def pipeline(task, folder):\n    return lambda text, top_k: [task, folder, text, top_k]\n',
  );
  const shown = await python(code, { PYTHONPATH: folder, PYTHONIOENCODING: 'utf-8' });
  rmSync(folder, { recursive: true });
  expect(shown.trim()).toBe(
    "['text-classification', 'exported', '밴드 @ * 단체 * 푸른돛 @의 기타리스트 # ^ 사람 ^ 강이안 #은 새 음반에서 작곡까지 맡았다.', 5]",
  );
  for (const other of [TOY_MODEL, { ...model, reads_question: true }])
    expect(snippetsOf(askOf(pair, other)!, other, null, null)).toHaveLength(1);
  expect(snippetsOf(askOf(several, model)!, model, null, null)).toHaveLength(1);
});

test('without a server there is only the library', () => {
  expect(snippetsOf(askOf(several, TOY_MODEL)!, TOY_MODEL, null, null).map(({ name }) => name)).toEqual([
    'TypeScript (korex)',
  ]);
});
