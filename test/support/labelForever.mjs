// Labels the sentences of a project as fast as it can, until it is killed; each line of its output is an action that was done.
import { openProject } from '../../dist/study/labelling/project.js';

const [folder, run] = process.argv.slice(2);
const labels = ['no_relation', 'spouse', 'title'];
const project = await openProject(folder, { labels, noRelation: 'no_relation', entityTypes: ['PER'] });
const sentences = project.sentences();
const spans = [
  { start: 0, end: 1 },
  { start: 4, end: 5 },
];
for (let i = 0; ; i++) {
  const { id } = sentences[i % sentences.length];
  const key = `kill-${run}-${i}`;
  const [subject, object] = spans;
  const relation = labels[i % labels.length];
  const entities = spans.map((span) => ({ ...span, type: 'PER' }));
  const actions = [
    { kind: 'entities', entities },
    { kind: 'decide', decisions: [{ subject, object, relation }] },
    { kind: 'done' },
  ];
  project.act(`person-${i % 3}`, { sentence: id, actions, key });
  if (i % 7 === 6) project.undo(`person-${i % 3}`, 'label', null);
  process.stdout.write(`${key}\n`);
  await new Promise(setImmediate);
}
