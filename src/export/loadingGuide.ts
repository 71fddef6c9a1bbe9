import type { CardInput } from './modelCard.ts';

/** How to load an exported model in transformers.js, Python and korex, as Markdown. */
export function loadingGuide({ model: { spec }, isSmall }: CardInput, example: string): string {
  const text = JSON.stringify(example);
  return [
    isSmall ? 'transformers.js:' : `transformers.js, with 32-bit weights (\`dtype: 'fp32'\`) or 8-bit ones (\`'q8'\`):`,
    code('js', [
      `import { pipeline } from '@huggingface/transformers';`,
      `const classify = await pipeline('text-classification', 'FOLDER_OR_HUB_ID', { dtype: 'q8' });`,
      `console.log(await classify(${text}));`,
    ]),
    spec.head === 'cls' && !isSmall ? transformers(text) : onnxruntime(text, isSmall ? QUANTIZED : FULL),
    'korex:',
    code('sh', ['npx korex evaluate --model FOLDER --data rows.json']),
  ].join('\n\n');
}

const transformers = (text: string): string =>
  [
    'Python, transformers:',
    code('python', [
      'from transformers import pipeline',
      `classify = pipeline("text-classification", "FOLDER_OR_HUB_ID")`,
      `print(classify(${text}))`,
    ]),
  ].join('\n\n');

const FULL = 'onnx/model.onnx';
const QUANTIZED = 'onnx/model_quantized.onnx';

/** transformers has no class for this head and would put an untrained one in its place. */
const onnxruntime = (text: string, file: string): string =>
  [
    'Python: transformers has no class for this head, and `AutoModelForSequenceClassification` would put an untrained one in its place. Use the ONNX file:',
    code('python', [
      'import onnxruntime',
      'from transformers import AutoTokenizer',
      'tokenizer = AutoTokenizer.from_pretrained("FOLDER")',
      `session = onnxruntime.InferenceSession("FOLDER/${file}")`,
      `batch = tokenizer([${text}], return_tensors="np", return_token_type_ids=False)`,
      'logits = session.run(["logits"], {name: values.astype("int64") for name, values in batch.items()})[0]',
    ]),
  ].join('\n\n');

const code = (language: string, lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;
