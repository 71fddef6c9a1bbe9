import type { HeadName } from '../../base/core/settings.ts';
import type { Metrics } from '../../base/core/types.ts';
import { VERSION } from '../../base/core/version.ts';
import { questionOf } from '../../base/text/inputEncoder.ts';
import { MARKERS, markExample } from '../../base/text/markers.ts';
import type { RelationModel } from '../../engine/nn/relationModel.ts';
import { QUANTIZED_GRAPH } from '../../engine/nn/weights/weightFiles.ts';
import { lossText } from '../../engine/runs/plan.ts';
import type { TextSetting } from '../../engine/runs/textSetting.ts';
import { type BaseModel, licenceOf, type Sources } from './licences.ts';
import { type ExampleInput, loadingGuide } from './loadingGuide.ts';
import type { RunFacts } from './runFacts.ts';
import { trainingCommand } from './trainingCommand.ts';

export interface CardInput {
  readonly name: string;
  readonly model: RelationModel;
  /** Null without the model's run. */
  readonly facts: RunFacts | null;
  readonly sources: Sources;
  /** Whether there is only the 8-bit graph. */
  readonly isSmall?: boolean;
  /** How it decides on the pairs of a text; null where it was not calibrated for that. */
  readonly text?: TextSetting | null;
}

/** `README.md` of an exported model: YAML for the Hub, then what it is, its data, training, figures, limits and licences. */
export function modelCard(input: CardInput): string {
  const { name, model, facts, sources } = input;
  const example = exampleOf(model);
  const sections = [
    frontMatter(input),
    `# ${name}`,
    `${describe(model)}\n\n한국어 문장에서 표시된 두 엔티티의 관계를 분류하는 모델입니다.`,
    `## Input\n\n${inputSection(model, example)}`,
    `## Loading\n\n${loadingGuide(model.spec.head, input.isSmall === true, example)}`,
    `## Labels\n\n${model.task.labelSet.labels.map((label) => `\`${label}\``).join(', ')}`,
    `## Data\n\n${dataSection(facts, sources)}`,
    `## Training\n\n${trainingSection(facts)}`,
    `## Results\n\n${resultSection(facts)}`,
    ...(input.text ? [`## Texts\n\n${textSection(input.text)}`] : []),
    `## Limits\n\n${limits(input)}`,
    `## Licences\n\n${licenceSection(sources)}`,
    `Made with korex ${VERSION}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What the answers to texts are like: another use than a marked pair, with another setting. */
function textSection({ documents, measured, thresholds, rules }: TextSetting): string {
  const share = (value: number) => value.toFixed(2);
  const free =
    measured.relation_free === null
      ? ''
      : `, in ${(100 * measured.relation_free).toFixed(0)} % of the documents without any relation one is asserted`;
  const names = Object.entries(rules).flatMap(([rule, applies]) => (applies ? [rule] : []));
  return (
    `The confidence of a marked pair is not that of a text, where most pairs have no relation. For all pairs of a text korex decides by a setting of its own (\`text\` in ` +
    `\`calibration.json\`; rules: ${names.join(', ') || 'none'}; threshold ${thresholds.default}). With the entities given, on ${documents} annotated documents, each judged by a setting fitted without it: ` +
    `precision ${share(measured.precision)}, recall ${share(measured.recall)}, F1 ${share(measured.f1)}${free}; expected calibration error ${share(measured.ece)}. Other libraries than korex answer pair by pair.`
  );
}

function frontMatter({ model, sources: { base, data } }: CardInput): string {
  const list = (values: readonly string[]) => values.map((value) => `\n- ${value}`).join('');
  return [
    '---',
    'language: ko',
    `license: ${licenceOf({ base, data }).hubId}`,
    `library_name: ${model.spec.head === 'cls' ? 'transformers' : 'transformers.js'}`,
    'pipeline_tag: text-classification',
    ...(base?.hubId ? [`base_model: ${base.hubId}`] : []),
    ...(data?.hubId ? [`datasets:${list([data.hubId])}`] : []),
    `metrics:${list(['f1', 'accuracy'])}`,
    `tags:${list(['relation-extraction', 'korean', 'onnx', 'korex'])}`,
    '---',
  ].join('\n');
}

