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
): string => `"""${hasBands ? BANDS_USE : COLOURS_USE}
One picture: what it shows. Several, a folder, or --csv: one row a picture on standard output, as Orbit Lab writes it.
Of a picture that is not square the middle is taken; any size is averaged to the network's."""
import argparse, csv, json, os, re, sys
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
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    if not np.issubdtype(pixels.dtype, np.integer) or pixels.shape[2] != channels:
        raise ValueError(f"{path} has {pixels.shape[2]} channels of {pixels.dtype}, and the network reads {channels} of bytes.")
    side = min(pixels.shape[:2])
    y, x = (n // 2 for n in (pixels.shape[0] - side, pixels.shape[1] - side))
    i, p = np.mgrid[:size, :side]  # how much of each pixel lies in each value, in units of 1 / size
    part = np.maximum(0, np.minimum((i + 1) * side, (p + 1) * size) - np.maximum(i * side, p * size))
    sums = np.tensordot(np.tensordot(part, pixels[y:y + side, x:x + side].astype(int), (1, 0)), part, (1, 1))
    return (2 * sums.transpose(0, 2, 1) + side**2) // (2 * side**2), pixels

def answers(pixels, mirrors):  # logits of the picture and of its copies: turned, and mirrored first
    return np.array([logits(np.rot90(p, k), config, tensors) for p in [pixels, pixels[:, ::-1]][:1 + mirrors] for k in range(4)], float)

def row(name, path, options):
    try:
        pixels, whole = read(path, config["size"], config["channels"])
    except Exception as error:  # one that cannot be read is no reason to lose the others
        words = re.sub(r"\\s+", " ", str(error)) or type(error).__name__
        return [name, "", "", "", "unreadable", words if path in words else f"{path} cannot be read: {words}"] + [""] * len(config["classes"])
    out = answers(pixels, options.mirrors)
    close = np.diff(np.sort(out)[:, -2:])[:, 0] <= 1e-4 * np.ptp(out)
    best, shares = out.argmax(1), np.exp(out[0] - out[0].max())
    shares /= shares.sum()
    agreement = np.mean((best == best[0]) | close | close[0])
    flags = {"unsure": shares[best[0]] < options.unsure, "turns-disagree": agreement < 1, "too-close": close[0],
             "resized": whole.shape[:2] != (config["size"],) * 2, "blank": np.ptp(whole, (0, 1)).max() <= 1}
    cells = [name, config["classes"][best[0]], f"{shares[best[0]]:.6f}", f"{agreement:g}", " ".join(f for f in flags if flags[f]), ""]
    return cells + [f"{share:.6f}" for share in shares]

def listed(paths):  # what files are called in the rows, and where they are; of a folder, all that are called like pictures
    for path in paths:
        if not os.path.isdir(path):
            yield os.path.basename(path), path
            continue
        top = "" if len(paths) == 1 else os.path.basename(os.path.abspath(path)) + "/"
        inside = [os.path.join(at, n) for at, _, names in os.walk(path) for n in names if re.search(r"\\.(jpe?g|png|webp|tiff?|npy)$", n, re.I)]
        for each in inside:
            name = os.path.relpath(each, path).replace(os.sep, "/")
            if not any(part.startswith(".") for part in name.split("/")):
                yield top + name, each

def rows(options):
    found = sorted(listed(options.picture), key=lambda each: each[0].encode("utf-16-be", "surrogatepass"))
    if not found:
        sys.exit(f"{options.picture[0]} holds no file that is called like a picture.")
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")
    out = csv.writer(sys.stdout, lineterminator="\\r\\n")
    out.writerow(["path", "answer", "probability", "agreement", "flags", "note"] + [f"p({name})" for name in config["classes"]])
    unread = 0
    for done, (name, path) in enumerate(found, 1):
        cells = row(name, path, options)
        unread += cells[4] == "unreadable"
        # What a spreadsheet would take for a formula is written with an apostrophe before it.
        out.writerow("'" + c if re.match(r"\\s*[=+\\-@＝＋－＠]|[\\t\\r\\n]", c) else c for c in cells)
        if sys.stderr.isatty():
            print(f"{done} of {len(found)}", end="\\r", file=sys.stderr)
    if unread:
        print(f"{unread} of {len(found)} could not be read: the column note says why.", file=sys.stderr)
    sys.exit(2 * (unread == len(found)))

config, tensors = load(sys.path[0] + "/network.safetensors")
parser = argparse.ArgumentParser(prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("picture", nargs="*", help="pictures, and folders of them")
parser.add_argument("--csv", action="store_true", help="one row a picture, though there is one alone")
parser.add_argument("--unsure", type=float, default=0.6, help="flag answers with a probability below this (0.6)")
parser.add_argument("--mirrors", action="store_true", help="ask mirror images too")
parser.add_argument("--test", action="store_true", help="check that the network runs as it should")
options = parser.parse_args()
if options.test:
    y, x, c = np.mgrid[:config["size"], :config["size"], :config["channels"]]
    out = logits(${pattern}, config, tensors)
    error = np.abs(out - config["check"]).max() / np.ptp(config["check"])
    print(f"largest difference: {error:.1e} of the logits' range")
    sys.exit(int(error > 1e-4))
if not options.picture:
    parser.print_help()
    sys.exit(2)
missing = [path for path in options.picture if not os.path.exists(path)]
if missing:
    sys.exit(f"There is no file or folder {missing[0]}.")
if options.csv or len(options.picture) > 1 or os.path.isdir(options.picture[0]):
    rows(options)
try:
    pixels, _ = read(options.picture[0], config["size"], config["channels"])
except Exception as error:
    sys.exit(f"{options.picture[0]} cannot be read: {error}")
out = logits(pixels, config, tensors)
shares = np.exp(out - out.max())
for i in out.argsort()[::-1]:
    print(f"{shares[i] / shares.sum():7.2%}  {config['classes'][i]}  (logit {out[i]:.8g})")
`;

