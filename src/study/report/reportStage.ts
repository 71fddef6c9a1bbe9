import { join } from 'node:path';
import { writeFileAtomic } from '../../base/core/files.ts';
import type { Stage } from '../stages/stage.ts';
import { reportBody, withContents } from './assemble.ts';
import { reportFrame } from './frame.ts';
import { renderPage } from './html.ts';
import { SECTIONS } from './sectionTable.ts';

const REPORT_FOLDER = 'report';

/** The last stage: REPORT.md and index.html from the files of all others. It reads no rows and computes nothing anew. */
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