/** An invented sentence, marked as this model reads it. */
function exampleOf({ task }: RelationModel): ExampleInput {
  const type = (best: string) => (task.entityTypes.includes(best) ? best : (task.entityTypes[0] ?? best));
  const sentence = '가온전자는 2004년 이도현이 세운 회사이다.';
  const entity = (word: string, best: string) => {
    const start = sentence.indexOf(word);
    return { word, start, end: start + word.length - 1, type: type(best) };
  };
  const row = { sentence, subject: entity('가온전자', 'ORG'), object: entity('이도현', 'PER') };
  return { question: task.question ? questionOf(row) : null, sentence: markExample(row, task.marker).text };
}

export function describe({ task, spec }: RelationModel): string {
  const { labels, noRelation } = task.labelSet;
  const none = noRelation === null ? '' : `, one of which, \`${noRelation}\`, says that there is none`;
  const { num_hidden_layers: layers, hidden_size: width, model_type: type } = spec.config;
  return (
    `Relation extraction in Korean: given a sentence with a marked subject and object, the model says which of ${labels.length} relations the subject ` +
    `has to the object${none}. A ${type} encoder of ${layers} layers, ${width} wide; ${HEADS[spec.head]}.`
  );
}

const HEADS = {
  cls: 'the classifier reads the first token',
  'entity-start':
    'the classifier reads the states at both opening markers (Baldini Soares et al., 2019, arXiv:1906.03158)',
  'span-mean': 'the classifier reads the mean states of the subject’s and the object’s tokens',
  'start-cls': 'the classifier reads the states at the first token and at both opening markers',
  'start-mean': 'the classifier reads the states at both opening markers and the mean states of both words',
} as const satisfies Record<HeadName, string>;

function inputSection({ task }: RelationModel, { question, sentence }: ExampleInput): string {
  const { typed, special } = MARKERS[task.marker];
  return [
    `Both entities must be between their markers (\`${task.marker}\`), subject and object each once:`,
    `\`\`\`text\n${sentence}\n\`\`\``,
    ...(question === null
      ? []
      : [
          'The first text of the input is a question that names both entities, subject first, with 과 after a final consonant and 와 after a vowel; question and marked sentence are a pair of texts, all of one token type:',
          `\`\`\`text\n${question}\n\`\`\``,
        ]),
    `${typed ? `The marker shows the entity's type, one of ${task.entityTypes.join(', ')}. ` : ''}` +
      `${special ? 'The markers are special tokens of the tokenizer.' : 'The markers are punctuation, with spaces on the inner side.'} ` +
      `The model was trained on at most ${task.maxLength} tokens; korex cuts a window around both entities from longer sentences, other libraries cut their end.`,
  ].join('\n\n');
}

export function dataSection(facts: RunFacts | null, { data }: Sources): string {
  if (!facts) return 'Not recorded beside this checkpoint.';
  const name = data?.name ?? facts.dataset;
  return `Trained on ${facts.trained_rows} rows${name === undefined ? '' : ` of ${name}`}${ofTexts(facts)}${augmented(facts)}; ${facts.plan.validation * 100} % of the training rows were kept for validation. Evaluated on ${facts.metrics.n} test rows.`;
}

const ofTexts = ({ text_rows }: RunFacts): string =>
  text_rows === undefined ? '' : `, on ${text_rows} pairs of annotated documents`;

/** e.g. ` and on 450 rows made from them (entity 300, swap 150)` */
function augmented({ augmented_rows: counts = {} }: RunFacts): string {
  const made = Object.entries(counts);
  if (made.length === 0) return '';
  const total = made.reduce((sum, [, count]) => sum + count, 0);
  return ` and on ${total} rows made from them (${made.map(([how, count]) => `${how} ${count}`).join(', ')})`;
}

