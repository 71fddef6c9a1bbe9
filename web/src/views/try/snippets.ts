import type { Ask } from './requests.ts';

export interface Snippet {
  readonly name: string;
  readonly code: string;
}

/** A request as code to copy; with the REST API's address also as curl and fetch. */
export function snippetsOf({ path, body }: Ask, apiBase: string | null, threshold: number | null): Snippet[] {
  const asked = threshold === null ? body : { ...body, threshold };
  const json = JSON.stringify(asked, null, 2);
  const library: Snippet = { name: 'TypeScript (korex)', code: libraryCode(path, json) };
  if (apiBase === null) return [library];
  const url = apiBase + path;
  return [
    { name: 'curl', code: curlCode(url, json) },
    { name: 'TypeScript (fetch)', code: fetchCode(url, json) },
    library,
  ];
}

/** Within single quotes a shell reads everything as it stands but a single quote. */
const curlCode = (url: string, json: string): string =>
  `curl '${url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${json.replaceAll("'", `'\\''`)}'`;

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
