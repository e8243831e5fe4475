/** Names this version of the page: the address of a built script changes with whatever it is made of. */
export const CODE: string = new URL(import.meta.url).pathname;
