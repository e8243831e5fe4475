/**
 * The address bar, as text. After `#`: the view, what is opened, how it is pruned, in its head and inside its trunk, and
 * the forms of the next training run, of the next pipeline and of the next adapting; sending the link sends the experiment. After `?`: the
 * engine, and how the page shows itself. What is missing or misspelt takes its default.
 */
import type { z } from 'zod';
import {
  BACKENDS,
  type BackendPreference,
  type ReportPart,
  type Setting,
  type Subject,
  settingSchema,
  type Way,
  waySchema,
} from '../../worker/protocol/choices';
import { type AdaptingPlan, adaptingSchema, DEFAULT_ADAPTING } from '../adapt/plan';
import { DEFAULT_FIELDS, type FieldsForm, fieldsSchema } from '../fields/fields';
import { type OrbitPlaces, orbitFields, orbitsFrom } from '../orbit/place';
import { type Flags, PART_NAMES, SIZES } from '../page/flags';
import { type OpenLesson, PRESENTING } from '../page/lesson';
import { VIEWS, type View } from '../page/view';
import { FINDINGS } from '../paper/paper';
import { DEFAULT_PIPELINE, type PipelinePlan, pipelineFor, pipelineSchema } from '../pipeline/pipeline';
import { DEFAULT_SETTING } from '../prune/experiment';
import { DEFAULT_WAY } from '../prune/way';
import { type Turning, turningFields, turningFrom } from '../rotate/turning';
import { DEFAULT_TASKS, type TasksForm, tasksSchema } from '../tasks/form';
import { DEFAULT_PLAN, defaultsFor, type Plan, planSchema } from '../train/plan';
import { partFrom } from '../wrong/wrong';

/** Everything after `#`. */
export interface Place {
  readonly view: View;
  readonly subject: Subject;
  /** For the random method and for shuffling. */
  readonly seed: number;
  readonly setting: Omit<Setting, 'removed'>;
  /** Share of the units removed, 0 … 1: means something for a network of any width. */
  readonly ratio: number;
  /** Which units, of a transformer. */
  readonly way: Way;
  readonly plan: Plan;
  readonly pipeline: PipelinePlan;
  readonly adapting: AdaptingPlan;
  readonly lesson: OpenLesson | null;
  readonly turning: Turning;
  readonly orbits: OrbitPlaces;
  readonly fields: FieldsForm;
  readonly tasks: TasksForm;
  /** The tiles on which the network on the bench is asked where it is wrong; null where it is not. */
  readonly wrong: ReportPart | null;
  /** The report that is read in the view Paper, one of those that come with the page. */
  readonly report: string | null;
}

export const DEFAULT_SUBJECT: Subject = { kind: 'pair', id: null };
export const DEFAULT_SEED = 1;

/** `#view=prune&model=run:x&peer=run:y&method=l2&ratio=0.5&seed=1&train.arch=c4-small`. */
export function placeFrom(hash: string): Place {
  const given = Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '')));
  const { method, compensation, scope } = settingSchema.shape;
  return {
    view: VIEWS.find((view) => view === given.view) ?? 'prune',
    subject: subjectFrom(given.model, given.peer),
    seed: planSchema.shape.seed.safeParse(given.seed ?? DEFAULT_SEED).data ?? DEFAULT_SEED,
    setting: {
      method: method.catch(DEFAULT_SETTING.method).parse(given.method),
      compensation: compensation.catch(DEFAULT_SETTING.compensation).parse(given.compensation),
      scope: scope.catch(DEFAULT_SETTING.scope).parse(given.scope),
    },
    ratio: ratioFrom(given.ratio),
    way: {
      unit: waySchema.shape.unit.catch(DEFAULT_WAY.unit).parse(given.units),
      ranking: waySchema.shape.ranking.catch(DEFAULT_WAY.ranking).parse(given.ranking),
    },
    plan: formFrom(TRAIN, given),
    pipeline: formFrom(PIPE, given),
    adapting: formFrom(ADAPT, given),
    lesson: lessonFrom(given),
    turning: turningFrom(given),
    orbits: orbitsFrom(given),
    fields: formFrom(FIELDS, given),
    tasks: formFrom(TASKS, given),
    wrong: partFrom(given.wrong),
    report: linkedReport(given.report ?? ''),
  };
}

