import { join } from 'node:path';
import { writeFileAtomic } from '../core/files.ts';
import type { Language } from '../core/types.ts';
import { renderSvg } from './render.ts';
import type { VegaLiteSpec } from './spec.ts';

const LANGUAGES: readonly Language[] = ['ko', 'en'];

/** File of a figure: `NAME.svg` in Korean, `NAME.en.svg` in English. */
export const figureFile = (name: string, lang: Language): string =>
  lang === 'ko' ? `${name}.svg` : `${name}.${lang}.svg`;

/**
 * Writes a figure in both languages, so that the language of a report is chosen when the report is written and
 * no stage has to be redone for it.
 */
export async function writeFigure(
  folder: string,
  name: string,
  chart: (lang: Language) => VegaLiteSpec,
): Promise<void> {
  for (const lang of LANGUAGES)
    await writeFileAtomic(join(folder, figureFile(name, lang)), await renderSvg(chart(lang)));
}
