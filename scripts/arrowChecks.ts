/** How what files import stands to the table of arrows (arrows.ts): each fault in one sentence. */
import path from 'node:path';
import type { House } from './arrows';
import type { Import, Sources } from './imports';

/** Where a file lies. room: null where its area has no line for it. */
interface Place {
  readonly area: string;
  readonly room: string | null;
}

/** Tests, and what only tests import. */
const isTest = (file: string): boolean => /\.(test|spec)\.tsx?$|(^|\/)testing\//.test(file);

/** The path of a room from its area and its name. */
const roomPath = (area: string, room: string): string => path.posix.join(area, room).replace(/\/$/, '');

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** Whether `file` is at a path or below it; `.` is the root's own files alone. */
const isBelow = (file: string, at: string): boolean =>
  at === '.' ? !file.includes('/') : file === at || file.startsWith(`${at}/`);

/** Tells where files lie, each looked up once; null for one in no area: that is data, like a manifest or a report. */
function surveyorOf(house: House): (file: string) => Place | null {
  const known = new Map<string, Place | null>();
  const longest = (names: string[]) => names.sort((a, b) => b.length - a.length)[0];
  const find = (file: string): Place | null => {
    const area = longest(Object.keys(house).filter((each) => isBelow(file, each)));
    if (area === undefined) return null;
    // What lies in an area's folder itself is the room `.`; a new folder in it wants a line of its own.
    const rooms = Object.keys(house[area].rooms).filter((room) =>
      room === '.' ? path.posix.dirname(file) === area : isBelow(file, roomPath(area, room)),
    );
    return { area, room: longest(rooms) ?? null };
  };
  return (file) => {
    if (!known.has(file)) known.set(file, find(file));
    return known.get(file)!;
  };
}

/**
 * Whether a file lies in what a word names in an area's lines: a room, with the files of its folder that stand above it in
 * lines of their own; else all at a path or below.
 */
function isNamed(house: House, word: string, area: string, file: string, place: Place): boolean {
  const order = Object.keys(house[area].rooms);
  if (!order.includes(word)) return isBelow(file, word);
  if (place.area !== area || place.room === null) return false;
  const isFileAbove =
    file === roomPath(area, place.room) &&
    path.posix.dirname(file) === roomPath(area, word) &&
    order.indexOf(place.room) < order.indexOf(word);
  return place.room === word || isFileAbove;
}

/** Where the code imports what the table does not let it, and where it lies in no room. */
export function wrongArrows(house: House, { files, imports }: Sources): string[] {
  const placeOf = surveyorOf(house);
  const homeless = files
    .filter((file) => !isTest(file) && !placeOf(file)?.room)
    .map((file) => `${file} lies in no room: give its folder a line.`);
  const faultOf = ({ from, to }: Import): string | null => {
    const [here, there] = [placeOf(from), placeOf(to)];
    if (!here || !there) return null;
    if (isTest(to) && !isTest(from)) return `${from} imports ${to}, which is for tests.`;
    const { all, tests, rooms } = house[here.area];
    if (here.area === there.area && (here.room === there.room || isTest(from))) return null;
    const words = wordsOf(`${all} ${rooms[here.room ?? ''] ?? ''} ${isTest(from) ? tests : ''}`);
    if (words.some((word) => isNamed(house, word, here.area, to, there))) return null;
    return `${from} imports ${to}: ${roomPath(here.area, here.room ?? '')} may not.`;
  };
  return [...homeless, ...imports.map(faultOf).filter((fault) => fault !== null)];
}

/** What the table allows and nobody needs, and lines without a file. */
export function idleArrows(house: House, { files, imports }: Sources): string[] {
  const placeOf = surveyorOf(house);
  const isOf = (file: string, area: string, room: string) => {
    const place = placeOf(file);
    return place?.area === area && place.room === room;
  };
  return Object.entries(house).flatMap(([area, { rooms }]) =>
    Object.entries(rooms).flatMap(([room, line]) => {
      const at = roomPath(area, room);
      if (!files.some((file) => isOf(file, area, room))) return [`${at} has no file: take its line out.`];
      const own = imports.filter(({ from }) => !isTest(from) && isOf(from, area, room));
      const isUsed = (word: string) =>
        own.some(({ to }) => {
          const place = placeOf(to);
          return place !== null && isNamed(house, word, area, to, place);
        });
      return wordsOf(line)
        .filter((word) => !isUsed(word))
        .map((word) => `${at} may import ${word} and does not: take that out.`);
    }),
  );
}

/** Where a line names what does not stand above it: only so could the table itself hold a circle. */
export function misplacedRooms(house: House): string[] {
  const order = Object.entries(house).flatMap(([area, { rooms }]) =>
    Object.keys(rooms).map((room) => roomPath(area, room)),
  );
  return Object.entries(house).flatMap(([area, { all, rooms }]) =>
    Object.entries(rooms).flatMap(([room, line]) => {
      const at = roomPath(area, room);
      const isAbove = (word: string) => {
        const named = word in rooms ? [roomPath(area, word)] : order.filter((each) => isBelow(each, word));
        return named.length > 0 && named.every((each) => order.indexOf(each) < order.indexOf(at));
      };
      // What every room may import stands above all the others.
      return wordsOf(room === all ? line : `${all} ${line}`)
        .filter((word) => !isAbove(word))
        .map((word) => `${at} names ${word}, which does not stand above it.`);
    }),
  );
}

/** Imports of packages where they do not belong; tests may import any. packages: a name, or how it begins → where it belongs. */
export function wrongPackages(packages: Readonly<Record<string, string>>, { packaged }: Sources): string[] {
  return packaged.flatMap(({ from, to }) => {
    const name = Object.keys(packages).find((each) =>
      /\w$/.test(each) ? isBelow(to, each) : to.startsWith(each),
    );
    const homes = name === undefined ? [] : wordsOf(packages[name]);
    if (isTest(from) || homes.length === 0 || homes.some((home) => isBelow(from, home))) return [];
    return [`${from} imports ${to}, which belongs to ${homes.join(', ')}.`];
  });
}
