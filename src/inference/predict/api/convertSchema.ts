import { z } from 'zod';
import { PAIR_CHOICES } from '../../../base/data/convert.ts';
import { LOSSES, type LossName } from '../../../base/data/formats/losses.ts';
import { READING_NAMES } from '../../../base/data/formats/readings.ts';
import { FORMATS } from '../../../base/data/formats/table.ts';
import { localized, notBlank, wellFormed } from '../schemaParts.ts';
import { MAX_CONVERTED_FILES } from './limits.ts';

/** A conversion as the REST API takes and gives it: files within JSON. */

const all = FORMATS.map(({ id }) => id);
const read = FORMATS.filter(({ isBinary }) => !isBinary).map(({ id }) => id);
const written = FORMATS.filter(({ write }) => write !== undefined).map(({ id }) => id);

const convertRequestSchema = z
  .strictObject({
    files: z
      .array(
        z.strictObject({
          name: notBlank.max(200).describe('Its name; brat’s `NAME.ann` and `NAME.txt` belong together by it.'),
          content: wellFormed.describe('What is in it, as text.'),
        }),
      )
      .min(1)
      .max(MAX_CONVERTED_FILES)
      .describe('A file, or those of a format that has one for each text.'),
    from: z.enum(read).optional().describe('The format of the files, where their content does not say it.'),
    to: z.enum(written).describe('The format to write.'),
    offsets: z
      .enum(READING_NAMES)
      .optional()
      .describe('How offsets count, where the words of the files do not say it.'),
    pairs: z.enum(PAIR_CHOICES).optional().describe('Which pairs of a text become rows; `possible` without it.'),
    no_relation: notBlank.max(200).optional().describe('The label of pairs without a relation.'),
    on_bad_row: z
      .enum(['error', 'skip'])
      .optional()
      .describe('`skip` leaves bad rows out and lists them under `rejected`; without it they are an error.'),
  })
  .describe('Annotations to write in another format.');

const count = z.int().min(0);

const lossSchema = z
  .strictObject({
    what: z.enum(Object.keys(LOSSES) as [LossName, ...LossName[]]),
    count: z.int().min(1),
    where: z.array(z.string()).describe('The first ids.'),
    description: localized,
  })
  .describe('Something that a format has no place for.');

const rejectedSchema = z
  .strictObject({
    file: z.string(),
    row: count,
    problems: z.array(z.strictObject({ field: z.string(), found: localized, expected: localized })),
  })
  .describe('A row that was left out.');

const convertResponseSchema = z
  .strictObject({
    from: z.enum(all),
    to: z.enum(written),
    documents: count.describe('Texts that were read.'),
    rows: count.describe('Rows that were read.'),
    entities: count,
    relations: count,
    notes: z.array(localized).describe('What was recognised, and how offsets were taken.'),
    rejected: z.array(rejectedSchema),
    lost: z.array(lossSchema).describe('What was not carried over.'),
    files: z.array(
      z.strictObject({
        name: z.string(),
        content: z.string(),
        encoding: z.enum(['text', 'base64']).describe('`base64` where the format is no text.'),
      }),
    ),
  })
  .describe('The annotations in the other format, and what was not carried over.');

export const CONVERT_SCHEMAS = {
  ConvertRequest: convertRequestSchema,
  ConvertLoss: lossSchema,
  RejectedRow: rejectedSchema,
  ConvertResponse: convertResponseSchema,
} as const;
export type ConvertRequest = z.output<typeof convertRequestSchema>;
export type ConvertResponse = z.output<typeof convertResponseSchema>;
export type ConvertSchemaName = keyof typeof CONVERT_SCHEMAS;