export function trainingSection(facts: RunFacts | null): string {
  if (!facts) return 'Not recorded beside this checkpoint.';
  const { plan } = facts;
  const rows: (readonly [string, unknown])[] = [
    ['encoder', plan.encoderLayers === null ? plan.encoder : `${plan.encoder}, the first ${plan.encoderLayers} layers`],
    ...(plan.marker === null ? [] : [['marker, head', `${plan.marker}, ${plan.head}`] as const]),
    ['epochs', plan.epochs],
    ['batch size', plan.batchSize * plan.accumulate],
    ['learning rate', `${plan.lr}, ${plan.schedule}, warm-up ${plan.warmup}`],
    ['loss', lossText(plan)],
    ['sampling of rows', plan.sampling],
    ['weight averaging', plan.ema === 0 ? 'none' : `exponential, decay ${plan.ema}`],
    ['weight decay', plan.weightDecay],
    ['gradient clipping', plan.clip],
    ['low-rank adapters', plan.loraRank === null ? 'none' : `rank ${plan.loraRank}, merged into the weights`],
    ...(plan.taptEpochs > 0
      ? [['pretraining', `${plan.taptEpochs} epochs on the training sentences, learning rate ${plan.taptLr}`] as const]
      : []),
    ...(plan.teachers === null
      ? []
      : [
          [
            'distillation',
            `${plan.teachers.split(',').length} teachers, weight ${plan.distillWeight}, temperature ${plan.distillTemperature}`,
          ] as const,
        ]),
    ['seed', plan.seed],
  ];
  const command = trainingCommand(plan, facts);
  return `${table(['setting', 'value'], rows)}\n\nThe command:\n\n\`\`\`sh\n${command}\n\`\`\``;
}

const METRICS: readonly (readonly [Exclude<keyof Metrics, 'n'>, string])[] = [
  ['micro_f1', 'micro-F1 without no_relation'],
  ['auprc', 'AUPRC'],
  ['macro_f1', 'macro-F1'],
  ['accuracy', 'accuracy'],
];

export function resultSection(facts: RunFacts | null): string {
  if (!facts) return 'There is no evaluation beside this checkpoint: `korex evaluate` makes one.';
  const { metrics, intervals, bootstrap } = facts;
  const figure = (value: number | null) => (value === null ? '–' : value.toFixed(4));
  const rows = METRICS.map(([key, name]) => {
    const interval = intervals[key];
    return [name, figure(metrics[key]), interval ? interval.map(figure).join(' … ') : '–'] as const;
  });
  return [
    table(['metric', 'value', `${bootstrap.level * 100} % interval`], rows),
    `On ${metrics.n} test rows, with 32-bit weights; intervals by bootstrap with ${bootstrap.resamples} resamples. Metrics as in KLUE, as fractions.`,
  ].join('\n\n');
}

function limits({ model: { task, spec }, isSmall }: CardInput): string {
  const items = [
    'It knows the relations above and no others, and takes both entities as given.',
    'On texts unlike its training data it does worse. Measure it on your own rows before relying on it.',
    'It repeats what its data and the encoder contain, biases about people and groups included.',
    `${isSmall ? 'The weights are kept in 8 bits alone; they answer' : `\`${QUANTIZED_GRAPH}\` (8-bit weights) answers`} a few rows in a hundred differently from the 32-bit weights, where a decision is close.`,
  ];
  if (spec.head !== 'cls')
    items.push(
      `The ONNX files find the markers in the token ids. Where a sentence has none, or what looks like more of them${MARKERS[task.marker].special ? '' : ' (other `@` or `#`)'}, the scores are not numbers (NaN) rather than wrong; korex, which knows the positions, answers such rows too.`,
    );
  return items.map((item) => `- ${item}`).join('\n');
}

export function licenceSection({ base, data }: Sources): string {
  const whole = licenceOf({ base, data });
  return [
    `- Encoder: ${describeBase(base)}`,
    `- Data: ${data ? `${data.name}, ${data.licence.name}` : 'not known to korex; see its source'}`,
    `- These weights derive from both: ${whole.name}.`,
  ].join('\n');
}

function describeBase(base: BaseModel | null): string {
  if (!base) return 'not recorded';
  const { name, hubId, licence } = base;
  const origin = hubId !== null && hubId !== name ? `korex’s \`${name}\`, from ${hubId}` : name;
  return `${origin}, ${licence?.name ?? 'licence as its own card says'}`;
}

export const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
