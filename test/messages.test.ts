import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runKorex } from './support/runKorex.ts';

// Errors of every kind, as the command line says them in both languages. That each message has Korean is checked by types.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'korex-messages-'));
  const row = {
    sentence: '가람은 나래의 대표이다.',
    subject_entity: { word: '다온' },
    object_entity: { word: '나래' },
  };
  await writeFile(join(folder, 'rows.jsonl'), `${JSON.stringify(row)}\n`);
  await writeFile(join(folder, 'settings.json'), '{"epohcs": 3}');
  await writeFile(join(folder, 'adapter_config.json'), '{}');
  await writeFile(join(folder, 'relation_list.json'), '{"relations": "per:title"}');
});
afterAll(() => rm(folder, { recursive: true }));

/** Four words of English in a row: a sentence that nobody translated. */
const ENGLISH = /\b[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+\b/;

test.each<[line: string, en: RegExp, ko: RegExp]>([
  ['train --epochs many', /expected/, /쓸 수 있는 값/],
  ['train --config settings.json', /there is no setting "epohcs"/, /없는 설정 "epohcs"/],
  ['train --seeds 1,2', /--seeds needs --name/, /--seeds에는 --name이 필요하다/],
  ['evaluate --data nowhere', /nowhere/, /nowhere.*(없다|없음)/],
  ['evaluate --data rows.jsonl --model .', /LoRA adapter/, /LoRA 어댑터/],
  ['eda --data rows.jsonl', /relation_list\.json is no list of relations/, /관계 목록이 아니다: relations/],
  ['predict --sentence 가람은 --subject 가람', /is missing/, /빠진 옵션/],
  ['batch rows.jsonl rows.jsonl', /writing would destroy it/, /여기에 쓰면 내용이 사라진다/],
  ['batch rows.jsonl out.jsonl --on-bad-row maybe', /Write skip or error/, /skip이나 error로 쓴다/],
  ['serve --port high', /--port/, /--port의 값 "high"/],
  ['ensemble one', /two runs or more/, /둘 이상 필요하다/],
  ['bench --only nothing', /--only/, /--only의 값 "nothing"/],
])('korex %s', async (line, en, ko) => {
  const args = [
    ...line.split(' ').map((word) => (/^(rows|settings|out|nowhere|\.$)/.test(word) ? join(folder, word) : word)),
  ];
  const [english, korean] = [await runKorex(args), await runKorex(args, { lang: 'ko' })];
  expect([english.code, korean.code]).toEqual([2, 2]);
  expect(english.err).toMatch(en);
  expect(korean.err).toMatch(ko);
  expect(korean.err).not.toMatch(ENGLISH);
  expect(korean.err).not.toMatch(/은\(는\)|을\(를\)|과\(와\)/);
});
