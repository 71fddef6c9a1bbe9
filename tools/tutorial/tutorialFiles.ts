import { stringify } from 'csv-stringify/sync';
import { randomStream, shuffled } from '../../src/base/core/random.ts';
import { appendText } from '../sample/particles.ts';
import { NAMES, RELATIONS, type Relation, type Side } from './garden.ts';

const SEED = 7;

interface Marked {
  word: string;
  start: number;
  end: number;
  type: string;
}

/** The tutorial's files: name → content. */
export const tutorialFiles = (): Readonly<Record<string, string>> => ({
  'garden_train.csv': stringify(
    rowsOf('train').map(({ sentence, subject, object, label }) => ({
      sentence,
      ...flat('subject', subject),
      ...flat('object', object),
      label,
    })),
    { header: true },
  ),
  'garden_dev.jsonl': rowsOf('dev')
    .map(({ sentence, subject, object, label }) => ({
      sentence,
      subject_entity: klue(subject),
      object_entity: klue(object),
      label,
    }))
    .map((row) => `${JSON.stringify(row)}\n`)
    .join(''),
});

function rowsOf(side: Side) {
  const rows = RELATIONS.flatMap((relation, i) => {
    const sentences = new Map(candidates(relation, side, i).map((row) => [row.sentence, row]));
    return [...sentences.values()].slice(0, relation.rows[side]);
  });
  return shuffled(rows, randomStream(SEED, side, 'order'));
}

/** More rows than needed, templates in turn, names at random. */
function candidates(relation: Relation, side: Side, index: number) {
  const templates = relation.templates[side];
  return Array.from({ length: 3 * relation.rows[side] }, (_, i) => {
    const stream = (role: string) => randomStream(SEED, side, index, i, role);
    const subject = shuffled(NAMES[relation.subject][side], stream('subject'))[0]!;
    const others = (type: Relation['object'], ...taken: string[]) =>
      shuffled(NAMES[type][side], stream(type)).filter((name) => !taken.includes(name));
    const object = others(relation.object, subject)[0]!;
    const plant = others('PLANT', subject, object)[0]!;
    return {
      ...fill(templates[i % templates.length]!, relation, { S: subject, O: object, P: plant }),
      label: relation.label,
    };
  });
}

/** A template with its names and particles, and where subject and object came to stand, in code points. */
function fill(template: string, { subject, object }: Relation, names: Readonly<Record<'S' | 'O' | 'P', string>>) {
  const marked: Record<string, Marked> = {};
  let sentence = '';
  for (const part of template.split(/(\{[SOP]\})/)) {
    const role = /^\{([SOP])\}$/.exec(part)?.[1] as 'S' | 'O' | 'P' | undefined;
    if (role === undefined) sentence = appendText(sentence, part);
    else {
      const start = [...sentence].length;
      sentence += names[role];
      marked[role] = { word: names[role], start, end: [...sentence].length - 1, type: role === 'S' ? subject : object };
    }
  }
  return { sentence, subject: marked.S!, object: marked.O! };
}

function flat(role: string, { word, start, end, type }: Marked) {
  return { [`${role}_word`]: word, [`${role}_start`]: start, [`${role}_end`]: end, [`${role}_type`]: type };
}

function klue({ word, start, end, type }: Marked) {
  return { word, start_idx: start, end_idx: end, type };
}
