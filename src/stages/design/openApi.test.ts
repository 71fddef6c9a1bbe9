import { expect, test } from 'vitest';
import { API_SCHEMAS, type ApiSchemaName } from '../../predict/schema.ts';
import { openApiDocument } from './openApi.ts';

const document = openApiDocument();
const text = JSON.stringify(document);

test('is an OpenAPI 3.1 document that calls itself a plan', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).toMatchObject({ title: 'korex', 'x-status': 'planned' });
  expect(Object.entries(document.paths).map(([path, item]) => [path, ...Object.keys(item)])).toEqual([
    ['/v1/predict', 'post'],
    ['/v1/extract', 'post'],
    ['/v1/labels', 'get'],
    ['/v1/model', 'get'],
    ['/healthz', 'get'],
  ]);
});

test('every reference leads to a schema, and no schema claims an identity of its own', () => {
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  expect(references.length).toBeGreaterThan(8);
  for (const reference of references)
    expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
  expect(Object.keys(document.components.schemas)).toEqual(Object.keys(API_SCHEMAS));
  expect(text).not.toMatch(/"\$id"|"\$schema"/);
});

test('operations have unique ids, an answer, and problems as problem details', () => {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { responses } of operations) {
    expect(Object.keys(responses)).toContain('200');
    for (const [status, response] of Object.entries(responses))
      expect(Object.keys(response.content)).toEqual([
        status === '200' ? 'application/json' : 'application/problem+json',
      ]);
  }
});

test('the examples are what the schemas accept', () => {
  const bodies = [...text.matchAll(/"schema":\{"\$ref":"#\/components\/schemas\/(\w+)"\},"example":/g)];
  expect(bodies.map((match) => match[1])).toEqual(['PredictRequest', 'Relation', 'ExtractRequest']);
  const post = document.paths['/v1/predict']!.post!;
  const extract = document.paths['/v1/extract']!.post!;
  const examples: [ApiSchemaName, unknown][] = [
    ['PredictRequest', post.requestBody!.content['application/json']!.example],
    ['Relation', post.responses[200]!.content['application/json']!.example],
    ['ExtractRequest', extract.requestBody!.content['application/json']!.example],
  ];
  for (const [name, example] of examples) expect(API_SCHEMAS[name].safeParse(example).success).toBe(true);
});

test('requests with unknown or missing fields are refused', () => {
  const request = { sentence: '가나', subject: { word: '가' }, object: { word: '나' } };
  expect(API_SCHEMAS.PredictRequest.safeParse(request).success).toBe(true);
  for (const wrong of [{ ...request, topk: 3 }, { ...request, sentence: '' }, { sentence: '가나' }])
    expect(API_SCHEMAS.PredictRequest.safeParse(wrong).success).toBe(false);
});
