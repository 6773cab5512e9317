/** One thing reviewers can do by a key. What keys do and the sheet that tells them are both read from these. */
export interface ReviewCommand {
  /** Begins with `review.`: remapped keys of the editor's commands are kept beside those of these. */
  readonly id: string;
  readonly group: string;
  readonly label: string;
  /** As `keyOf` names them; the first one is shown. */
  readonly keys: readonly string[];
  readonly enabled?: boolean;
  /** `key` is the one that was pressed. */
  readonly run: (key: string) => void;
}
