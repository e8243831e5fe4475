/** The script that runs an exported transformer. */
import { scriptAround } from '../script';

/**
 * @param pattern a test picture by its formula, in Python over y, x and c.
 * @param hasBands whether the network reads bands that were chosen from those of a file.
 */
export const vitScript = (pattern: string, hasBands: boolean): string =>
  scriptAround(BODY, pattern, hasBands);

const BODY = `from math import erf
def norm(x, t, layer):  # each row by itself
    x = x - x.mean(1, keepdims=True)
    return x / np.sqrt((x * x).mean(1, keepdims=True) + 1e-6) * t[layer + ".scale"] + t[layer + ".shift"]

def dense(x, t, layer, config):  # x: (tokens, inputs)
    weight, bias = t[layer + ".weight"].T, t[layer + ".bias"]
    if weight.dtype != np.int8:
        return x @ weight + bias
    axes = 1 if config["range"] == "tile" else (0, 1)  # int8: inputs in 128 levels, of each token or of all; sums in integers
    low, high = (np.asarray(f(x, axes, keepdims=True), float) for f in (np.min, np.max))
    low = np.minimum(low, 0)
    step = (np.maximum(high, 0) - low) / 127
    step = np.where(step == 0, 0.1, step)
    scale, zero = np.maximum(step.astype(np.float32), np.float32(6.1e-5)), np.clip(np.round(-low / step), 0, 127)
    levels = np.clip(np.round(x * (np.float32(1) / scale)) + zero, 0, 127) - zero
    return (levels.astype(int) @ weight.astype(int)) * (scale * t[layer + ".weight_scale"][0]) + bias

def attention(qkv, heads):  # (tokens, 3 x heads x depth): every head by itself
    q, k, v = qkv.reshape(len(qkv), 3, heads, -1).transpose(1, 2, 0, 3)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2])
    shares = np.exp(scores - scores.max(2, keepdims=True))
    return (shares / shares.sum(2, keepdims=True) @ v).transpose(1, 0, 2).reshape(len(qkv), -1)

def gelu(x):
    return x * (1 + np.vectorize(erf)(x * np.sqrt(0.5))) / 2

def logits(pixels, config, t):  # pixels: (size, size, channels), bytes
    x, p = ((pixels / 255 - config["mean"]) / config["std"]).astype(np.float32), config["patch"]
    side = len(x) // p
    x = x.reshape(side, p, side, p, -1).transpose(0, 2, 4, 1, 3).reshape(side * side, -1)
    weight = t["patch.weight"].reshape(len(t["patch.weight"]), -1)
    if "patch.weight_scale" in t:
        weight = weight * t["patch.weight_scale"][:, None]
    x = np.concatenate([t["class.token"][None], x @ weight.T + t["patch.bias"] + t["position.token"]])
    for i, heads in enumerate(config["heads"], 1):
        b = f"block{i}."
        mixed = attention(dense(norm(x, t, b + "norm1"), t, b + "qkv", config), heads)
        x = x + dense(mixed, t, b + "proj", config)
        x = x + dense(gelu(dense(norm(x, t, b + "norm2"), t, b + "fc1", config)), t, b + "fc2", config)
    pool = np.mean if config.get("pooling") == "mean" else np.max
    token = pool(norm(x[:1], t, "norm").reshape(-1, config["orientations"]), 1)
    return dense(token[None], t, "head", config)[0]`;
