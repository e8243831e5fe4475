/** The parts of a file in C that are the same for every network: what it offers, and the small program in it. */
import { PATTERN } from '../takeAlong/pattern';

/** What a program that includes the file sees. */
export const DECLARATIONS = `
/* What each answer is called, in UTF-8. */
extern const char *const orbit_class_names[ORBIT_CLASSES];

/* Reads the bytes of one picture, height by width by channels, and writes one number for each class. */
void orbit_logits(const uint8_t *pixels, float *logits);

/* The class with the largest of them, or -1 where one is not finite. */
int orbit_answer(const float *logits);
`;

export const ANSWER = `
int orbit_answer(const float *logits)
{
    int i, best = 0;
    for (i = 0; i < ORBIT_CLASSES; i++) {
        if (!isfinite(logits[i])) return -1;
        if (logits[i] > logits[best]) best = i;
    }
    return best;
}
`;

/** Sentences go to the standard error, with the exit code 2. */
export const PROGRAM = `
#include <stdio.h>
#include <string.h>

static uint8_t orbit_picture[ORBIT_PIXELS];

static int orbit_fail(const char *name, const char *why)
{
    fprintf(stderr, "%s: %s\\n", name, why);
    return 2;
}

static void orbit_print(const char *name, int number, int all)
{
    float logits[ORBIT_CLASSES], total = 0.0f;
    int i, answer;
    orbit_logits(orbit_picture, logits);
    answer = orbit_answer(logits);
    if (all) {
        for (i = 0; i < ORBIT_CLASSES; i++) printf(i == 0 ? "%.9g" : " %.9g", (double)logits[i]);
        printf("\\n");
        return;
    }
    if (number > 0) printf("%s, %d\\t", name, number); else printf("%s\\t", name);
    if (answer < 0) {
        printf("no answer: a number is not finite\\n");
        return;
    }
    for (i = 0; i < ORBIT_CLASSES; i++) total += expf(logits[i] - logits[answer]);
    printf("%s\\t%.1f %%\\n", orbit_class_names[answer], (double)(100.0f / total));
}

/* The next whole number of a PPM's or PGM's head, or -1. */
static int orbit_number(FILE *file)
{
    int sign = fgetc(file), value = 0;
    while (sign == ' ' || sign == '\\t' || sign == '\\n' || sign == '\\r' || sign == '#') {
        if (sign == '#') while (sign != '\\n' && sign != EOF) sign = fgetc(file);
        sign = fgetc(file);
    }
    if (sign < '0' || sign > '9') return -1;
    for (; sign >= '0' && sign <= '9'; sign = fgetc(file)) {
        value = 10 * value + sign - '0';
        if (value > 65535) return -1;
    }
    return value;
}

/* Files in PPM (colours) or PGM (grey); else raw bytes, one picture behind the other. */
static int orbit_read(const char *name, FILE *file, int raw, int all)
{
    const int kind = ORBIT_CHANNELS == 3 ? '6' : ORBIT_CHANNELS == 1 ? '5' : 0;
    size_t length;
    int count = 0;
    if (!raw) {
        const int first = fgetc(file), second = fgetc(file);
        if (first == 'P' && (second == '5' || second == '6')) {
            if (second != kind)
                return orbit_fail(name, kind == 0 ? "this network reads raw bytes" :
                    kind == '6' ? "this is grey, and the network reads colours: convert it to PPM (P6)" :
                    "these are colours, and the network reads grey: convert it to PGM (P5)");
            if (orbit_number(file) != ORBIT_SIZE || orbit_number(file) != ORBIT_SIZE)
                return orbit_fail(name, "the picture has another size than the network reads: resize it first");
            if (orbit_number(file) != 255) return orbit_fail(name, "only PPM and PGM of 8 bits are read");
            if (fread(orbit_picture, 1, ORBIT_PIXELS, file) != ORBIT_PIXELS) return orbit_fail(name, "the picture ends too early");
            orbit_print(name, 0, all);
            return 0;
        }
        rewind(file);
    }
    while ((length = fread(orbit_picture, 1, ORBIT_PIXELS, file)) == ORBIT_PIXELS) orbit_print(name, ++count, all);
    if (length != 0 || count == 0)
        return orbit_fail(name, "this is neither PPM nor PGM, nor whole pictures of raw bytes");
    return 0;
}

/* A picture made by a formula, against what the lab answers to it. */
static int orbit_check(void)
{
    float logits[ORBIT_CLASSES], low = orbit_expected[0], high = orbit_expected[0], off = 0.0f;
    int x, y, c, i;
    uint8_t *pixel = orbit_picture;
    for (y = 0; y < ORBIT_SIZE; y++) for (x = 0; x < ORBIT_SIZE; x++) for (c = 0; c < ORBIT_CHANNELS; c++)
        *pixel++ = (uint8_t)(${PATTERN.replaceAll(/\s*([*+])\s*/g, ' $1 ')});
    orbit_logits(orbit_picture, logits);
    for (i = 0; i < ORBIT_CLASSES; i++) {
        const float apart = fabsf(logits[i] - orbit_expected[i]);
        off = apart > off || apart != apart ? apart : off;
        low = orbit_expected[i] < low ? orbit_expected[i] : low;
        high = orbit_expected[i] > high ? orbit_expected[i] : high;
    }
    printf("largest difference from the lab: %.2g of the range of its answers\\n", (double)(off / (high - low)));
    return off <= ORBIT_CLOSE * (high - low) ? 0 : 1;
}

int main(int count, char **names)
{
    int i, raw = 0, all = 0, read = 0, worst = 0;
    for (i = 1; i < count; i++) {
        FILE *file;
        int result;
        if (strcmp(names[i], "--check") == 0) return orbit_check();
        if (strcmp(names[i], "--raw") == 0) { raw = 1; continue; }
        if (strcmp(names[i], "--logits") == 0) { all = 1; continue; }
        read++;
        file = fopen(names[i], "rb");
        if (!file) {
            worst = orbit_fail(names[i], "cannot be opened");
            continue;
        }
        result = orbit_read(names[i], file, raw, all);
        fclose(file);
        worst = result > worst ? result : worst;
    }
    if (read == 0) {
        fprintf(stderr, "usage: %s [--raw] [--logits] picture ...   or   %s --check\\n", names[0], names[0]);
        return 2;
    }
    return worst;
}
`;
