/** Houses and halls, with their shadows to the south-east, along streets that mostly run east–west. */

import { type Canvas, type Colour, clouds, fillBetween, light, PIXELS, relief, shade } from './canvas';
import { paintBorders, usualDirection } from './crops';
import { parcels } from './parcels';
import { across, type Direction, type Random } from './random';
import { building, crown, plot } from './shapes';

const GARDEN: readonly Colour[] = [
  [70, 88, 80],
  [58, 82, 72],
  [92, 98, 90],
  [104, 102, 98],
];
const ASPHALT: readonly Colour[] = [
  [98, 102, 112],
  [118, 120, 126],
  [86, 90, 102],
];
const TILED: readonly Colour[] = [
  [156, 112, 98],
  [134, 104, 98],
  [120, 118, 122],
  [164, 150, 144],
  [98, 98, 108],
];
const FLAT_ROOF: readonly Colour[] = [
  [224, 224, 228],
  [176, 178, 184],
  [138, 142, 152],
  [92, 100, 116],
  [170, 130, 114],
  [206, 196, 186],
];
const LEAVES: readonly Colour[] = [[50, 76, 66]];

/** Many small houses in rows, gardens and trees between them. */
export function residential(canvas: Canvas, random: Random): void {
  const direction = usualDirection(random, 'east-west');
  fillBetween(canvas, shade(random, GARDEN), shade(random, GARDEN), clouds(random, 7, 3));
  const rowPitch = random.range(5, 8);
  const streets = parcels(random, direction, [18, 40], [rowPitch * 2, rowPitch * 2 + 1]);
  paintBorders(canvas, streets, shade(random, ASPHALT), random.range(0.3, 0.9));

  const roofs = [shade(random, TILED), shade(random, TILED)];
  const built = random.range(0.6, 0.95);
  const housePitch = random.range(4, 6.5);
  grid(direction, housePitch, rowPitch, (x, y) => {
    if (!random.chance(built)) return;
    const place = { x: x + random.range(-1, 1), y: y + random.range(-0.8, 0.8), direction };
    const halves = { halfLength: random.range(0.9, housePitch / 2.4), halfWidth: random.range(0.8, 1.7) };
    building(canvas, { ...place, ...halves }, random.range(0.7, 1.4), shade(random, roofs));
  });
  for (let n = random.int(40); n > 0; n--) {
    crown(canvas, random.range(0, 64), random.range(0, 64), random.range(0.5, 1.4), shade(random, LEAVES));
  }
  if (random.chance(0.25)) {
    const hall = {
      x: random.range(8, 56),
      y: random.range(8, 56),
      halfLength: random.range(3, 6),
      halfWidth: 2.5,
    };
    building(canvas, { ...hall, direction }, 1.5, shade(random, FLAT_ROOF));
  }
}

/** Few large halls on paved ground, yards, tanks, some green left over. */
export function industrial(canvas: Canvas, random: Random): void {
  const direction = usualDirection(random, 'east-west');
  fillBetween(canvas, shade(random, ASPHALT), shade(random, ASPHALT), clouds(random, 9, 4));
  const lots = parcels(random, direction, [14, 34], [12, 26]);
  for (let n = 1 + random.int(4); n > 0; n--) {
    const yard = { x: random.range(0, 64), y: random.range(0, 64), direction };
    plot(
      canvas,
      { ...yard, halfLength: random.range(4, 14), halfWidth: random.range(3, 9) },
      shade(random, GARDEN),
    );
  }
  paintBorders(canvas, lots, shade(random, ASPHALT), random.range(0.4, 1.2));
  const roofs = [shade(random, FLAT_ROOF), shade(random, FLAT_ROOF), shade(random, FLAT_ROOF)];
  const pitch = random.range(9, 17);
  const built = random.range(0.5, 0.9);
  grid(direction, pitch * 1.2, pitch, (x, y) => {
    if (!random.chance(built)) return;
    const place = { x: x + random.range(-2, 2), y: y + random.range(-2, 2) };
    const turned = random.chance(0.7) ? direction : across(direction);
    const halves = { halfLength: random.range(2.2, pitch / 2.1), halfWidth: random.range(1.6, pitch / 3) };
    building(canvas, { ...place, ...halves, direction: turned }, random.range(1, 2.4), shade(random, roofs));
  });
  if (random.chance(0.2)) {
    const [x, y, radius] = [random.range(10, 50), random.range(10, 50), random.range(1.6, 3)];
    for (let n = 0; n < 4; n++) {
      crown(canvas, x + (n % 2) * radius * 2.8, y + Math.floor(n / 2) * radius * 2.8, radius, FLAT_ROOF[0]);
    }
  }
  const wear = clouds(random, 4, 2);
  for (let i = 0; i < PIXELS; i++) light(canvas, i, 0.9 + 0.2 * wear[i]);
  relief(canvas, wear, 0.15);
}

/** Visits the points of a turned grid that lie on the tile. */
function grid(
  direction: Direction,
  along: number,
  aside: number,
  visit: (x: number, y: number) => void,
): void {
  const side = across(direction);
  for (let v = -48; v <= 48; v += aside) {
    for (let u = -48; u <= 48; u += along) {
      const x = 32 + u * direction.x + v * side.x;
      const y = 32 + u * direction.y + v * side.y;
      if (x > -4 && x < 68 && y > -4 && y < 68) visit(x, y);
    }
  }
}
