import { useState } from "react";
import { changesOf, clashesOf, keepMine, NOTHING_TYPED, settle, type Typed, typeOver } from "./draft";
import { useUnsaved } from "./unsaved";

/** A form over saved fields that others may change meanwhile. Untouched fields show what is saved. */
export interface Draft<Fields> {
  readonly values: Fields;
  readonly saved: Fields;
  readonly set: (change: Partial<Fields>) => void;
  readonly changes: Partial<Fields>;
  readonly dirty: boolean;
  /** The fields of which there are two versions, mine and somebody else's. */
  readonly clashes: readonly (keyof Fields)[];
  readonly keepMine: (field: keyof Fields) => void;
  readonly takeTheirs: (field: keyof Fields) => void;
  /** `sent` is saved. */
  readonly settle: (sent: Partial<Fields>) => void;
}

/** `what` says what would be lost, as in "the guidelines": the page asks before it is left. */
export function useDraft<Fields extends object>(saved: Fields, what: string): Draft<Fields> {
  const [typed, setTyped] = useState<Typed<Fields>>(NOTHING_TYPED);
  const changes = changesOf(typed, saved);
  const dirty = Object.keys(changes).length > 0;
  useUnsaved(dirty ? what : null);
  return {
    values: { ...saved, ...changes },
    saved,
    set: (change) => setTyped((now) => typeOver(now, saved, change)),
    changes,
    dirty,
    clashes: clashesOf(typed, saved),
    keepMine: (field) => setTyped((now) => keepMine(now, saved, field)),
    takeTheirs: (field) =>
      setTyped((now) => typeOver(now, saved, { [field]: saved[field] } as unknown as Partial<Fields>)),
    settle: (sent) => setTyped((now) => settle(now, sent)),
  };
}
