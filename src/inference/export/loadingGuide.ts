import type { HeadName } from '../../base/core/settings.ts';
import { FULL_GRAPH, QUANTIZED_GRAPH } from '../../engine/nn/weights/weightFiles.ts';

/** An input as this model reads it: the marked sentence, and the question before it where the model takes one. */
export interface ExampleInput {
  readonly question: string | null;
  readonly sentence: string;
}

/**
 * How to load an exported model in transformers.js, Python and korex, as Markdown.
 *
 * @param isSmall whether there is only the 8-bit graph
 */
export function loadingGuide(head: HeadName, isSmall: boolean, { question, sentence }: ExampleInput): string {
  const text = JSON.stringify(sentence);
  const first = question === null ? null : JSON.stringify(question);
  return [
    isSmall ? 'transformers.js:' : `transformers.js, with 32-bit weights (\`dtype: 'fp32'\`) or 8-bit ones (\`'q8'\`):`,
    code('js', first === null ? pipelineLines(text) : pairLines(first, text)),
    head === 'cls' && !isSmall
      ? transformers(first, text)
      : onnxruntime(first, text, isSmall ? QUANTIZED_GRAPH : FULL_GRAPH),
    'korex:',
    code('sh', ['npx korex evaluate --model FOLDER --data rows.json']),
  ].join('\n\n');
}

const pipelineLines = (text: string): string[] => [
  `import { pipeline } from '@huggingface/transformers';`,
  `const classify = await pipeline('text-classification', 'FOLDER_OR_HUB_ID', { dtype: 'q8' });`,
  `console.log(await classify(${text}));`,
];

/** The pipeline of transformers.js takes no pairs. */
const pairLines = (question: string, text: string): string[] => [
  `import { AutoModelForSequenceClassification, AutoTokenizer } from '@huggingface/transformers';`,
  `const tokenizer = await AutoTokenizer.from_pretrained('FOLDER_OR_HUB_ID');`,
  `const model = await AutoModelForSequenceClassification.from_pretrained('FOLDER_OR_HUB_ID', { dtype: 'q8' });`,
  `const inputs = tokenizer(${question}, { text_pair: ${text} });`,
  'const { logits } = await model(inputs);',
  'console.log(model.config.id2label[logits.data.indexOf(Math.max(...logits.data))]);',
];

const transformers = (question: string | null, text: string): string =>
  [
    'Python, transformers:',
    code('python', [
      'from transformers import pipeline',
      `classify = pipeline("text-classification", "FOLDER_OR_HUB_ID")`,
      `print(classify(${question === null ? text : `{"text": ${question}, "text_pair": ${text}}`}))`,
    ]),
  ].join('\n\n');

/** transformers has no class for this head and would put an untrained one in its place. */
const onnxruntime = (question: string | null, text: string, file: string): string =>
  [
    'Python: transformers has no class for this head, and `AutoModelForSequenceClassification` would put an untrained one in its place. Use the ONNX file:',
    code('python', [
      'import onnxruntime',
      'from transformers import AutoTokenizer',
      'tokenizer = AutoTokenizer.from_pretrained("FOLDER")',
      `session = onnxruntime.InferenceSession("FOLDER/${file}")`,
      `batch = tokenizer(${question === null ? '' : `[${question}], `}[${text}], return_tensors="np", return_token_type_ids=False)`,
      'logits = session.run(["logits"], {name: values.astype("int64") for name, values in batch.items()})[0]',
    ]),
  ].join('\n\n');

const code = (language: string, lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;
