/**
 * The reference part of docs/recipes.md, made from the schema of recipes: one table for each kind of stage and each
 * object that several of them hold. `npm run docs` writes it; a test holds the committed page to it.
 */
import { z } from 'zod';
import { recipeSchema, ruleSchema, STAGE_SCHEMAS, splitSchema, startSchema } from '../src/lab/recipe/schema';
import { distilSettingsSchema, finetuneSettingsSchema, trainSettingsSchema } from '../src/lab/train/settings';

/** What is above this line is written by hand; what is below it is made. */
export const MARK = '<!-- Below this line: made from the schema by `npm run docs`. -->';

export type Json = z.core.JSONSchema.JSONSchema;

const jsonOf = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input' }) as Json;

/** What several stages hold, by the heading it stands under. */
const SHARED: readonly (readonly [heading: string, what: string, schema: z.ZodType])[] = [
  [
    'split',
    'Which tiles are in which part. Each class is divided by itself; official test parts stay.',
    splitSchema,
  ],
  ['start', 'A network that a recipe begins with: its file is given beside the recipe.', startSchema],
  ['rule', 'Which network of a sweep or study goes on.', ruleSchema],
  ['training', 'Settings of training.', trainSettingsSchema],
  [
    'distilling',
    'Settings of distillation: those of training, and how the teacher is listened to.',
    distilSettingsSchema,
  ],
  ['fine-tuning', 'Settings of adaptive fine-tuning.', finetuneSettingsSchema],
];

/** Keys that most stages may say: told once. */
const COMMON = ['name', 'from', 'seed', 'split'] as const;

/** The page with its reference made anew. Throws where the line is missing below which it stands. */
export function withReference(page: string): string {
  const at = page.indexOf(MARK);
  if (at < 0) throw new Error(`docs/recipes.md has no line "${MARK}"`);
  return `${page.slice(0, at)}${MARK}\n\n${reference()}`;
}

function reference(): string {
  const stages = STAGE_SCHEMAS.map((schema) => jsonOf(schema));
  const commonKeys = Object.fromEntries(
    COMMON.map((key) => [key, stages.find(({ properties }) => properties?.[key])!.properties![key]]),
  );
  return [
    '## Reference',
    '',
    '“–” under *without it* stands for a key that may be left out, “needed” for one that may not.',
    ...section('The recipe', '', jsonOf(recipeSchema)),
    ...section('Keys of every stage', 'A stage that takes them says so.', { properties: commonKeys }),
    ...stages.flatMap((stage) => stageSection(stage)),
    ...SHARED.flatMap(([heading, what, schema]) => section(heading, what, jsonOf(schema))),
    '',
  ].join('\n');
}

function stageSection(stage: Json): string[] {
  const { kind, ...keys } = stage.properties as Record<string, Json>;
  const own = Object.fromEntries(Object.entries(keys).filter(([key]) => !COMMON.includes(key as never)));
  const common = COMMON.filter((key) => key in keys).map((key) => `\`${key}\``);
  const rest = `Takes ${common.slice(0, -1).join(', ')} and ${common.at(-1)} as well.`;
  return section(`\`${kind.const}\``, `${stage.description} ${rest}`, { ...stage, properties: own });
}

function section(heading: string, what: string, object: Json): string[] {
  const rows = rowsOf(object);
  const words = what === '' ? [] : [what, ''];
  if (rows.length === 0) return ['', `### ${heading}`, '', ...words].slice(0, what === '' ? undefined : -1);
  const head = ['| key | what it may be | without it | what it says |', '| --- | --- | --- | --- |'];
  return ['', `### ${heading}`, '', ...words, ...head, ...rows.map((cells) => `| ${cells.join(' | ')} |`)];
}

/** Every key of an object with what it may be; keys of objects that stand in no section of their own follow theirs. */
export function rowsOf({ properties = {}, required = [] }: Json, above = ''): string[][] {
  return Object.entries(properties as Record<string, Json>).flatMap(([key, value]) => {
    const path = `${above}${key}`;
    const isNeeded = required.includes(key) && value.default === undefined;
    const row = [`\`${path}\``, kindOf(value), withoutIt(value, isNeeded), value.description ?? ''];
    const inner = innerOf(value);
    return [row, ...(inner ? rowsOf(inner, `${path}.`) : [])];
  });
}

function withoutIt({ default: value }: Json, isNeeded: boolean): string {
  if (isNeeded) return 'needed';
  if (value === undefined) return '–';
  const isWhole = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isWhole ? 'its defaults' : `\`${JSON.stringify(value)}\``;
}

/** The object whose keys follow a row: its own, that of its list, or the only one among its forms. */
function innerOf(value: Json): Json | null {
  const forms = (value.anyOf ?? [value]) as Json[];
  const [found] = forms
    .map((form) => (form.type === 'array' ? (form.items as Json) : form))
    .filter((form) => form.type === 'object' && headingOf(form) === null);
  return found ?? null;
}

/** What a value may be, in words. */
function kindOf(value: Json): string {
  if (isStages(value)) return 'list of stages, below';
  const forms = value.anyOf as Json[] | undefined;
  if (forms) return forms.map(kindOf).join(', or ');
  if (value.const !== undefined) return `\`${JSON.stringify(value.const)}\``;
  if (value.enum) return value.enum.map((each) => `\`${JSON.stringify(each)}\``).join(', ');
  const heading = headingOf(value);
  switch (value.type) {
    case 'object':
      return heading === null ? 'object' : `[${heading}](#${heading})`;
    case 'array':
      return `list: ${kindOf(value.items as Json)}`;
    case 'integer':
      return `whole number${rangeOf(value)}`;
    case 'number':
      return `number${rangeOf(value)}`;
    case 'boolean':
      return '`true`, `false`';
    case 'null':
      return '`null`';
    default:
      return value.pattern === undefined ? 'text' : `text like \`${value.pattern}\``;
  }
}

const isStages = ({ type, items }: Json): boolean => type === 'array' && Boolean((items as Json).oneOf);

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Json): string {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const bounds = [
    exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : minimum !== undefined && `from ${minimum}`,
    exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : most !== undefined && `to ${most}`,
  ].filter(Boolean);
  return bounds.length === 0 ? '' : ` ${bounds.join(' ')}`;
}

const headings = new Map(SHARED.map(([heading, , schema]) => [shapeOf(jsonOf(schema)), heading]));

/** The section that tells of an object, or null where it stands in none. */
const headingOf = (value: Json): string | null => headings.get(shapeOf(value)) ?? null;

/** An object without what the place it stands in says of it. */
function shapeOf({ properties, required }: Json): string {
  return JSON.stringify([properties, required]);
}
