import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MARKER_NAMES } from '../src/base/core/settings.ts';
import { loadRows } from '../src/base/data/loadRows.ts';
import { createInputEncoder } from '../src/base/text/inputEncoder.ts';
import { loadTokenizer } from '../src/base/text/loadTokenizer.ts';
import { unmark } from '../src/base/text/markers.ts';
import { lacksFolder } from './support/needs.ts';
import { ENTITY_TYPES, TOKENIZERS } from './support/tokenizers.ts';

const rowsFolder = process.env.KOREX_KLUE_DIR;
const robertaFolder = process.env.KOREX_KLUE_ROBERTA_DIR;
const tokenizers = [
  { name: 'bundled', folder: TOKENIZERS.bundled, needs: [] },
  { name: 'klue/roberta-base', folder: robertaFolder, needs: ['KOREX_KLUE_ROBERTA_DIR'] },
];

for (const { name, folder, needs } of tokenizers)
  test.skipIf(lacksFolder('KOREX_KLUE_DIR', ...needs))(
    `official rows (KOREX_KLUE_DIR), ${name}: markers are found and go again`,
    async () => {
      const { rows } = await loadRows(join(rowsFolder ?? '', 'klue-re-v1.1_dev.json'));
      const tokenizer = await loadTokenizer(folder ?? '');
      for (const marker of MARKER_NAMES) {
        const { encode } = createInputEncoder({
          tokenizer,
          marker,
          entityTypes: ENTITY_TYPES,
          maxLength: 512,
          asGiven: true,
        });
        for (const { sentence, subject, object } of rows.filter((_, i) => i % 3 === 0)) {
          const { marked, subjectStart, objectStart, tokens, fit } = encode({ sentence, subject, object });
          const [subjectToken, objectToken] = [tokens()[subjectStart], tokens()[objectStart]];
          const opening = (start: number, end: number) => marked.text.slice(start, end).trimEnd().split(' ')[0]!;
          expect(subjectToken).toContain(opening(marked.subject.openStart, marked.subject.wordStart));
          expect(objectToken).toContain(opening(marked.object.openStart, marked.object.wordStart));
          expect(subjectStart < objectStart).toBe(subject.start < object.start);
          expect(unmark(marked)).toEqual({ sentence, subject, object });
          expect(fit).toBe('whole');
        }
      }
    },
  );
