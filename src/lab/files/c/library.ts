/** The loops that do the work, in plain C99: only those that a network needs are written into its file. */

/** What NaN is in stays NaN: it is never an answer. */
const LARGER = `static float orbit_larger(float a, float b) { return b > a || b != b ? b : a; }
static float orbit_smaller(float a, float b) { return b < a || b != b ? b : a; }`;

/** The inside of a convolution: one filter of one channel, added to one map. `scale` is empty for weights of floats. */
const convolution = (name: string, type: string, scale: string) => `
/* Maps [channels, height, width]; filters [outputs, channels / groups, kernel, kernel]. */
static void ${name}(const float *in, const ${type} *filters${scale && ', const float *scales'}, const float *bias, float *out,
    int channels, int height, int width, int outputs, int kernel, int stride, int pad, int groups)
{
    const int down = (height + 2 * pad - kernel) / stride + 1, across = (width + 2 * pad - kernel) / stride + 1;
    const int each = channels / groups;
    int o, i, ky, kx, y, x;
    for (o = 0; o < outputs; o++) {
        float *map = out + o * down * across;
        for (i = 0; i < down * across; i++) map[i] = bias[o];
        for (i = 0; i < each; i++) {
            const float *from = in + (o / (outputs / groups) * each + i) * height * width;
            for (ky = 0; ky < kernel; ky++) for (kx = 0; kx < kernel; kx++) {
                const float weight = ${scale ? 'scales[o] * (float)' : ''}filters[((o * each + i) * kernel + ky) * kernel + kx];
                const int left = kx < pad ? (pad - kx + stride - 1) / stride : 0;
                const int last = (width - 1 + pad - kx) / stride, right = last < across ? last + 1 : across;
                for (y = 0; y < down; y++) {
                    const int row = y * stride + ky - pad;
                    if (row < 0 || row >= height) continue;
                    for (x = left; x < right; x++)
                        map[y * across + x] += weight * from[row * width + x * stride + kx - pad];
                }
            }
        }
    }
}`;

const reduce = (name: string, first: string, next: string, done: string) => `
/* [before, within, behind] -> [before, behind] */
static void ${name}(const float *in, float *out, int before, int within, int behind)
{
    int i, j, k;
    for (i = 0; i < before; i++) for (k = 0; k < behind; k++) {
        float found = ${first};
        for (j = ${first === '0.0f' ? 0 : 1}; j < within; j++) {
            const float value = in[(i * within + j) * behind + k];
            found = ${next};
        }
        out[i * behind + k] = ${done};
    }
}`;

const FIRST = 'in[i * within * behind + k]';

/** What lies in the margin counts for nothing. */
const pool = (name: string, what: string, first: string, next: string, done: string) => `
/* ${what} of each window: [channels, height, width] -> [channels, down, across]. */
static void orbit_${name}(const float *in, float *out, int channels, int height, int width, int kernel, int stride, int pad)
{
    const int down = (height + 2 * pad - kernel) / stride + 1, across = (width + 2 * pad - kernel) / stride + 1;
    int c, y, x, row, column;
    for (c = 0; c < channels; c++) for (y = 0; y < down; y++) for (x = 0; x < across; x++) {
        const float *from = in + c * height * width;
        float found = ${first};
        for (row = y * stride - pad; row < y * stride - pad + kernel; row++)
            for (column = x * stride - pad; column < x * stride - pad + kernel; column++)
                if (row >= 0 && row < height && column >= 0 && column < width)
                    found = ${next};
        *out++ = ${done};
    }
}`;

/** Each by its name. */
export const LIBRARY = {
  convolve: convolution('orbit_convolve', 'float', ''),
  convolve8: convolution('orbit_convolve8', 'int8_t', 'scales'),
  pool: pool('pool', 'The largest', '-INFINITY', 'orbit_larger(found, from[row * width + column])', 'found'),
  average: pool(
    'average',
    'The mean',
    '0.0f',
    'found + from[row * width + column]',
    'found / (float)(kernel * kernel)',
  ),
  multiply: `
/* Matrices: [rows, inner] times [inner, columns]. */
static void orbit_multiply(const float *a, const float *b, float *out, int rows, int inner, int columns)
{
    int i, j, k;
    for (i = 0; i < rows; i++, out += columns) {
        for (k = 0; k < columns; k++) out[k] = 0.0f;
        for (j = 0; j < inner; j++) {
            const float value = a[i * inner + j];
            for (k = 0; k < columns; k++) out[k] += value * b[j * columns + k];
        }
    }
}`,
  multiply8: `
/* The same in integers. */
static void orbit_multiply8(const uint8_t *a, const int8_t *b, int32_t *out, int rows, int inner, int columns)
{
    int i, j, k;
    for (i = 0; i < rows; i++, out += columns) {
        for (k = 0; k < columns; k++) out[k] = 0;
        for (j = 0; j < inner; j++) {
            const int32_t level = a[i * inner + j];
            for (k = 0; k < columns; k++) out[k] += level * b[j * columns + k];
        }
    }
}`,
  largest: reduce('orbit_largest', FIRST, 'orbit_larger(found, value)', 'found'),
  smallest: reduce('orbit_smallest', FIRST, 'orbit_smaller(found, value)', 'found'),
  mean: reduce('orbit_mean', '0.0f', 'found + value', 'found / (float)within'),
  layer_norm: `
/* Each row to mean 0 and variance 1, then scaled and shifted. */
static void orbit_layer_norm(const float *in, const float *scale, const float *shift, float *out,
    int rows, int length, float epsilon)
{
    int i, k;
    for (i = 0; i < rows; i++, in += length, out += length) {
        float mean = 0.0f, variance = 0.0f, over;
        for (k = 0; k < length; k++) mean += in[k];
        mean /= (float)length;
        for (k = 0; k < length; k++) variance += (in[k] - mean) * (in[k] - mean);
        over = 1.0f / sqrtf(variance / (float)length + epsilon);
        for (k = 0; k < length; k++) out[k] = (in[k] - mean) * over * scale[k] + shift[k];
    }
}`,
  softmax: `
/* Each row to shares that add up to 1. */
static void orbit_softmax(const float *in, float *out, int rows, int length)
{
    int i, k;
    for (i = 0; i < rows; i++, in += length, out += length) {
        float most = in[0], total = 0.0f;
        for (k = 1; k < length; k++) most = orbit_larger(most, in[k]);
        for (k = 0; k < length; k++) total += out[k] = expf(in[k] - most);
        for (k = 0; k < length; k++) out[k] /= total;
    }
}`,
} as const;

export type LibraryName = keyof typeof LIBRARY;

/** What the others call. */
const NEEDS_LARGER = new Set<LibraryName>(['pool', 'largest', 'softmax']);
const NEEDS_SMALLER = new Set<LibraryName>(['smallest']);

/** The named functions, and what they and `text` call. */
export function libraryText(used: ReadonlySet<LibraryName>, text: string): string {
  const [larger, smaller] = LARGER.split('\n');
  const calls = (name: string, needing: ReadonlySet<LibraryName>) =>
    text.includes(`${name}(`) || [...used].some((each) => needing.has(each));
  return [
    ...(calls('orbit_larger', NEEDS_LARGER) ? [larger] : []),
    ...(calls('orbit_smaller', NEEDS_SMALLER) ? [smaller] : []),
    ...(Object.keys(LIBRARY) as LibraryName[]).filter((name) => used.has(name)).map((name) => LIBRARY[name]),
  ].join('\n');
}
