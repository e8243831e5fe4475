/** A name of several words in one may be broken between them. */
export const breakable = (name: string): string => name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, '\u200b');
