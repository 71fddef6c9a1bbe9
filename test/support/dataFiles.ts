import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { KorexError } from '../../src/base/core/errors.ts';
import type { Example } from '../../src/base/core/types.ts';
import { loadRows, type RowsOptions } from '../../src/base/data/loadRows.ts';

/** The same invented rows as other tools export them, made by `tools/fixtures/data_files.py`. */
export const FIXTURES = fileURLToPath(new URL('../fixtures/data/', import.meta.url));

export interface KlueEntity {
  word: string;
  start_idx: number;
  end_idx: number;
  type: string | null;
}
export interface KlueRow {
  guid: string;
  sentence: string;
  subject_entity: KlueEntity;
  object_entity: KlueEntity;
  label: string;
  source: string;
}

/** Those rows in KLUE's layout. */
export const ROWS = JSON.parse(readFileSync(join(FIXTURES, 'rows.json'), 'utf8')) as KlueRow[];
export const [ROW] = ROWS as [KlueRow];

const root = mkdtempSync(join(tmpdir(), 'korex-data-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A new, empty folder that goes when the tests of the file are over. */
export const newFolder = (): string => mkdtempSync(join(root, 'folder-'));

/** Writes a file into a new folder, with `relation_list.json` beside it if given, and returns its path. */
export function file(name: string, content: string | Uint8Array, relationList?: unknown): string {
  const folder = newFolder();
  if (relationList !== undefined) writeFileSync(join(folder, 'relation_list.json'), JSON.stringify(relationList));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

export const jsonFile = (rows: unknown, relationList?: unknown) =>
  file('rows.json', JSON.stringify(rows), relationList);

/** Message and hint of the usage error that reading ends in, the folder's name left out. */
export async function errorOf(path: string, options?: RowsOptions): Promise<string> {
  const error = await loadRows(path, options).catch((thrown: unknown) => thrown);
  if (!(error instanceof KorexError)) throw new Error(`Expected a KorexError for ${path}, got ${String(error)}`);
  expect(error.kind).toBe('usage');
  return `${error.message}\n${error.hint}`.replaceAll(path.slice(0, path.lastIndexOf('/') + 1), '');
}

/** The rows as korex knows them. */
export const EXPECTED: Example[] = ROWS.map(({ subject_entity, object_entity, ...row }) => ({
  ...row,
  subject: entityOf(subject_entity),
  object: entityOf(object_entity),
}));

function entityOf({ word, start_idx, end_idx, type }: KlueEntity) {
  return { word, start: start_idx, end: end_idx, type };
}
