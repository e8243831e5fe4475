/**
 * The frame of every script that runs an exported network: Python with numpy alone, as it stands in the README and as `run.py`.
 * A family says what lies between reading the file and reading a picture: `logits(pixels, config, t)` and what it is made of.
 */

/**
 * @param body the family's functions.
 * @param pattern a test picture by its formula, in Python over y, x and c.
 * @param hasBands whether the network reads bands that were chosen from those of a file.
 */
export const scriptAround = (
  body: string,
  pattern: string,
  hasBands: boolean,
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

${body}

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
