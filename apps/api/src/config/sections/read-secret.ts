/** A value, or the text of the file that holds it; undefined when neither is given, and after a problem with the file was reported. */
export type ReadSecret = (value: string | undefined, file: string | undefined) => string | undefined;
