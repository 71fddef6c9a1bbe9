import { env } from 'onnxruntime-node';

/** The version of onnxruntime that computes here. */
export const runtimeVersion = (): string => env.versions.node ?? env.versions.common;
