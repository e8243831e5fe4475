/** The script that runs an exported network: Python with numpy alone, as it stands in the README and as `run.py`. */

/**
 * @param pattern a test picture by its formula, in Python over y, x and c.
 * @param hasBands whether the network reads bands that were chosen from those of a file.
 */
export const scriptFor = (
  pattern: string,
  hasBands = false,
): string => `"""${hasBands ? BANDS_USE : COLOURS_USE}"""
import json, sys
import numpy as np
def load(path):  # safetensors: the length of a JSON header in 8 bytes, the header, the numbers
    data = open(path, "rb").read()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    config = json.loads(header.pop("__metadata__")["config"])
    body, kinds = data[start:], {"F32": "<f4", "I8": "i1"}
    return config, {n: np.frombuffer(body[slice(*t["data_offsets"])], kinds[t["dtype"]]).reshape(t["shape"]) for n, t in header.items()}

def conv(x, t, layer):  # x: (in, height, width); stride 1, as much zero padding as keeps the size
    weight = t[layer + ".weight"] * t.get(layer + ".weight_scale", np.ones(1, np.float32))[:, None, None, None]
    p = weight.shape[-1] // 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, ((0, 0), (p, p), (p, p))), weight.shape[2:], (1, 2))
    return np.tensordot(weight, windows, ((1, 2, 3), (0, 3, 4))) + t[layer + ".bias"][:, None, None]

def dense(x, t, layer):  # x: (copies, inputs)
    weight, bias = t[layer + ".weight"].T, t[layer + ".bias"]
    if weight.dtype != np.int8:
        return x @ weight + bias
    low = min(float(x.min()), 0)  # int8: inputs in 128 levels, sums in integers
    step = (max(float(x.max()), 0) - low) / 127 or 0.1
    scale, zero = max(np.float32(step), np.float32(6.1e-5)), np.clip(np.round(-low / step), 0, 127)
    levels = np.clip(np.round(x * (np.float32(1) / scale)) + zero, 0, 127) - zero
    return (levels.astype(int) @ weight.astype(int)) * (scale * t[layer + ".weight_scale"][0]) + bias

def logits(pixels, config, t):  # pixels: (size, size, channels), bytes
    x = ((pixels / 255 - config["mean"]) / config["std"]).astype(np.float32).transpose(2, 0, 1)
    for i, block in enumerate(config["blocks"], 1):
        x = np.maximum(conv(x, t, f"conv{i}"), 0)
        if block["pool"]:
            x = x.reshape(len(x), x.shape[1] // 2, 2, x.shape[2] // 2, 2).max((2, 4))
    x = (np.mean if config["head"] == "averaged" else np.max)(x.reshape(-1, config["orientations"], *x.shape[1:]), 1)
    copies = [np.rot90(x[:, :, ::-1] if flip else x, quarters, (1, 2)) for quarters, flip in config["turns"]]
    rows = np.stack([c.mean((1, 2)) if config["head"] in ("pooled", "averaged") else c.ravel() for c in copies])
    return dense(np.maximum(dense(rows, t, "dense1").max(0, keepdims=True), 0), t, "dense2")[0]

${hasBands ? READ_BANDS : READ_COLOURS}
    k, area = len(pixels) // size, (len(pixels) // size) ** 2
    if pixels.shape[:2] != (k * size, k * size):
        sys.exit(f"{path} has to be {size} x {size} pixels or a whole multiple of it.")
    return (2 * pixels.reshape(size, k, size, k, channels).sum((1, 3), dtype=int) + area) // (2 * area)

config, tensors = load(sys.path[0] + "/network.safetensors")
if sys.argv[1:] == ["--test"]:
    y, x, c = np.mgrid[:config["size"], :config["size"], :config["channels"]]
    out = logits(${pattern}, config, tensors)
    error = np.abs(out - config["check"]).max() / np.ptp(config["check"])
    print(f"largest difference: {error:.1e} of the logits' range")
    sys.exit(int(error > 1e-4))
out = logits(read(sys.argv[1], config["size"], config["channels"]), config, tensors)
shares = np.exp(out - out.max())
for i in out.argsort()[::-1]:
    print(f"{shares[i] / shares.sum():7.2%}  {config['classes'][i]}  (logit {out[i]:.8g})")
`;

const COLOURS_USE =
  'python3 run.py PICTURE (needs numpy and pillow), or a .npy file of bytes, height x width x channels (needs numpy)';
const BANDS_USE =
  'python3 run.py TILE.tif (needs numpy and GDAL or rasterio), or a .npy file, height x width x all bands as they are stored, or x the bands that are read as bytes (needs numpy)';

const READ_COLOURS = `def read(path, size, channels):  # a larger picture is averaged down, where it is a whole multiple
    if path.endswith(".npy"):
        pixels = np.load(path)
    else:
        from PIL import Image
        pixels = np.asarray(Image.open(path).convert("L" if channels == 1 else "RGB"))`;

/** As bands.ts makes bytes of values. */
const READ_BANDS = `def bytes_of(values, bands):  # all bands of a file -> those that are read, as bytes
    numbers = np.array(bands["numbers"])
    if values.ndim != 3 or values.shape[2] < bands["of"] or values.dtype not in (np.uint8, np.uint16):
        sys.exit(f"This network reads bands of files with {bands['of']}, of 8 or 16 bits.")
    is_bytes, values = values.dtype == np.uint8, values[:, :, numbers - 1].astype(int)
    if is_bytes:
        return values
    colours = np.clip((4125 + 254 * values) // 2750, 1, 255)  # bands 4, 3, 2: reflectance 0 to 0.275, as EuroSAT's pictures
    roots = np.minimum(255, np.floor(1.5 + 254 * np.sqrt(np.minimum(values, 10000) / 10000))).astype(int)
    return np.where((numbers >= 2) & (numbers <= 4), colours, roots)

def all_bands(path):
    try:
        from osgeo import gdal
        return gdal.Open(path).ReadAsArray().transpose(1, 2, 0)
    except ImportError:
        import rasterio
        return rasterio.open(path).read().transpose(1, 2, 0)

def read(path, size, channels):  # a larger tile is averaged down, where it is a whole multiple
    values = np.load(path) if path.endswith(".npy") else all_bands(path)
    is_read = path.endswith(".npy") and values.dtype == np.uint8 and values.shape[2] == channels
    pixels = values if is_read else bytes_of(values, config["bands"])`;