/** The inverse of `placeFrom`: what names the experiment always, the rest where it is not the default. */
export function hashOf(place: Place): string {
  const { view, subject, seed, setting, ratio, way, plan, pipeline, adapting } = place;
  const { lesson, turning, orbits, fields, tasks, wrong, report } = place;
  const entries = new URLSearchParams({ view, ...subjectFields(subject) });
  entries.set('method', setting.method);
  if (setting.compensation !== DEFAULT_SETTING.compensation)
    entries.set('compensation', setting.compensation);
  if (setting.scope !== DEFAULT_SETTING.scope) entries.set('scope', setting.scope);
  if (way.unit !== DEFAULT_WAY.unit) entries.set('units', way.unit);
  if (way.ranking !== DEFAULT_WAY.ranking) entries.set('ranking', way.ranking);
  // Five digits tell any two of 50,000 neurons apart.
  entries.set('ratio', String(Number(ratio.toFixed(5))));
  entries.set('seed', String(seed));
  // In its own view a form is written out: whoever opens the link should see what is about to be run.
  write(TRAIN, plan, entries, view === 'train');
  write(PIPE, pipeline, entries, view === 'pipeline');
  write(ADAPT, adapting, entries, view === 'adapt');
  write(FIELDS, fields, entries, view === 'fields');
  write(TASKS, tasks, entries, view === 'tasks');
  if (lesson) {
    entries.set('lesson', lesson.id);
    entries.set('step', String(lesson.step));
    if (lesson.presenting) entries.set('present', PRESENTING);
    if (lesson.neighbour) entries.set('neighbour', lesson.neighbour);
  }
  const turned = { ...turningFields(turning), ...orbitFields(orbits) };
  for (const [key, value] of Object.entries(turned)) entries.set(key, value);
  if (wrong) entries.set('wrong', wrong);
  if (report) entries.set('report', report);
  return `#${entries.toString().replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}

/** `model=<pair>`, `model=file:<id>`, or `model=run:<id>` or `run:<id>:<stage>`, beside which `peer=run:<id>` may stand. */
function subjectFrom(model: string | undefined, peer: string | undefined): Subject {
  const [, kept] = model?.match(/^file:(.+)$/) ?? [];
  if (kept) return { kind: 'file', id: kept };
  const [, id, stage] = model?.match(/^run:([^:]+)(?::(.+))?$/) ?? [];
  if (id) return { kind: 'run', id, ...(stage && { stage }), peer: runIn(peer) };
  return { kind: 'pair', id: model || null };
}

const runIn = (text: string | undefined): string | null => text?.match(/^run:(.+)$/)?.[1] ?? null;

function subjectFields(subject: Subject): Record<string, string> {
  if (subject.kind === 'pair') return subject.id === null ? {} : { model: subject.id };
  if (subject.kind === 'file') return { model: `file:${subject.id}` };
  const peer: Record<string, string> = subject.peer === null ? {} : { peer: `run:${subject.peer}` };
  const stage = subject.stage === undefined ? '' : `:${subject.stage}`;
  return { model: `run:${subject.id}${stage}`, ...peer };
}

/** `lesson=collapse&step=2&present=1&neighbour=…`. Whether there is such a lesson, and such a step, is for those who know them. */
function lessonFrom(given: Record<string, string | undefined>): OpenLesson | null {
  const { lesson, step, present, neighbour } = given;
  if (!lesson || !/^[a-z-]+$/.test(lesson)) return null;
  return {
    id: lesson,
    step: Math.max(1, Math.trunc(Number(step)) || 1),
    presenting: present === PRESENTING,
    // One that is too long was not made by a lesson; what is left of it is told to be unreadable.
    ...(neighbour && { neighbour: neighbour.slice(0, LONGEST_NEIGHBOUR) }),
  };
}

/** More than any lesson makes, and less than a bar of any browser takes. */
const LONGEST_NEIGHBOUR = 1000;

/** A report that a link can bring: one of the page's own, by its folder's name; one from disk has a file's name. */
export const linkedReport = (shown: string): string | null =>
  /^[a-z0-9-]+$/.test(shown) && shown !== FINDINGS ? shown : null;

function ratioFrom(text: string | undefined): number {
  const ratio = Number(text ?? Number.NaN);
  return ratio >= 0 && ratio < 1 ? ratio : 0;
}

/** A form in the address bar: its fields after a prefix; where it has an architecture, that brings defaults of its own. */
interface FormFields<Form extends object> {
  readonly prefix: string;
  readonly shape: Readonly<Record<keyof Form, z.ZodType>>;
  /** What the form says where nothing else was said. */
  readonly defaults: Form;
  defaultsFor?(arch: string): Form;
}

const TRAIN: FormFields<Plan> = {
  prefix: 'train',
  shape: planSchema.shape,
  defaults: DEFAULT_PLAN,
  defaultsFor,
};
const PIPE: FormFields<PipelinePlan> = {
  prefix: 'pipe',
  shape: pipelineSchema.shape,
  defaults: DEFAULT_PIPELINE,
  defaultsFor: pipelineFor,
};
const ADAPT: FormFields<AdaptingPlan> = {
  prefix: 'adapt',
  shape: adaptingSchema.shape,
  defaults: DEFAULT_ADAPTING,
};
const FIELDS: FormFields<FieldsForm> = {
  prefix: 'fields',
  shape: fieldsSchema.shape,
  defaults: DEFAULT_FIELDS,
};

const TASKS: FormFields<TasksForm> = {
  prefix: 'task',
  shape: tasksSchema.shape,
  defaults: DEFAULT_TASKS,
};

/** Each field by itself, so that one misspelt field does not lose the others. */
function formFrom<Form extends object>(
  { prefix, shape, defaults, defaultsFor }: FormFields<Form>,
  given: Record<string, string>,
): Form {
  const read = (key: keyof Form & string) => shape[key].safeParse(given[`${prefix}.${key}`]);
  const arch = defaultsFor && read('arch' as keyof Form & string);
  const own = arch?.success ? defaultsFor!(arch.data as string) : defaults;
  const fields = (Object.keys(shape) as (keyof Form & string)[]).map((key) => {
    const parsed = read(key);
    return [key, parsed.success ? parsed.data : own[key]];
  });
  return Object.fromEntries(fields) as Form;
}

function write<Form extends object>(
  { prefix, defaults, defaultsFor }: FormFields<Form>,
  form: Form,
  entries: URLSearchParams,
  all: boolean,
): void {
  const { arch } = defaults as { arch?: string };
  const own = defaultsFor ? { ...defaultsFor((form as { arch?: string }).arch!), arch } : defaults;
  for (const [key, value] of Object.entries(form)) {
    if (all || value !== own[key as keyof Form]) entries.set(`${prefix}.${key}`, String(value));
  }
}

/** `?backend=webgpu`. */
export function backendFrom(search: string): BackendPreference {
  return BACKENDS.find((name) => name === new URLSearchParams(search).get('backend')) ?? 'auto';
}

/** `?hide=rotation,tile&size=projector`. */
export function flagsFrom(search: string): Flags {
  const given = new URLSearchParams(search);
  const wanted = given.get('hide')?.split(',') ?? [];
  return {
    hidden: new Set(PART_NAMES.filter((part) => wanted.includes(part))),
    size: SIZES.find((size) => size === given.get('size')) ?? 'normal',
  };
}

/** The query with engine and flags set; other keys stay. */
export function searchOf(search: string, backend: BackendPreference, { hidden, size }: Flags): string {
  const entries = new URLSearchParams(search);
  const put = (key: string, value: string, isDefault: boolean) =>
    isDefault ? entries.delete(key) : entries.set(key, value);
  put('backend', backend, backend === 'auto');
  put('hide', PART_NAMES.filter((part) => hidden.has(part)).join(','), hidden.size === 0);
  put('size', size, size === 'normal');
  const text = entries.toString().replaceAll('%2C', ',');
  return text && `?${text}`;
}
