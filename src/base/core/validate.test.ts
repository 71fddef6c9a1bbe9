import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { failure } from './errors.ts';
import { readValidated, validated } from './validate.ts';

const schema = z.object({ best: z.object({ step: z.number() }) });
const refusal = {
  says: { en: 'is no summary', ko: '요약이 아니다' },
  hint: { en: 'Train again.', ko: '다시 학습한다.' },
};

test('a file that fits is returned as the schema gives it, one that does not names path, field and hint', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'korex-validate-'));
  try {
    const path = join(folder, 'summary.json');
    await writeFile(path, '{"best":{"step":3},"more":1}');
    expect(await readValidated(path, schema, refusal)).toEqual({ best: { step: 3 } });
    await writeFile(path, '{"best":{"step":"3"}}');
    await expect(readValidated(path, schema, refusal)).rejects.toMatchObject({
      kind: 'usage',
      message: `${path} is no summary: best.step: Invalid input: expected number, received string.`,
      hint: 'Train again.',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the whole value is called the file, and the kind of error can be chosen', () => {
  expect(() => validated('x.json', 1, schema, { ...refusal, error: failure })).toThrow(
    expect.objectContaining({
      kind: 'failed',
      message: 'x.json is no summary: the file: Invalid input: expected object, received number.',
    }),
  );
});
