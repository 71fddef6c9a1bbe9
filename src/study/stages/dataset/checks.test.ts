import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { MarkerName } from '../../../base/core/settings.ts';
import type { LabelledExample } from '../../../base/core/types.ts';
import { createInputEncoder, type Encoded } from '../../../base/text/inputEncoder.ts';
import { loadTokenizer } from '../../../base/text/loadTokenizer.ts';
import { runChecks } from './checks.ts';
import { type Part, type PreparedRow, prepareRow } from './prepare.ts';
import { qualityReport } from './report.ts';

const tokenizer = await loadTokenizer(fileURLToPath(new URL('../../../../models/encoder-ko', import.meta.url)));
const labelSet = { labels: ['no_relation', 'per:title'], noRelation: 'no_relation' };
const entityTypes = ['PER', 'POH'];

function row(guid: string, sentence: string, change: Partial<LabelledExample> = {}): LabelledExample {
  const entity = (word: string, type: string) => {
    const start = [...sentence.slice(0, sentence.indexOf(word))].length;
    return { word, start, end: start + [...word].length - 1, type };
  };
  return {
    guid,
    sentence,
    subject: entity('가람', 'PER'),
    object: entity('연주자', 'POH'),
    label: 'per:title',
    source: null,
    ...change,
  };
}

type Rows = Partial<Record<Part, LabelledExample[]>>;

function check(rows: Rows, { marker = 'entity', maxLength = 64 }: { marker?: MarkerName; maxLength?: number } = {}) {
  const inputs = createInputEncoder({ tokenizer, marker, entityTypes, maxLength });
  const prepared = (part: Part) => (rows[part] ?? []).map((item) => prepareRow(part, item, inputs));
  const parts = { train: prepared('train'), validation: prepared('validation'), test: prepared('test') };
  const checks = runChecks(parts, { labelSet, entityTypes, tokenizer: inputs.tokenizer, maxLength });
  const violated = Object.fromEntries(
    checks.filter(({ status }) => status !== 'pass').map(({ name, status, count }) => [name, `${status} ${count}`]),
  );
  return { checks, violated, report: qualityReport({ encoder: 'tiny', marker, maxLength }, parts, labelSet, checks) };
}

const GOOD: Rows = {
  train: [row('a', '가람은 연주자다.'), row('b', '연주자 가람이 왔다.', { label: 'no_relation' })],
  validation: [row('c', '가람이 연주자가 되었다.'), row('d', '연주자는 가람이 아니다.', { label: 'no_relation' })],
};
const LONG = `연주자 ${'그리고 아주 긴 이야기가 이어지는데 '.repeat(30)}가람이 왔다.`;

test.each(['entity', 'entity-punct', 'typed-entity', 'typed-punct'] as const)(
  'good rows pass every check with marker %s, also in a window',
  (marker) => {
    expect(check(GOOD, { marker }).violated).toEqual({});
    const { violated, report } = check(
      { ...GOOD, test: [row('e', LONG), row('f', '가람, 연주자', { label: 'no_relation' })] },
      { marker },
    );
    expect(violated).toEqual({ kept_whole: 'warn 1' });
    expect(report.fits.test).toEqual({ whole: 1, window: 0, pieces: 1, cut: 0, impossible: 0 });
  },
);

test('a marker character in the sentence itself misleads no check', () => {
  const train = [row('a', '@ 가람 # 연주자 @'), row('b', '#연주자@가람#', { label: 'no_relation' })];
  expect(check({ train }, { marker: 'entity-punct' }).violated).toEqual({});
});

test.each<[string, LabelledExample, string]>([
  [
    'offsets_match',
    row('x', '가람은 연주자다.', { subject: { word: '나래', start: 0, end: 1, type: 'PER' } }),
    'fail 1',
  ],
  [
    'texts_not_blank',
    row('x', '가람은 연주자다.', { subject: { word: ' ', start: 3, end: 3, type: 'PER' } }),
    'fail 1',
  ],
  ['spans_apart', row('x', '가람은 연주자다.', { object: { word: '람은', start: 1, end: 2, type: 'POH' } }), 'fail 1'],
  ['labels_known', row('x', '가람은 연주자다.', { label: 'per:origin' }), 'fail 1'],
  [
    'entity_types_known',
    row('x', '가람은 연주자다.', { subject: { word: '가람', start: 0, end: 1, type: null } }),
    'warn 1',
  ],
  ['guids_unique', row('a', '가람은 새 연주자다.'), 'fail 1'],
  ['no_duplicates', row('x', '가람은 연주자다.'), 'warn 1'],
  ['no_conflicts', row('x', '가람은 연주자다.', { label: 'no_relation' }), 'warn 1'],
  ['train_apart_from_validation', row('x', '가람이 연주자가 되었다.'), 'fail 1'],
])('%s is violated', (name, bad, outcome) => {
  const { violated } = check({ ...GOOD, train: [...(GOOD.train ?? []), bad] });
  expect(violated).toHaveProperty(name, outcome);
});

