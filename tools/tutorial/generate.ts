/** Writes the tutorial's data: `npm run tutorial` in the repository's root. The same code gives the same bytes. */
import { writeFileAtomic } from '../../src/base/core/files.ts';
import { tutorialFiles } from './tutorialFiles.ts';

for (const [name, content] of Object.entries(tutorialFiles())) await writeFileAtomic(`data/tutorial/${name}`, content);
