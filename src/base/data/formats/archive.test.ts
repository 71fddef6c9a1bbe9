import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readAnnotations } from '../convert.ts';
import { openSource } from '../openSource.ts';
import { memorySource, pipeSource } from './byteSource.ts';

const BRAT = {
  'corpus/a.txt': strToU8('한빛전자는 서지우가 세웠다.'),
  'corpus/a.ann': strToU8('T1\tORG 0 4\t한빛전자\nT2\tPER 6 9\t서지우\nR1\tfounded_by Arg1:T1 Arg2:T2\t\n'),
  'corpus/b.txt': strToU8('도윤서는 가수다.'),
  'corpus/b.ann': strToU8('T1\tPER 0 3\t도윤서\n'),
};

test('a ZIP archive of brat’s files is read as their folder is, its texts beside them', async () => {
  const opened = await openSource(memorySource(zipSync(BRAT), 'corpus.zip'), 'corpus.zip');
  const { format, annotations, notes } = await readAnnotations(opened);
  expect(format).toBe('brat');
  expect(annotations).toMatchObject({ documents: [{ relations: [{ relation: 'founded_by' }] }, { relations: [] }] });
  expect(notes[0]).toEqual({
    en: 'corpus.zip is unpacked; 2 files are read.',
    ko: 'corpus.zip: 압축을 풀어 파일 2개를 읽는다.',
  });
});

test('an archive may arrive through a pipe', async () => {
  const lines = strToU8('{"sentence": "가 나", "subject_word": "가", "object_word": "나", "label": "x"}\n');
  const packed = zipSync({ 'rows.jsonl': lines });
  const arriving = async function* pieces() {
    yield packed.subarray(0, 30);
    yield packed.subarray(30);
  };
  const { annotations } = await readAnnotations(await openSource(pipeSource(arriving(), 'stdin'), 'stdin'));
  expect(annotations).toMatchObject({ kind: 'rows', rows: [{ sentence: '가 나' }] });
});