/** A good row whose encoding is spoilt. */
function spoilt(change: (encoded: Encoded) => Partial<Encoded>, tokens = 64) {
  const inputs = createInputEncoder({ tokenizer, marker: 'entity', entityTypes, maxLength: 64 });
  const good = prepareRow('train', row('a', '그날 가람은 연주자다.'), inputs);
  const bad: PreparedRow = { ...good, encoded: { ...good.encoded!, ...change(good.encoded!) } };
  const context = { labelSet, entityTypes, tokenizer: inputs.tokenizer, maxLength: tokens };
  return runChecks({ train: [bad], validation: [], test: [] }, context)
    .filter(({ status, name }) => status !== 'pass' && name !== 'labels_covered')
    .map(({ name, status }) => `${name} ${status}`);
}

test('an encoding that lost something of the row is noticed', () => {
  expect(spoilt(() => ({}))).toEqual([]);
  expect(spoilt(() => ({}), 5)).toEqual(['within_max_length fail']);
  expect(spoilt(({ subjectStart }) => ({ subjectStart: subjectStart - 2 }))).toEqual(['marker_positions fail']);
  expect(spoilt(({ objectStart }) => ({ objectStart: objectStart + 1 }))).toContain('marker_positions fail');
  expect(spoilt(({ tokens }) => ({ tokens: () => tokens().filter((token) => token !== '[/E2]') }))).toEqual([
    'markers_complete fail',
  ]);
  expect(spoilt(({ marked }) => ({ marked: { ...marked, text: marked.text.replace('다.', '다!') } }))).toEqual([
    'markers_reversible fail',
  ]);
  expect(spoilt(() => ({ fit: 'cut' }))).toEqual(['kept_whole warn', 'words_whole warn']);
});

test('rows that cannot be encoded are counted and named, and make the report distrust the data', () => {
  const untyped = row('x', '가람은 연주자다.', { subject: { word: '가람', start: 0, end: 1, type: null } });
  const { checks, report } = check({ ...GOOD, test: [untyped] }, { marker: 'typed-punct' });
  const encodable = checks.find(({ name }) => name === 'encodable');
  expect(encodable).toMatchObject({ status: 'fail', count: 1, examples: [{ part: 'test', guid: 'x' }] });
  expect(encodable?.examples[0]?.note).toContain('entity types');
  expect(report.fits.test.impossible).toBe(1);
  expect(report.interpretation.en).toContain('no training result can be trusted');
});

test('labels without rows and sentences shared with the test rows are warned of', () => {
  const { violated, checks } = check({ ...GOOD, test: [row('e', '가람은 연주자다.')] });
  expect(violated).toEqual({ train_apart_from_test: 'warn 1', labels_covered: 'warn 1' });
  expect(checks.find(({ name }) => name === 'labels_covered')?.examples).toEqual([
    { part: 'test', guid: null, note: 'no row of "no_relation"' },
  ]);
});

test('unknown tokens are tolerated up to 2 %, and make the check fail above 30 %', () => {
  const strange = row('x', '가람은 연주자다. \u{13000}\u{13001} \u{13002} \u{13003}');
  const { violated } = check({ ...GOOD, train: [...(GOOD.train ?? []), strange] });
  expect(violated).toHaveProperty('tokens_known', expect.stringMatching(/^warn/));
  const unreadable = row('x', `가람은 연주자다. ${'\u{13000} '.repeat(60)}`);
  expect(check({ ...GOOD, train: [unreadable] }).violated).toHaveProperty(
    'tokens_known',
    expect.stringMatching(/^fail/),
  );
});
