"""TensorFlow's own Python bindings of the schema -> tables.ts: slots, kinds and defaults of the tables that files use."""
import re
import sys

TABLES = """Model OperatorCode SubGraph Tensor QuantizationParameters Operator Buffer Metadata SignatureDef TensorMap
AddOptions BatchMatMulOptions CastOptions Conv2DOptions DepthwiseConv2DOptions DequantizeOptions DivOptions EqualOptions
FullyConnectedOptions GatherOptions GeluOptions MaximumMinimumOptions MulOptions NegOptions PadOptions PadV2Options
Pool2DOptions ReducerOptions ReshapeOptions SelectV2Options SliceOptions SoftmaxOptions SquaredDifferenceOptions SubOptions
TransposeOptions""".split()
ENUMS = ["BuiltinOperator", "BuiltinOptions", "TensorType", "Padding", "ActivationFunctionType"]

text = open(sys.argv[1]).read()

print("/** Made by make.py of TensorFlow's bindings of the official schema (README.md): not to be edited. */")
print("\n/** Table -> how many fields it has, and of each that is not deprecated its slot, kind and default. */")
print("export const TABLES = {")
for table in TABLES:
    (size,) = re.findall(rf"def {table}Start\(builder\):\n    builder.StartObject\((\d+)\)", text)
    print(f"  {table}: {{ size: {size}, fields: {{")
    for name, kind, rest in re.findall(
        rf"def {table}Add(\w+)\(builder, \w+\):\n    builder.Prepend(\w+)Slot\((.*)\)\n", text
    ):
        slot, default = rest.split(",")[0], rest.split(",")[-1].strip()
        kind = "Offset" if kind == "UOffsetTRelative" else kind
        default = default.lower() if default in ("True", "False") else default
        print(f"    {name[0].lower()}{name[1:]}: ['{kind}', {slot}, {default}],")
    print("  } },")
print("} as const;")
for enum in ENUMS:
    (body,) = re.findall(rf"class {enum}\(object\):\n((?:    \w+ = \d+\n)+)", text)
    pairs = re.findall(r"(\w+) = (\d+)", body)
    if enum == "BuiltinOptions":
        pairs = [(name, value) for name, value in pairs if name in TABLES]
    print(f"\nexport const {enum} = {{")
    for name, value in pairs:
        print(f"  {name}: {value},")
    print("} as const;")
