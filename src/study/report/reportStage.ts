import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { lexer } from 'marked';
import { writeFileAtomic } from '../../base/core/files.ts';
import type { Language } from '../../base/core/types.ts';
import type { Stage } from '../stages/stage.ts';
import { type Frame, reportFrame } from './frame.ts';
import { renderPage } from './html.ts';
import { plainText } from './markdown.ts';
import { analysisSection } from './sections/analysis.ts';
import { baselineSection } from './sections/baselines.ts';
import { comparisonSection } from './sections/comparison.ts';
import { datasetSection } from './sections/dataset.ts';
import { designSection } from './sections/design.ts';
import { edaSection } from './sections/eda.ts';
import { improvementSection } from './sections/improvement.ts';
import { selectionSection } from './sections/selection.ts';
import { trainingSection } from './sections/training.ts';

const REPORT_FOLDER = 'report';

/** A stage's part of the report: Markdown that starts with `## `, from the files below `out`. */
type Section = (out: string, lang: Language) => Promise<string>;

/** In the order of the report. */
const SECTIONS: readonly Section[] = [
  edaSection,
  datasetSection,
  designSection,
  selectionSection,
  baselineSection,
  trainingSection,
  comparisonSection,
  analysisSection,
  improvementSection,
];

/** The last stage: REPORT.md and index.html from the files of all others. It reads no rows and computes no figures. */
export const reportStage: Stage = {
  name: 'report',
  number: '09',
  folder: REPORT_FOLDER,
  title: { ko: '보고서', en: 'Report' },
  needs: ['eda', 'dataset', 'design', 'select', 'baseline', 'train', 'compare', 'analyze'],
  settings: ['lang'],
  run: async ({ out, settings: { lang } }) => {
    const folder = join(out, REPORT_FOLDER);
    const frame = await reportFrame(out, lang);
    const sections: string[] = [];
    for (const section of SECTIONS) sections.push(await section(out, lang));
    const body = reportBody(frame, sections);
    await writeFileAtomic(join(folder, 'REPORT.md'), withContents(body, frame.contents));
    await writeFileAtomic(join(folder, 'index.html'), await renderPage(body, { lang, folder, root: out }));
    return { files: ['REPORT.md', 'index.html'] };
  },
};

/** The report's text: title, summary, the sections, conclusion. */
export const reportBody = ({ title, summary, conclusion }: Frame, sections: readonly string[]): string =>
  `${[`# ${title}`, summary, ...sections, conclusion].map((part) => part.trim()).join('\n\n')}\n`;

/** REPORT.md: the text with a table of contents below its title, linked by GitHub's anchors. A page makes its own. */
export function withContents(body: string, contents: string): string {
  const slugger = new GithubSlugger();
  const links = lexer(body).flatMap((token) => {
    if (token.type !== 'heading') return [];
    const text = plainText(token.tokens ?? []);
    const slug = slugger.slug(text);
    return token.depth === 2 ? [`- [${text}](#${slug})`] : [];
  });
  return body.replace(/\n\n/, () => `\n\n**${contents}**\n\n${links.join('\n')}\n\n`);
}
