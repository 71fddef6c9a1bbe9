import { expect, test } from 'vitest';
import { REST_SCHEMAS } from '../schema.ts';
import { CONVERT_SCHEMAS } from './convertSchema.ts';
import { LABEL_OPERATIONS } from './labelOperations.ts';
import { LABEL_SCHEMAS } from './labelSchema.ts';
import { openApiDocument } from './openApi.ts';
import { OPERATIONS, type Operation } from './operations.ts';

const document = openApiDocument();
const text = JSON.stringify(document);
const OWN_SCHEMAS = { ...REST_SCHEMAS, ...CONVERT_SCHEMAS };
const ALL_SCHEMAS = { ...OWN_SCHEMAS, ...LABEL_SCHEMAS };
const operations: readonly Operation[] = OPERATIONS;

test('is an OpenAPI 3.1 document of every operation', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(document.info).not.toHaveProperty('x-status');
  expect(Object.entries(document.paths).map(([path, item]) => [path, ...Object.keys(item)])).toEqual([
    ['/v1/predict', 'post'],
    ['/v1/extract', 'post'],
    ['/v1/batch', 'post'],
    ['/v1/convert', 'post'],
    ['/v1/labels', 'get'],
    ['/v1/model', 'get'],
    ['/healthz', 'get'],
    ['/readyz', 'get'],
    ['/metrics', 'get'],
  ]);
});

test('every reference leads to a schema, and no schema claims an identity of its own', () => {
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references)
    expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''));
  expect(Object.keys(document.components.schemas)).toEqual(Object.keys(OWN_SCHEMAS));
  expect(text).not.toMatch(/"\$id"|"\$schema"/);
});

test('operations have unique ids, an answer, and problems as problem details', () => {
  const items = Object.values(document.paths).flatMap((item) => Object.values(item));
  expect(new Set(items.map(({ operationId }) => operationId)).size).toBe(items.length);
  for (const { responses } of items) {
    expect(Object.keys(responses)).toContain('200');
    for (const [status, response] of Object.entries(responses))
      if (status !== '200') expect(Object.keys(response.content)).toEqual(['application/problem+json']);
  }
});

test('the examples are what the schemas accept', () => {
  let checked = 0;
  for (const { request, response } of operations)
    for (const { schemas, examples = {} } of [...(request ? [request] : []), response])
      for (const example of Object.values(examples)) {
        const accepted = schemas.filter((name) => ALL_SCHEMAS[name].safeParse(example).success);
        expect(accepted, JSON.stringify(example)).toHaveLength(1);
        checked++;
      }
  expect(checked).toBe(10);
});

test('requests with unknown or missing fields are refused', () => {
  const request = { sentence: '가나', subject: { word: '가' }, object: { word: '나' } };
  expect(REST_SCHEMAS.PredictRequest.safeParse(request).success).toBe(true);
  for (const wrong of [{ ...request, topk: 3 }, { ...request, sentence: '' }, { sentence: '가나' }])
    expect(REST_SCHEMAS.PredictRequest.safeParse(wrong).success).toBe(false);
  expect(REST_SCHEMAS.PredictManyRequest.safeParse({ requests: [request] }).success).toBe(true);
  for (const requests of [[], [{}], Array(257).fill(request)])
    expect(REST_SCHEMAS.PredictManyRequest.safeParse({ requests }).success).toBe(false);
});

test('where a label project is served, its operations and schemas are in the document, and all references lead somewhere', () => {
  const { paths, components } = openApiDocument({ labels: true });
  expect(Object.keys(paths)).toHaveLength(operations.length + LABEL_OPERATIONS.length);
  expect(Object.keys(components.schemas)).toEqual(Object.keys(ALL_SCHEMAS));
  for (const [, name] of JSON.stringify({ paths, components }).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
    expect(Object.keys(components.schemas)).toContain(name);
});
