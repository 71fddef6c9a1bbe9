import { MARKER_NAMES, type MarkerName } from '../../../../src/base/core/settings.ts';
import { markExample } from '../../../../src/base/text/markers.ts';
import { resolveEntity } from '../../../../src/inference/predict/entities.ts';
import type { ModelResponse, PredictRequest } from '../../../../src/inference/predict/schema.ts';
import type { Ask } from './requests.ts';

export interface Snippet {
  readonly name: string;
  readonly code: string;
}

type Model = Pick<ModelResponse, 'id' | 'head' | 'marker' | 'reads_question'>;

/** A request as code to copy; with the REST API's address also for its clients. */
export function snippetsOf(
  { path, body }: Ask,
  model: Model,
  apiBase: string | null,
  threshold: number | null,
): Snippet[] {
  const asked = threshold === null ? body : { ...body, threshold };
  const json = JSON.stringify(asked, null, 2);
  const library: Snippet = { name: 'TypeScript (korex)', code: libraryCode(path, json) };
  const python = path === '/v1/predict' ? transformersCode(body, model) : null;
  const exported = python === null ? [] : [{ name: 'Python (transformers)', code: python }];
  if (apiBase === null) return [library, ...exported];
  const url = apiBase + path;
  return [
    { name: 'curl', code: curlCode(url, json) },
    { name: 'Python', code: pythonCode(url, asked) },
    { name: 'TypeScript (fetch)', code: fetchCode(url, json) },
    library,
    ...exported,
  ];
}

/** Within single quotes a shell reads everything as it stands but a single quote. */
const curlCode = (url: string, json: string): string =>
  `curl '${url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${json.replaceAll("'", `'\\''`)}'`;

/** Python's own library alone: nothing is to be installed. */
const pythonCode = (url: string, body: unknown): string =>
  `import json
from urllib.request import Request, urlopen

body = ${pythonValue(body)}
request = Request("${url}", json.dumps(body).encode(), {"Content-Type": "application/json"})
with urlopen(request) as response:
    print(json.load(response))`;

/** Of JSON, Python writes texts and numbers alike, the rest in its own words. */
function pythonValue(value: unknown, indent = ''): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}    `;
  const lines = Array.isArray(value)
    ? value.map((item) => pythonValue(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonValue(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.map((line) => `${inner}${line},\n`).join('')}${indent}${close}`;
}

/** For heads that transformers has a class for; others it would open with an untrained one. */
function transformersCode({ sentence, subject, object, top_k }: PredictRequest, model: Model): string | null {
  const marker = MARKER_NAMES.find((name): name is MarkerName => name === model.marker);
  if (model.head !== 'cls' || model.reads_question || marker === undefined) return null;
  const row = {
    sentence,
    subject: resolveEntity(subject, sentence, '/subject'),
    object: resolveEntity(object, sentence, '/object'),
  };
  return `# npx korex export exported --model ${model.id}
from transformers import pipeline

classify = pipeline("text-classification", "exported")
print(classify(${JSON.stringify(markExample(row, marker).text)}, top_k=${top_k}))`;
}

const fetchCode = (url: string, json: string): string =>
  `const response = await fetch('${url}', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(${indented(json)}),
});
if (!response.ok) throw new Error((await response.json()).detail);
console.log(await response.json());`;

const libraryCode = (path: Ask['path'], json: string): string =>
  `import { RelationExtractor } from 'korex';

const re = await RelationExtractor.load();
console.log(await re.${path === '/v1/predict' ? 'predict' : 'extract'}(${json}));
await re.release();`;

const indented = (json: string): string => json.replaceAll('\n', '\n  ');
