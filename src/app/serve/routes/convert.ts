import type { Hono } from 'hono';
import { KorexError } from '../../../base/core/errors.ts';
import type { Localized } from '../../../base/core/types.ts';
import { countsOf } from '../../../base/data/annotations.ts';
import { type Converted, convertFiles } from '../../../base/data/convertFiles.ts';
import { memorySource } from '../../../base/data/formats/byteSource.ts';
import { LOSSES } from '../../../base/data/formats/losses.ts';
import { settleParticles } from '../../../base/text/particles.ts';
import {
  CONVERT_SCHEMAS,
  type ConvertRequest,
  type ConvertResponse,
} from '../../../inference/predict/api/convertSchema.ts';
import {
  MAX_BODY_BYTES,
  MAX_CONVERTED_CHARACTERS,
  MAX_CONVERTED_PAIRS,
} from '../../../inference/predict/api/limits.ts';
import { readJsonBody, requireType } from '../body.ts';
import type { Env, ServeContext } from '../context.ts';
import { languageOf, RequestProblem, wordsOf } from '../problem.ts';
import { checked } from './predict.ts';

const WRITE_LIMITS = { pairs: MAX_CONVERTED_PAIRS, characters: MAX_CONVERTED_CHARACTERS };

/** `POST /v1/convert`: annotations from one format to another, files within JSON. */
export function convertRoute(app: Hono<Env>, { limits }: ServeContext): void {
  app.post('/v1/convert', async (c) => {
    const { headers } = c.req.raw;
    requireType(headers, ['application/json']);
    const value = await readJsonBody(c.req.raw, { maxBytes: MAX_BODY_BYTES, timeoutMs: limits.bodyMs });
    const request = checked(CONVERT_SCHEMAS.ConvertRequest, value);
    try {
      return c.json(answerOf(request, await converted(request)));
    } catch (error) {
      if (!(error instanceof KorexError) || error.kind !== 'usage') throw error;
      const { message, hint } = wordsOf(error, languageOf(headers));
      throw new RequestProblem('invalid-field', message, {
        hint: hint?.replace(/--(from|to|offsets|pairs)\b/g, '`$1`'),
        errors: [{ field: '/files', message }],
      });
    }
  });
}

const SKIP_THEM: Localized = {
  en: 'Correct the file, or leave such rows out with `"on_bad_row": "skip"`.',
  ko: '파일을 고치거나, `"on_bad_row": "skip"`으로 그런 행을 뺀다.',
};

const converted = ({ files, from, to, offsets, pairs, no_relation, on_bad_row }: ConvertRequest): Promise<Converted> =>
  convertFiles(
    files.map(({ name, content }) => ({ name, source: memorySource(new TextEncoder().encode(content), name) })),
    {
      ...{ from, to, offsets, pairs, noRelation: no_relation, onBadRow: on_bad_row },
      ...{ badRowHint: SKIP_THEM, limits: WRITE_LIMITS },
    },
  );

function answerOf({ to }: ConvertRequest, { read, written }: Converted): ConvertResponse {
  return {
    ...{
      from: read.format,
      to,
      ...countsOf(read.annotations),
      notes: read.notes.map(({ en, ko }) => ({ en, ko: settleParticles(ko) })),
    },
    rejected: read.rejected.map(({ file, row, problems }) => ({ file, row, problems: [...problems] })),
    lost: [...read.lost, ...written.lost].map(({ what, count, where }) => ({
      ...{ what, count, where: [...where], description: LOSSES[what] },
    })),
    files: written.files.map(({ name, content }) => ({
      name,
      ...(typeof content === 'string'
        ? { content, encoding: 'text' as const }
        : { content: Buffer.from(content).toString('base64'), encoding: 'base64' as const }),
    })),
  };
}
