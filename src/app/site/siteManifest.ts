import { z } from 'zod';
import type { EntityTask } from '../../engine/nn/entityModel.ts';
import type { PaddingConfig } from '../../engine/nn/positions.ts';
import type { TaskSpec } from '../../engine/nn/relationModel.ts';
import type { Postprocessing } from '../../inference/predict/answer.ts';
import type { ModelResponse } from '../../inference/predict/schema.ts';

const bytes = z.int().min(1);
/** `bytes` is the file's own size, that of a part what a browser loads. */
export const packedFileSchema = z.object({ bytes, parts: z.array(z.object({ path: z.string(), bytes })).min(1) });

/** A file that a page's folder holds as scripts (see `packFile`), part by part. */
export type PackedFile = z.output<typeof packedFileSchema>;

/** All that a page knows before it loads anything large: `model.js` hands it over. Paths are relative to the page. */
export interface SiteManifest {
  readonly info: ModelResponse;
  readonly task: TaskSpec;
  readonly padding: PaddingConfig;
  readonly postprocessing: Postprocessing;
  readonly files: {
    /** onnxruntime’s WebAssembly module. */
    readonly runtime: PackedFile;
    /** JSON: `TokenizerFiles`. */
    readonly tokenizer: PackedFile;
    /** The graph of `buildPageGraph`. */
    readonly graph: PackedFile;
  };
  /** The model that finds the entities of a text, loaded with the first text; null in a page that answers marked sentences alone. */
  readonly entities: {
    readonly name: string;
    readonly task: EntityTask;
    readonly padding: PaddingConfig;
    readonly files: { readonly tokenizer: PackedFile; readonly graph: PackedFile };
  } | null;
}

/** What a browser loads of a file. */
export const sentBytes = ({ parts }: PackedFile): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);
