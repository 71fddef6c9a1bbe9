import { GRADIENT_RULES, type GradientRule } from './gradients.ts';
import type { Graph } from './graph.ts';
import type { GraphNode, OpName, Tensor } from './nodes.ts';
import { opsOf } from './ops.ts';

/** Gradients by parameter name: dense ones of the parameter's shape, and rows where a table is gathered from. */
export interface Gradients {
  readonly dense: ReadonlyMap<string, Tensor>;
  /** For the parameters in `gathered`: the gradient of the gathered rows (k, d), to be added up by row index. */
  readonly rows: ReadonlyMap<string, Tensor>;
}

/**
 * Reverse-mode differentiation: adds the nodes that compute d loss / d parameter for each dense parameter and, for the
 * tables in `gathered` (embeddings), d loss / d gathered rows, so that a large table never has a gradient of its size. A
 * table that is also used otherwise (tied to a decoder) is in both lists: its gradient is the sum of both parts.
 *
 * Walks the nodes in reverse; only nodes between the parameters and the loss get gradients. Gradients of a value used
 * several times are summed, broadcast axes are reduced, here and nowhere else.
 */
export function backward(
  graph: Graph,
  loss: Tensor,
  parameters: readonly Tensor[],
  gathered: readonly Tensor[],
): Gradients {
  const ops = opsOf(graph);
  const forward = [...graph.nodes];
  const targets = new Set([...parameters, ...gathered].map((tensor) => tensor.name));
  const reached = dependents(forward, targets);
  const tables = new Set(gathered.map((tensor) => tensor.name));
  const gradients = new Map<string, Tensor>([[loss.name, graph.scalar(1)]]);
  const rows = new Map<string, Tensor>();

  const accumulate = (input: Tensor, contribution: Tensor) => {
    const known = gradients.get(input.name);
    gradients.set(input.name, known ? ops.add(known, contribution) : contribution);
  };

  for (const node of forward.reverse()) {
    const dy = gradients.get(node.outputs[0]!.name);
    const made = node.outputs[0]!.name;
    // What a parameter is made of has no gradient: the parameter is what it ends at.
    if (!dy || !reached.has(made) || targets.has(made)) continue;
    const table = node.inputs[0];
    if (node.op === 'Gather' && table && tables.has(table.name)) {
      if (rows.has(table.name)) throw new Error(`${table.name} is gathered from twice.`);
      rows.set(table.name, dy);
      continue;
    }
    const rule = GRADIENT_RULES[node.op as OpName] as GradientRule<OpName> | undefined;
    if (!rule) throw new Error(`${node.op} has no gradient rule.`);
    for (const [index, gradient] of rule(node as GraphNode<OpName>, dy, ops).entries()) {
      const input = node.inputs[index]!;
      if (gradient && reached.has(input.name)) accumulate(input, unbroadcast(gradient, input, ops));
    }
  }
  const dense = parameters.map((tensor) => {
    const gradient = gradients.get(tensor.name);
    if (!gradient) throw new Error(`The loss does not depend on ${tensor.name}.`);
    return [tensor.name, gradient] as const;
  });
  return { dense: new Map(dense), rows };
}

/** Names of all values that depend on one of `targets`, the targets included. */
export function dependents(nodes: readonly GraphNode[], targets: ReadonlySet<string>): Set<string> {
  const reached = new Set(targets);
  for (const node of nodes)
    if (node.inputs.some((input) => reached.has(input.name)))
      for (const output of node.outputs) reached.add(output.name);
  return reached;
}

/** Sums a gradient over the axes along which `input` was broadcast. */
function unbroadcast(gradient: Tensor, input: Tensor, { reduceSum }: ReturnType<typeof opsOf>): Tensor {
  const extra = gradient.shape.length - input.shape.length;
  const leading = Array.from({ length: extra }, (_, axis) => axis);
  const summed = leading.length > 0 ? reduceSum(gradient, leading) : gradient;
  const stretched = input.shape.flatMap((dim, axis) => (dim === 1 && summed.shape[axis] !== 1 ? [axis] : []));
  return stretched.length > 0 ? reduceSum(summed, stretched, true) : summed;
}
