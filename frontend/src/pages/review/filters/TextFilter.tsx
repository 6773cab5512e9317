import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type RefObject, useEffect, useState } from "react";
import styles from "./filters.module.css";
import type { FilteredView } from "./useReviewFilters";

interface TextFilterProps {
  view: FilteredView;
  disabled: boolean;
  field: RefObject<HTMLInputElement | null>;
}

/**
 * Words of an image's name, a class or a comment. They are asked for when the field is left, and not when the typing
 * rests: another part of the queue takes the focus away, and what is typed on would judge its masks.
 */
export function TextFilter({ view, disabled, field }: TextFilterProps) {
  const q = view.filters.q ?? "";
  const [text, setText] = useState(q);
  useEffect(() => setText(q), [q]);
  const ask = () => text.trim() !== q && view.narrow({ q: text.trim() || undefined });
  return (
    <TextInput
      ref={field}
      size="xs"
      className={styles.text}
      leftSection={<IconSearch size={14} />}
      rightSection={text.trim() !== q && <kbd>⏎</kbd>}
      aria-label="Words of an image’s name, a class or a comment"
      placeholder="Name, class, comment"
      maxLength={200}
      disabled={disabled}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={ask}
      onKeyDown={(event) => {
        if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}
