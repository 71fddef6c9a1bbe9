import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256, toJsonLines } from '../core/files.ts';
import { loadDocuments } from './loadDocuments.ts';
import { joinTextRelations, TEXT_RELATION_SETS } from './textRelations.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-text-relations-'));
});
afterEach(() => rm(folder, { recursive: true }));

const TEXTS = ['가수 한별은 미르 소속이다.', '나루는 서울에 산다.'];
const standoff = (id: string, text: string) => ({
  id,
  sha256: sha256(text),
  entities: [
    [3, 4, 'PER'],
    [0, 1, 'POH'],
  ],
  relations: [[0, 'per:title', 1]],
  unsure: [],
});
const parquet = async (name: string, columns: Parameters<typeof parquetWriteBuffer>[0]['columnData']) => {
  const path = join(folder, name);
  await writeFile(path, Buffer.from(parquetWriteBuffer({ columnData: columns })));
  return path;
};

async function annotate(rows: readonly object[]): Promise<string> {
  for (const name of Object.values(TEXT_RELATION_SETS).flat()) await writeFile(join(folder, name), toJsonLines(rows));
  return folder;
}

test('puts the texts back, found by their digest, tags of KLUE-NER taken off', async () => {
  const ner = await parquet('ner.parquet', [
    { name: 'sentence', data: ['가수 <한별:PS>은 <미르:OG> 소속이다.', '다른 글'] },
  ]);
  const re = await parquet('re.parquet', [{ name: 'sentence', data: [TEXTS[1]!] }]);
  const from = await annotate([standoff('a', TEXTS[0]!), standoff('b', TEXTS[1]!)]);
  const out = join(folder, 'out');
  expect(await joinTextRelations([ner, re], out, from)).toEqual({
    ...{ pairs_train: 2, text_train: 2 },
    ...{ pairs_dev: 2, wiki_dev: 2 },
  });
  const { documents } = await loadDocuments(join(out, 'pairs_dev.jsonl'), { labels: null, entityTypes: null });
  expect(documents.map(({ text }) => text)).toEqual(TEXTS);
  expect(documents[0]!.entities.map(({ word }) => word)).toEqual(['한별', '가수']);
});

test('refuses annotations whose text differs by a character', async () => {
  const re = await parquet('re.parquet', [{ name: 'sentence', data: [TEXTS[0]!, `${TEXTS[1]} `] }]);
  const from = await annotate([standoff('a', TEXTS[0]!), standoff('b', TEXTS[1]!)]);
  await expect(joinTextRelations([re], join(folder, 'out'), from)).rejects.toThrow(
    'pairs_train.jsonl: the texts of 1 of 2 rows are not as they were annotated (their SHA-256 differs): b.',
  );
});

test.each(Object.values(TEXT_RELATION_SETS).flat())('%s in the box holds annotations and no text', async (name) => {
  const lines = (await readFile(join('data/text-relations', name), 'utf8')).trim().split('\n');
  for (const line of lines) {
    const row = JSON.parse(line) as Record<string, unknown>;
    expect(Object.keys(row).filter((key) => key !== 'source')).toEqual([
      'id',
      'sha256',
      'entities',
      'relations',
      'unsure',
    ]);
    // Of Korean, or of any other text, there is nothing.
    expect(line).not.toMatch(/[\u3130-\u318f\uac00-\ud7a3]/u);
  }
});
