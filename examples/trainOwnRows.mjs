// Trains a model on rows of your own and asks it. The folder holds a file of training rows and one of test rows, in any
// format that korex reads (docs/tutorial-own-data.md). 200 rows and twelve epochs take a minute or two on two cores.
//
//   node examples/trainOwnRows.mjs data/tutorial 12 tutorial_model
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadRows, RelationExtractor, runStages } from 'korex';

const [data, epochs = '12', out = 'own_model'] = process.argv.slice(2);
if (data === undefined) {
  console.error('Usage: node examples/trainOwnRows.mjs DATA_FOLDER [EPOCHS] [OUT_FOLDER]');
  process.exit(2);
}

await runStages({ data, epochs: Number(epochs), out, name: 'mine' }, { stages: ['train'] });

const run = join(out, '06_klue_re_training', 'mine');
const { metrics } = JSON.parse(await readFile(join(run, 'metrics_summary.json'), 'utf8'));
console.log(`macro-F1 on the test rows: ${metrics.macro_f1.toFixed(4)}`);

const testFile = (await readdir(data)).find((name) => /dev|validation|test/.test(name));
const { rows } = await loadRows(join(data, String(testFile)));
const row = rows[0];
const extractor = await RelationExtractor.load(run);
const answer = await extractor.predict({
  sentence: row.sentence,
  subject: { ...row.subject, offsets: 'codepoint' },
  object: { ...row.object, offsets: 'codepoint' },
});
console.log(`${row.subject.word} -- ${answer.relation} --> ${row.object.word} (labelled ${row.label})`);
await extractor.release();
