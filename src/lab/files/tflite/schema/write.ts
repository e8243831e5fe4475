/** Tables of the official schema as bytes, by the flatbuffers library. */
import { Builder } from 'flatbuffers';
import { TABLES } from './tables';

type Tables = typeof TABLES;
export type TableName = keyof Tables;

export type FieldValue =
  | number
  | boolean
  | string
  | Uint8Array
  | Int32Array
  | Float32Array
  | BigInt64Array
  | AnyTable
  | readonly AnyTable[];

/** A table with those of its fields that have a value: the others have the schema's defaults. */
export interface Table<Name extends TableName> {
  readonly table: Name;
  readonly fields: Partial<Record<keyof Tables[Name]['fields'], FieldValue>>;
}
export type AnyTable = { readonly [Name in TableName]: Table<Name> }[TableName];

export const table = <Name extends TableName>(name: Name, fields: Table<Name>['fields']): Table<Name> => ({
  table: name,
  fields,
});

/** Machines read numbers of weights where they lie, in words of up to so many bytes: the schema says so of Buffer.data. */
const ALIGNED = 16;

/** A file that holds this table. identifier: four signs by which its kind is known. */
export function fileOf(root: AnyTable, identifier: string): Uint8Array {
  const builder = new Builder(1 << 16);
  builder.finish(tableAt(builder, root), identifier);
  return builder.asUint8Array().slice();
}

type Kind = 'Bool' | 'Int8' | 'Uint8' | 'Int32' | 'Uint32' | 'Uint64' | 'Float32' | 'Offset';

function tableAt(builder: Builder, { table: name, fields }: AnyTable): number {
  const { size, fields: known } = TABLES[name] as {
    readonly size: number;
    readonly fields: Readonly<Record<string, readonly [Kind, number, number | boolean]>>;
  };
  // What a table points to is written before it.
  const placed = Object.entries(fields as Record<string, FieldValue>).map(
    ([field, value]) =>
      [
        known[field],
        typeof value === 'number' || typeof value === 'boolean' ? value : offsetOf(builder, value),
      ] as const,
  );
  builder.startObject(size);
  for (const [[kind, slot, usual], value] of placed) {
    if (kind === 'Offset') builder.addFieldOffset(slot, value as number, 0);
    else if (kind === 'Float32') builder.addFieldFloat32(slot, value as number, usual as number);
    else if (kind === 'Uint64') builder.addFieldInt64(slot, BigInt(value), BigInt(usual));
    else if (kind === 'Int32' || kind === 'Uint32')
      builder.addFieldInt32(slot, value as number, usual as number);
    else builder.addFieldInt8(slot, Number(value), Number(usual));
  }
  return builder.endObject();
}

function offsetOf(builder: Builder, value: Exclude<FieldValue, number | boolean>): number {
  if (typeof value === 'string') return builder.createString(value);
  if (value instanceof Uint8Array) {
    builder.prep(ALIGNED, value.length);
    return builder.createByteVector(value);
  }
  if (value instanceof Int32Array) return vectorOf(builder, value, 4, (each) => builder.addInt32(each));
  if (value instanceof Float32Array) return vectorOf(builder, value, 4, (each) => builder.addFloat32(each));
  if (value instanceof BigInt64Array) return vectorOf(builder, value, 8, (each) => builder.addInt64(each));
  if (!Array.isArray(value)) return tableAt(builder, value as AnyTable);
  const offsets = (value as readonly AnyTable[]).map((each) => tableAt(builder, each));
  return vectorOf(builder, offsets, 4, (each) => builder.addOffset(each));
}

/** Vectors are written from behind. */
function vectorOf<Each>(
  builder: Builder,
  values: { readonly length: number; readonly [index: number]: Each },
  bytes: number,
  add: (each: Each) => void,
): number {
  builder.startVector(bytes, values.length, bytes);
  for (let i = values.length - 1; i >= 0; i--) add(values[i]);
  return builder.endVector();
}
