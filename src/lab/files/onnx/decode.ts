/** The bytes of an ONNX file as the official schema (schema/onnx.proto) reads them. */
import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from './schema/onnx_pb';

/** null where they are none. */
export function decodeOnnx(bytes: Uint8Array): ModelProto | null {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    return null;
  }
}
