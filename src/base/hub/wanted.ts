/** What is needed of a repository. */
export interface Wanted {
  /** For messages: "an encoder". */
  readonly what: string;
  /** The paths to take of those that there are, or what is missing among them, in words. */
  readonly choose: (paths: readonly string[]) => Choice;
  /** The files that someone without a network puts into a folder by hand, each with a note. */
  readonly byHand: readonly { readonly path: string; readonly note?: string }[];
  /** How a command takes that folder: `--encoder`. */
  readonly option: string;
  /** The command that downloads it. */
  readonly pull: string;
}

export type Choice = { readonly paths: readonly string[] } | { readonly missing: string };
