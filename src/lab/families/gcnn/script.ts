/** The script that runs an exported network of convolutions. */
import { scriptAround } from '../script';

/**
 * @param pattern a test picture by its formula, in Python over y, x and c.
 * @param hasBands whether the network reads bands that were chosen from those of a file.
 */
export const scriptFor = (pattern: string, hasBands = false): string => scriptAround(BODY, pattern, hasBands);

const BODY = `def conv(x, t, layer):  # x: (in, height, width); stride 1, as much zero padding as keeps the size
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
    return dense(np.maximum(dense(rows, t, "dense1").max(0, keepdims=True), 0), t, "dense2")[0]`;
