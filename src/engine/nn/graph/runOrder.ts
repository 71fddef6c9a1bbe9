import type { OnnxNode } from './onnxModel.ts';

/** Lets the node that makes a value write it under the output's name, where a node makes it. */
export function withoutIdentities(nodes: readonly OnnxNode[]): OnnxNode[] {
  const made = new Set(nodes.flatMap(({ op, outputs }) => (op === 'Identity' ? [] : outputs)));
  const renamed = new Map<string, string>();
  const kept = nodes.filter(({ op, inputs, outputs }) => {
    const [from, to] = [inputs[0]!, outputs[0]!];
    if (op !== 'Identity' || !made.has(from) || renamed.has(from)) return true;
    renamed.set(from, to);
    return false;
  });
  const rename = (name: string) => renamed.get(name) ?? name;
  return kept.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }));
}

/**
 * onnxruntime runs the nodes that no other node needs from the last to the first, each after what it needs. Written the
 * other way round, a gradient is computed when what it is made of has just been, and is still in the cache, instead of
 * after the whole backward pass.
 */
export function inRunOrder(nodes: readonly OnnxNode[]): OnnxNode[] {
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const isLast = ({ outputs }: OnnxNode) => !outputs.some((output) => used.has(output));
  return [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast).reverse()];
}
