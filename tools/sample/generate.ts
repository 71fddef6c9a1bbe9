/** Writes the embedded sample: `npm run sample` in the repository's root. The same code gives the same bytes. */
import { writeFileAtomic, writeJson } from '../../src/base/core/files.ts';
import { buildSample } from './build.ts';
import { LABELS } from './plan.ts';
import { sampleReadme } from './readme.ts';

const FOLDER = 'data/sample';

const sample = buildSample();
for (const [split, rows] of Object.entries(sample)) await writeJson(`${FOLDER}/klue-re-sample_${split}.json`, rows);
await writeJson(`${FOLDER}/relation_list.json`, { relations: LABELS });
await writeFileAtomic(`${FOLDER}/README.md`, sampleReadme(sample));
