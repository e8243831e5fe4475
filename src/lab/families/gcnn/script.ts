/** The script that runs an exported network: Python with numpy alone, as it stands in the README and as `run.py`. */

/** @param pattern a test picture by its formula, in Python over y, x and c. */
export const scriptFor = (
  pattern: string,
): string => `"""python3 run.py PICTURE (needs numpy and pillow), or a .npy file of bytes, height x width x channels (needs numpy)"""
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
    x = x.reshape(-1, config["orientations"], *x.shape[1:]).max(1)
    copies = [np.rot90(x[:, :, ::-1] if flip else x, quarters, (1, 2)) for quarters, flip in config["turns"]]
    rows = np.stack([c.mean((1, 2)) if config["head"] == "pooled" else c.ravel() for c in copies])
    return dense(np.maximum(dense(rows, t, "dense1").max(0, keepdims=True), 0), t, "dense2")[0]

def read(path, size, channels):  # a larger picture is averaged down, where it is a whole multiple
    if path.endswith(".npy"):
        pixels = np.load(path)
    else:
        from PIL import Image
        pixels = np.asarray(Image.open(path).convert("L" if channels == 1 else "RGB"))
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
