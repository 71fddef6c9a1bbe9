import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { sha256, sha256File, writeJson } from '../../base/core/files.ts';
import type { Settings } from '../../base/core/settings.ts';
import type { Localized } from '../../base/core/types.ts';
import type { HubOptions } from '../../base/hub/snapshot.ts';
import { resolveEncoder } from '../../engine/nn/encoderFolder.ts';
import { checkpointStep, runsFolder } from '../../engine/runs/runFolder.ts';
import { findTeachers, teachersDigest } from '../../inference/predict/findModel.ts';
import type { Stage } from '../stages/stage.ts';

/** What a stage's result was made from. Two runs with equal inputs give equal files. */
export interface StageInputs {
  readonly korex: string;
  /** The settings that the stage names, by name. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Digest of the rows. */
  readonly dataset: string;
  /** Digest of the encoder's files; null for the bundled one, which belongs to the code. */
  readonly encoder: string | null;
  /** Digests of the teachers' files; null without teachers. */
  readonly teacher: string | null;
  /** Digest of each needed stage's output files. */
  readonly needs: Readonly<Record<string, string>>;
  /** Digests of further files that the stage reads. */
  readonly files: Readonly<Record<string, string>>;
}

/** `stage.json`: the inputs of a finished stage, the SHA-256 of every file it left, and what it returned. */
export interface StageRecord {
  readonly inputs: StageInputs;
  readonly outputs: Readonly<Record<string, string>>;
  readonly result: Readonly<Record<string, unknown>>;
}

const RECORD_FILE = 'stage.json';

const recordSchema: z.ZodType<StageRecord> = z.object({
  inputs: z.object({
    korex: z.string(),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    dataset: z.string(),
    encoder: z.string().nullable(),
    // Records of earlier versions lack it.
    teacher: z.string().nullable().default(null),
    needs: z.record(z.string(), z.string()),
    files: z.record(z.string(), z.string()),
  }),
  outputs: z.record(z.string(), z.string()),
  result: z.record(z.string(), z.unknown()),
});

/** Where a stage with these settings keeps its result and record: its folder, or the one subfolder that it owns there. */
export function resultFolder(stage: Stage, settings: Settings): string {
  const owned = stage.owns?.(settings);
  return join(settings.out, stage.folder, ...(owned?.length === 1 ? owned : []));
}

/** The record of a finished stage; null where there is none that can be read, which means the stage is to be redone. */
export async function readRecord(folder: string): Promise<StageRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(folder, RECORD_FILE), 'utf8')));
  } catch {
    return null;
  }
}

/** Removed before a stage starts, so that one that is interrupted counts as not done. */
export const removeRecord = (folder: string): Promise<void> => rm(join(folder, RECORD_FILE), { force: true });

/** Written last, when all files of the stage are complete. */
export async function writeRecord(
  stage: Stage,
  settings: Settings,
  inputs: StageInputs,
  result: StageRecord['result'],
): Promise<StageRecord> {
  const folder = resultFolder(stage, settings);
  const owned = stage.owns?.(settings) ?? [];
  const roots = owned.length > 1 ? owned : [''];
  const files = (await Promise.all(roots.map((root) => filesUnder(folder, root)))).flat().sort();
  const outputs: Record<string, string> = {};
  for (const path of files) outputs[path] = await sha256File(join(folder, path));
  const record = { inputs, outputs, result };
  await writeJson(join(folder, RECORD_FILE), record);
  return record;
}

/** Digest of all that a stage has to offer to the stages that read it: its files, and results of their own beside them. */
export async function resultDigest(folder: string, { outputs }: StageRecord): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const beside = await Promise.all(names.map(async (name) => [name, (await readRecord(join(folder, name)))?.outputs]));
  return sha256(JSON.stringify([outputs, beside.filter(([, recorded]) => recorded !== undefined)]));
}

/** Why a recorded result cannot be reused, in words; null where it can. */
export async function whyStale(folder: string, record: StageRecord, inputs: StageInputs): Promise<Localized | null> {
  const was = record.inputs;
  if (was.korex !== inputs.korex) return OTHER_VERSION;
  if (was.dataset !== inputs.dataset) return changed('the data', '데이터');
  const setting = differing(was.settings, inputs.settings);
  if (setting) return changed(`setting ${setting}`, `설정 ${setting}`);
  if (was.encoder !== inputs.encoder) return changed('the encoder', '인코더');
  if (was.teacher !== inputs.teacher) return changed('a teacher', '교사 모델');
  const need = differing(was.needs, inputs.needs);
  if (need) return changed(`stage ${need}`, `단계 ${need}`);
  const read = differing(was.files, inputs.files);
  if (read) return changed(read, read);
  for (const [path, digest] of Object.entries(record.outputs)) {
    const file = join(folder, path);
    if (!(await isFile(file))) return { en: `${path} is missing`, ko: `${path}: 없음` };
    if ((await sha256File(file)) !== digest) return { en: `${path} was changed`, ko: `${path}: 고쳐졌음` };
  }
  return null;
}

const OTHER_VERSION: Localized = { en: 'made by another version of korex', ko: '다른 버전의 korex가 만들었음' };
const changed = (en: string, ko: string): Localized => ({ en: `${en} changed`, ko: `${ko}: 바뀌었음` });

function differing(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string | undefined {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].find((name) => a[name] !== b[name]);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

/** Result files below `root`, relative to `folder`. Checkpoints serve resuming: who deletes them keeps the result. */
async function filesUnder(folder: string, root: string): Promise<string[]> {
  const entries = await readdir(join(folder, root), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = root === '' ? entry.name : `${root}/${entry.name}`;
      if (entry.isDirectory()) return checkpointStep(entry.name) !== null ? [] : filesUnder(folder, path);
      return entry.name === RECORD_FILE || entry.name.endsWith('.tmp') ? [] : [path];
    }),
  );
  return found.flat();
}

/**
 * Digest of the names, sizes and times of an encoder folder's files: its weights may be too large to read each time. Of
 * the Hub's encoders, which are downloaded here where they are missing, the commit says as much.
 */
export async function encoderDigest(encoder: string, options: HubOptions): Promise<string | null> {
  if (encoder === 'bundled') return null;
  const folder = await resolveEncoder(encoder, options);
  if (folder !== encoder) return sha256(basename(folder));
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])).sort();
  const facts = await Promise.all(
    files.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return [name, size, mtimeMs];
    }),
  );
  return sha256(JSON.stringify(facts));
}

/** What identifies the teachers of the settings; null without any. Errors: those of `findTeachers`. */
export async function teacherDigest({ teacher, out }: Settings, options: HubOptions): Promise<string | null> {
  return teacher === null ? null : teachersDigest(await findTeachers(teacher, runsFolder(out), options));
}
