/** Where a network comes from, in words: the data, every step with what was measured after it, and how it is made again. */
import type { Model } from '../../nn/model';
import { plain } from '../../plain';
import { type MadeStep, type Provenance, provenanceIn } from '../../recipe/provenance';
import type { RecipeStage } from '../../recipe/schema';

/** Lines of Markdown. */
export function originWords(model: Model): string {
  const origin = provenanceIn(model);
  if (!origin) return formerWords(model);
  const { data, recipe, steps, engine, lab } = origin;
  const { train, val, test } = data.parts;
  const lines = [
    `Data: ${data.title}${data.synthetic ? ', painted by code' : ''}; ${data.count} tiles, fingerprint ${data.fingerprint}. Training, validation and test parts of ${train}, ${val} and ${test} tiles, split seed ${recipe.split.seed}.`,
    ...steps.map((step) => stepWords(step, recipe.stages)),
    `Made on the engine ${engine} by Orbit Lab ${lab}, seed ${recipe.seed}; identity ${origin.id}.`,
    againWords(origin),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

/** What a step did and what was measured of the network it left. */
function stepWords(step: MadeStep, stages: readonly RecipeStage[]): string {
  const { name, kind } = step;
  if (kind === 'check') return checkWords(step);
  const own = stages.find((stage) => stage.kind === kind && (stage.name ?? name) === name);
  const { kind: _, name: __, from, ...settings } = (own ?? {}) as Record<string, unknown>;
  const how = own ? ` (${JSON.stringify(settings)})` : '';
  return `${capital(name)}${how}: ${figures(step)}.`;
}

function figures(step: MadeStep): string {
  const best =
    typeof step.bestEpoch === 'number' ? `best epoch ${step.bestEpoch} of ${step.epochs}` : undefined;
  const tuned = step.triggered === true ? `${step.epochs} epochs, ended by ${step.stop}` : undefined;
  const skipped = step.triggered === false ? 'not needed' : undefined;
  const left = step.left === undefined ? undefined : `${[step.left].flat().join(', ')} units left`;
  return [
    `${percent(step.accuracy)} on the validation tiles`,
    ...[best, tuned, skipped, left],
    typeof step.agreement === 'number' ? `same answer at all turns ${percent(step.agreement)}` : undefined,
    typeof step.params === 'number' ? `${step.params} parameters, ${step.bytes} bytes` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join('; ');
}

function checkWords({ name, of, split, n, angles, agreement, undecided }: MadeStep): string {
  const turns = (angles as readonly { degrees: number; accuracy: number }[])
    .map(({ degrees, accuracy }) => `${percent(accuracy)} at ${degrees}°`)
    .join(', ');
  const what = of === undefined ? '' : ` of “${of}”`;
  return `${capital(name)}${what}: ${n} ${split === 'val' ? 'validation' : split} tiles, ${turns}; same answer at all turns ${percent(agreement)}, ${undecided} too close to call.`;
}

function againWords({ recipe, data }: Provenance): string {
  const names = (recipe.start ?? []).map(({ name, title }) => (title === '' ? name : title));
  const given = names.length === 0 ? '' : ` --network ${names.map((name) => `'${name}'`).join(' ')}`;
  const where = data.synthetic ? '' : ' (or the path of the tiles in place of the name)';
  return `Made again, bit for bit on WebAssembly: \`npm run -s lab -- run recipe.json --data ${data.name} --out again${given}\`${where}.`;
}

/** Files of before there was an origin to read tell the data at most. */
function formerWords({ provenance: { dataset } }: Model): string {
  if (typeof dataset !== 'string') return 'The file it was made from does not say.';
  return `- Data: ${plain(dataset)}. The file was made by an older lab, which does not tell more.`;
}

const percent = (share: unknown): string => `${(100 * Number(share)).toFixed(1)} %`;

const capital = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
