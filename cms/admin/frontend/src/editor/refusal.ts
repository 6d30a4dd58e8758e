/** The schema cannot say all that this piece of source says; it stays as it is. */
export class NotModelled extends Error {}
