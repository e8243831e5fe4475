/**
 * erf from additions, products and divisions alone, the same number in every browser (elementary.ts says why). Method and
 * coefficients are those of fdlibm (Sun Microsystems, 1993, freely granted): right to about one unit of the last place.
 */
import { exp } from './elementary';

/** erf(1), cut to the bits of a float32. */
const ERF_ONE = 0.8450629115104675;

/** (erf(x)/x − 1) on |x| < 0.84375, by powers of x²: numerators, denominators. */
const SMALL = [
  [
    0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442,
    -0.000023763016656650163,
  ],
  [
    1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
    -0.000003960228278775368,
  ],
] as const;
/** erf(x) − erf(1) on 0.84375 ≤ x < 1.25, by powers of x − 1. */
const MIDDLE = [
  [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175,
    -0.11089469428239668, 0.035478304325618236, -0.002166375594868791,
  ],
  [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
] as const;
/** log(x·exp(x²)·erfc(x)) + 0.5625 on 1.25 ≤ x < 1/0.35, by powers of 1/x². */
const LARGE = [
  [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
] as const;
/** The same from there to 6, behind which erf is 1. */
const LARGEST = [
  [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
] as const;

type Ratio = readonly [readonly number[], readonly number[]];

/** erf x = 2/√π ∫₀ˣ exp(−t²) dt. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size >= 0.84375)) return x + x * ratio(SMALL, x * x);
  const value = size < 1.25 ? ERF_ONE + ratio(MIDDLE, size - 1) : 1 - complement(size);
  return x < 0 ? -value : value;
}

/** erfc(x) for x ≥ 1.25. */
function complement(x: number): number {
  if (x >= 6) return 0;
  // x² in two parts, of which the first is exact.
  const rounded = Math.fround(x);
  const rest = (rounded - x) * (rounded + x) + ratio(x < 1 / 0.35 ? LARGE : LARGEST, 1 / (x * x));
  return (exp(-rounded * rounded - 0.5625) * exp(rest)) / x;
}

function ratio([above, below]: Ratio, x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}
