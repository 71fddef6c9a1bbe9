import { mkdir, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeFileAtomic, writeJson } from '../../base/core/files.ts';
import { checkReplaceable, replaceFolder } from '../../base/core/folders.ts';
import { VERSION } from '../../base/core/version.ts';
import {
  isEntityModel,
  loadEntityModel,
  saveEntityModel,
  withoutUnusedPositions,
} from '../../engine/nn/entityModel.ts';
import { taskNameOf } from '../../engine/nn/modelTask.ts';
import { loadRelationModel, saveRelationModel } from '../../engine/nn/relationModel.ts';
import { FULL_GRAPH, QUANTIZED_GRAPH } from '../../engine/nn/weights/weightFiles.ts';
import { CALIBRATION_FILE, loadCalibration } from '../../engine/runs/calibration.ts';
import type { FoundModel } from '../predict/findModel.ts';
import { entityCard } from './entityCard.ts';
import { buildExport } from './exportGraph.ts';
import { baseModelOf, dataSourceOf } from './licences.ts';
import { modelCard } from './modelCard.ts';
import { EXPORT_FILE, readRunFacts } from './runFacts.ts';

export interface ExportOptions {
  /** Replaces a folder that is not an earlier export. */
  readonly force: boolean;
  /** Leaves the 32-bit weights out: the 8-bit graph alone, which korex opens too. */
  readonly small?: boolean;
  /** Licences of encoders, by name. */
  readonly licences: ReadonlyMap<string, string>;
  /** Called before each part that takes a while. */
  readonly onPart?: (part: string) => void;
  readonly signal?: AbortSignal;
}

export interface ExportedFile {
  readonly path: string;
  readonly bytes: number;
}

const GRAPHS = [
  [FULL_GRAPH, 'fp32'],
  [QUANTIZED_GRAPH, 'int8'],
] as const;

/**
 * Writes a model as a Hugging Face folder with ONNX graphs and a model card, whole or not at all. Returns its files.
 *
 * Errors: `usage` where the folder exists and is no earlier export, or the model is none; `failed` for a full disk.
 */
export async function exportModel(found: FoundModel, out: string, options: ExportOptions): Promise<ExportedFile[]> {
  const { small = false } = options;
  if (!options.force) await checkReplaceable(out, EXPORT_FILE, 'korex export');
  const isEntities = (await taskNameOf(found.folder)) === 'entities';
  const model = isEntities ? await loadEntityModel(found.folder) : await loadRelationModel(found.folder);
  const calibration = await loadCalibration(found.folder);
  const facts = await readRunFacts(found.folder);
  const sources = {
    base: baseModelOf(facts?.plan.encoder, options.licences),
    data: dataSourceOf(facts?.dataset),
  };
  const begin = (part: string) => {
    options.signal?.throwIfAborted();
    options.onPart?.(part);
  };
  await replaceFolder(out, async (folder) => {
    if (!small) begin('model.safetensors');
    const saved = isEntityModel(model) && small ? withoutUnusedPositions(model) : model;
    if (isEntityModel(saved)) await saveEntityModel(folder, saved, { weights: !small });
    else await saveRelationModel(folder, saved, { weights: !small });
    if (calibration) await writeJson(join(folder, CALIBRATION_FILE), calibration);
    await mkdir(join(folder, 'onnx'));
    for (const [path, precision] of GRAPHS.filter(([, kept]) => !small || kept === 'int8')) {
      begin(path);
      await writeFileAtomic(join(folder, path), buildExport(saved, precision));
    }
    await writeFileAtomic(
      join(folder, 'README.md'),
      isEntityModel(model)
        ? entityCard({ name: found.name, model, facts, sources, isSmall: small })
        : modelCard({ name: found.name, model, facts, sources, isSmall: small, text: calibration?.text ?? null }),
    );
    await writeJson(join(folder, EXPORT_FILE), { korex: VERSION, model: found.name, run: facts });
  });
  return filesOf(out);
}

async function filesOf(folder: string): Promise<ExportedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.map(async (path) => ({ path: relative(folder, path), bytes: (await stat(path)).size }));
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1));
}
