/** This lab's version, as files tell it. The same as in package.json, which a page does not load (version.test.ts). */
export const VERSION = '0.1.0';
