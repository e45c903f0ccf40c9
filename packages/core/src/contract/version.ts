/** Of this program; the same as in `package.json`. */
export const VERSION = '0.1.0';

/**
 * What the files of a world look like. It rises with a change that an older program would misread, e.g. an event it has no
 * word for; a program opens every format up to its own.
 */
export const WORLD_FORMAT = 1;
