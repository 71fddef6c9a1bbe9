import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { API_SCHEMAS } from '../../../../src/inference/predict/schema.ts';
import { TOY_MODEL } from '../../../../test/support/page/toyModel.ts';
import { exampleInquiries } from './examples.ts';
import { askOf } from './requests.ts';
import { snippetsOf } from './snippets.ts';

const [several, pair] = exampleInquiries as [(typeof exampleInquiries)[number], (typeof exampleInquiries)[number]];

test('every example can be asked, and its request is valid', () => {
  for (const inquiry of exampleInquiries) {
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
  const curl = snippetsOf(ask, 'http://127.0.0.1:8080', 0.5).find(({ name }) => name === 'curl')!;
  const shown = execFileSync('sh', ['-c', curl.code.replace(/^curl/, 'printf "%s\\n"')], { encoding: 'utf8' });
  expect(JSON.parse(shown.slice(shown.indexOf('{')))).toEqual({ ...ask.body, threshold: 0.5 });
});

test('without a server there is only the library', () => {
  expect(snippetsOf(askOf(several, TOY_MODEL)!, null, null).map(({ name }) => name)).toEqual(['TypeScript (korex)']);
});
