import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiUrl, fileUrl, folderNameOf, isSafePath, nameOf, parseModel } from './repository.ts';

test('names of models, with and without a revision', () => {
  expect(parseModel('klue/roberta-base')).toEqual({ type: 'model', id: 'klue/roberta-base', revision: 'main' });
  expect(parseModel('a/b.c@refs/pr/1')).toEqual({ type: 'model', id: 'a/b.c', revision: 'refs/pr/1' });
  for (const text of [
    '',
    'bert',
    'a/b/c',
    '/a/b',
    'a/',
    '../../b',
    'a/..',
    'a/b--c',
    'a/b..c',
    'a/b.git',
    'a/b@',
    'a b/c',
  ])
    expect(parseModel(text), text).toBeNull();
  for (const revision of ['..', '../../x', '/x', 'a//b', 'a\\b', 'a/../../b', 'C:x', 'a\0b'])
    expect(parseModel(`a/b@${revision}`), revision).toBeNull();
  expect(parseModel(`a/${'b'.repeat(95)}`)).toBeNull();
});

test('addresses and the folder in the cache', () => {
  const model = parseModel('klue/roberta-base@refs/pr/1')!;
  expect(fileUrl('http://hub', model, 'a/ä b.json')).toBe(
    'http://hub/klue/roberta-base/resolve/refs%2Fpr%2F1/a/%C3%A4%20b.json',
  );
  expect(apiUrl('http://hub', model)).toBe('http://hub/api/models/klue/roberta-base/revision/refs%2Fpr%2F1');
  const dataset = { type: 'dataset', id: 'klue/klue', revision: 'main' } as const;
  expect(fileUrl('http://hub', dataset, 'x')).toBe('http://hub/datasets/klue/klue/resolve/main/x');
  expect([folderNameOf(model), folderNameOf(dataset)]).toEqual(['models--klue--roberta-base', 'datasets--klue--klue']);
  expect([nameOf(model), nameOf(dataset)]).toEqual(['klue/roberta-base@refs/pr/1', 'klue/klue']);
});

test('a safe path stays below its folder, whatever it is made of', () => {
  const piece = fc.oneof(fc.constantFrom('.', '..', '/', '\\', 'C:', '\0', 'a', 'b.c'), fc.string({ maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = pieces.join('');
      if (isSafePath(path))
        expect(resolve(join('/cache/folder', path)).startsWith(`${resolve('/cache/folder')}${sep}`)).toBe(true);
    }),
  );
});