const COLOURS_USE =
  'python3 run.py PICTURE… (needs numpy and pillow), or .npy files of bytes, height x width x channels (needs numpy)';
const BANDS_USE =
  'python3 run.py TILE.tif… (needs numpy and GDAL or rasterio), or .npy files, height x width x all bands as they are stored, or x the bands that are read as bytes (needs numpy)';

const READ_COLOURS = `def read(path, size, channels):  # bytes of a tile, and of the picture that it is made of
    if path.endswith(".npy"):
        pixels = np.load(path)
    else:
        try:
            from PIL import Image
        except ImportError:  # of no picture at all, so it is said once
            sys.exit("Pictures are read by Pillow, which is not here: python3 -m pip install pillow (.npy files need none).")
        image = Image.open(path)
        if image.mode == "CMYK" or image.mode[0] in "IF" and image.format != "PNG":
            raise ValueError(f"{path} is a picture of mode {image.mode}; convert it to RGB of 8 bits.")
        if image.mode[0] == "I":  # of 16 bits the upper 8, as the lab; Pillow would cut off what is above 255
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        pixels = np.asarray(image.convert("L" if channels == 1 else "RGB"))`;

/** As bands.ts makes bytes of values. */
const READ_BANDS = `def bytes_of(values, bands):  # all bands of a file -> those that are read, as bytes
    numbers = np.array(bands["numbers"])
    if values.ndim != 3 or values.shape[2] < bands["of"] or values.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"This network reads bands of files with {bands['of']}, of 8 or 16 bits.")
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
        try:
            import rasterio
        except ImportError:  # of no file at all, so it is said once
            sys.exit("Files of bands are read by GDAL or rasterio, and neither is here: python3 -m pip install rasterio (.npy files need none).")
        return rasterio.open(path).read().transpose(1, 2, 0)

def read(path, size, channels):  # bytes of a tile, and of the file that it is made of
    values = np.load(path) if path.endswith(".npy") else all_bands(path)
    is_read = path.endswith(".npy") and values.dtype == np.uint8 and values.shape[2] == channels
    pixels = values if is_read else bytes_of(values, config["bands"])`;
