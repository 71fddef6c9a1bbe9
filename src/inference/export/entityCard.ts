import { VERSION } from '../../base/core/version.ts';
import type { EntityModel } from '../../engine/nn/entityModel.ts';
import { QUANTIZED_GRAPH } from '../../engine/nn/weights/weightFiles.ts';
import { licenceOf, type Sources } from './licences.ts';
import { licenceSection, table, trainingSection } from './modelCard.ts';
import type { RunFacts } from './runFacts.ts';

export interface EntityCardInput {
  readonly name: string;
  readonly model: EntityModel;
  /** Null without the model's run. */
  readonly facts: RunFacts | null;
  readonly sources: Sources;
  /** Whether there is only the 8-bit graph. */
  readonly isSmall: boolean;
}

/** `README.md` of an exported model that finds entities. */
export function entityCard({ name, model, facts, sources, isSmall }: EntityCardInput): string {
  const { types, maxLength } = model.task;
  const { num_hidden_layers: layers, hidden_size: width, model_type: type } = model.spec.config;
  const sections = [
    frontMatter(isSmall, sources),
    `# ${name}`,
    `Named entities in Korean: the model tags every token of a sentence with \`O\`, \`B-TYPE\` or \`I-TYPE\` for the types ${types.map((each) => `\`${each}\``).join(', ')}. A ${type} encoder of ${layers} layers, ${width} wide, and a linear layer over its states.\n\n한국어 문장에서 개체명(엔티티)과 그 유형을 찾는 모델입니다.`,
    `## Input\n\n${INPUT} Inputs of up to ${maxLength} tokens; korex reads longer sentences in stretches that overlap.`,
    `## Loading\n\n${loading(isSmall)}`,
    `## Data\n\n${dataSection(facts, sources)}`,
    `## Training\n\n${trainingSection(facts)}`,
    `## Results\n\n${resultSection(facts)}`,
    `## Limits\n\n${LIMITS.map((item) => `- ${item}`).join('\n')}`,
    `## Licences\n\n${licenceSection(sources)}`,
    `Made with korex ${VERSION}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const INPUT =
  'korex cuts words before particles, endings and titles, and between scripts, before it tokenizes (미국|의, 16|명|을), so that an entity and what is written right behind it share no token; a piece within a word keeps the token that it has there (`의`, not `▁의`). Other programs that give whole words to the tokenizer get the same kind of answer, with boundaries that are coarser where a token holds a particle too. Of the tags only sequences count in which every `I` continues an entity of its type (Viterbi).';

const LIMITS = [
  'It knows the types above and no others, and finds no entity within another.',
  'On texts unlike news and encyclopedias (chats, laws, medicine) it does worse. Measure it on sentences of your own.',
  'Titles and works (`POH`) are annotated differently from one data set to the next; answers of that type are the least sure.',
  'It repeats what its data and the encoder contain, biases about people and groups included.',
];

function frontMatter(isSmall: boolean, sources: Sources): string {
  const { base, data } = sources;
  return [
    '---',
    'language: ko',
    `license: ${licenceOf(sources).hubId}`,
    `library_name: ${isSmall ? 'transformers.js' : 'transformers'}`,
    'pipeline_tag: token-classification',
    ...(base?.hubId ? [`base_model: ${base.hubId}`] : []),
    ...(data?.hubId ? [`datasets:\n- ${data.hubId}`] : []),
    'metrics:\n- f1\n- precision\n- recall',
    'tags:\n- named-entity-recognition\n- korean\n- onnx\n- korex',
    '---',
  ].join('\n');
}

const SENTENCE = '"가온전자는 2004년 이도현이 세운 회사이다."';

function loading(isSmall: boolean): string {
  const python = isSmall
    ? [
        'import onnxruntime',
        'from transformers import AutoTokenizer',
        'tokenizer = AutoTokenizer.from_pretrained("FOLDER")',
        `session = onnxruntime.InferenceSession("FOLDER/${QUANTIZED_GRAPH}")`,
        `batch = tokenizer([${SENTENCE}], return_tensors="np", return_token_type_ids=False)`,
        'logits = session.run(["logits"], {name: values.astype("int64") for name, values in batch.items()})[0]',
      ]
    : [
        'from transformers import pipeline',
        'find = pipeline("token-classification", "FOLDER_OR_HUB_ID", aggregation_strategy="simple")',
        `print(find(${SENTENCE}))`,
      ];
  return [
    'transformers.js:',
    code('js', [
      `import { pipeline } from '@huggingface/transformers';`,
      `const find = await pipeline('token-classification', 'FOLDER_OR_HUB_ID', { dtype: 'q8' });`,
      `console.log(await find(${SENTENCE}));`,
    ]),
    'Python:',
    code('python', python),
    'korex:',
    code('sh', ['npx korex evaluate --task entities --model FOLDER --data sentences.jsonl']),
  ].join('\n\n');
}

function dataSection(facts: RunFacts | null, { data }: Sources): string {
  if (!facts) return 'Not recorded beside this checkpoint.';
  const name = data?.name ?? facts.dataset;
  return `Trained on ${facts.trained_rows} sentences${name === undefined ? '' : ` of ${name}`}; ${facts.plan.validation * 100} % of those whose entities are all known were kept for validation. Evaluated on ${facts.metrics.n} test sentences.`;
}

function resultSection(facts: RunFacts | null): string {
  if (!facts?.entities)
    return 'There is no evaluation beside this checkpoint: `korex evaluate --task entities` makes one.';
  const { all, boundaries, types, sentences } = facts.entities;
  const figure = (value: number) => value.toFixed(4);
  const rows = [['all', all] as const, ...Object.entries(types), ['places alone, of any type', boundaries] as const];
  return [
    table(
      ['entities', 'there', 'precision', 'recall', 'F1', '95 % interval'],
      rows.map(([type, { support, precision, recall, f1, intervals }]) => [
        ...[type, support, figure(precision), figure(recall), figure(f1), intervals.f1.map(figure).join(' … ')],
      ]),
    ),
    `On ${sentences} test sentences, with 32-bit weights; an entity is right where begin, end and type are (as conlleval and seqeval count). Intervals by bootstrap over sentences.`,
  ].join('\n\n');
}

const code = (language: string, lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;
