import protobuf from 'protobufjs/light.js';
import { z } from 'zod';

/**
 * The part of the ONNX format that korex writes (onnx.proto3, IR version 10): field names and numbers are the standard's.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const ONNX_SCHEMA = {
  nested: {
    Attribute: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        t: { type: 'Tensor', id: 5 },
        ints: { rule: 'repeated', type: 'int64', id: 8 },
        type: { type: 'int32', id: 20 },
      },
    },
    Node: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'Attribute', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    Tensor: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
    Dimension: { fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } } },
    TensorShape: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } } },
    TensorType: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShape', id: 2 } } },
    Type: { fields: { tensorType: { type: 'TensorType', id: 1 } } },
    ValueInfo: { fields: { name: { type: 'string', id: 1 }, type: { type: 'Type', id: 2 } } },
    Graph: {
      fields: {
        node: { rule: 'repeated', type: 'Node', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'Tensor', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfo', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfo', id: 12 },
      },
    },
    OperatorSet: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    Model: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'Graph', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSet', id: 8 },
      },
    },
  },
};

const root = protobuf.Root.fromJSON(ONNX_SCHEMA);
const Model = root.lookupType('Model');
const GraphType = root.lookupType('Graph');
const TensorType = root.lookupType('Tensor');

/** ONNX element types in use, with the standard's numbers. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A size, or the name of one that is known only when the graph runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

export type AttributeValue = number | readonly number[] | { readonly float: number } | { readonly text: string };

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
}

/** Operators that onnxruntime defines beside the standard. */
const MICROSOFT_OPS: ReadonlySet<string> = new Set(['FusedMatMul', 'Gelu', 'MatMulIntegerToFloat']);
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_STRING = 3;
const ATTRIBUTE_INTS = 7;

/**
 * Serialises a graph as an ONNX model (opset 17, and com.microsoft 1 where a node needs it). Stored values, nearly all of its
 * bytes, are copied once, to their place: a protocol buffer is its fields one after the other.
 */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  const opsetImport = [
    { domain: '', version: 17 },
    ...(graph.nodes.some(({ op }) => MICROSOFT_OPS.has(op)) ? [{ domain: 'com.microsoft', version: 1 }] : []),
  ];
  const parts = [
    encoded(GraphType, { node: graph.nodes.map(toNode), name: 'korex' }),
    ...graph.initializers.flatMap(({ name, type, dims, data }) => {
      const head = encoded(TensorType, { name, dims, dataType: ELEMENT_TYPES[type] });
      return withLength(GraphType, 'initializer', [head, ...withLength(TensorType, 'rawData', [data])]);
    }),
    encoded(GraphType, { input: graph.inputs.map(toValueInfo), output: graph.outputs.map(toValueInfo) }),
  ];
  return joined([
    encoded(Model, { irVersion: 8, producerName: 'korex' }),
    ...withLength(Model, 'graph', parts),
    encoded(Model, { opsetImport }),
  ]);
}

const encoded = (type: protobuf.Type, fields: Readonly<Record<string, unknown>>): Uint8Array =>
  type.encode(type.fromObject(fields)).finish();

/** Bytes and messages go by their length (wire type 2): the field's tag and the length stand before them. */
const BY_LENGTH = 2;

function withLength(type: protobuf.Type, field: string, parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const tag = (type.fields[field]!.id << 3) | BY_LENGTH;
  return [protobuf.Writer.create().uint32(tag).uint32(lengthOf(parts)).finish(), ...parts];
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A tensor stored in a model. */
export interface StoredTensor {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/**
 * The tensors stored in an ONNX model, by name: those of the types above whose values are raw bytes, as korex writes them.
 *
 * Errors: throws for bytes that are no protocol buffer of this kind.
 */
export function decodeStoredTensors(bytes: Uint8Array): Map<string, StoredTensor> {
  const types = new Map<number, ElementType>(
    Object.entries(ELEMENT_TYPES).map(([type, number]) => [number, type as ElementType]),
  );
  const { graph } = decodedModel.parse(Model.toObject(Model.decode(bytes), { longs: Number, defaults: true }));
  return new Map(
    graph.initializer.flatMap(({ name, dims, dataType, rawData }) => {
      const type = types.get(dataType);
      return type ? [[name, { type, dims, data: rawData }] as const] : [];
    }),
  );
}

const decodedModel = z.object({
  graph: z.object({
    initializer: z.array(
      z.object({
        name: z.string(),
        dims: z.array(z.number().int().min(0)),
        dataType: z.number(),
        rawData: z.instanceof(Uint8Array),
      }),
    ),
  }),
});

const toNode = (node: OnnxNode, index: number) => ({
  name: `${node.op}_${index}`,
  opType: node.op,
  domain: MICROSOFT_OPS.has(node.op) ? 'com.microsoft' : '',
  input: node.inputs,
  output: node.outputs,
  attribute: Object.entries(node.attributes).map(([name, value]) => ({ name, ...toAttribute(value) })),
});

function toAttribute(value: AttributeValue) {
  if (typeof value === 'number') return { type: ATTRIBUTE_INT, i: value };
  if ('float' in value) return { type: ATTRIBUTE_FLOAT, f: value.float };
  if ('text' in value) return { type: ATTRIBUTE_STRING, s: new TextEncoder().encode(value.text) };
  return { type: ATTRIBUTE_INTS, ints: value };
}

const toValueInfo = ({ name, type, shape }: OnnxValue) => ({
  name,
  type: {
    tensorType: {
      elemType: ELEMENT_TYPES[type],
      shape: { dim: shape.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
    },
  },
});
