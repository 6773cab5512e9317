import { Popover, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useImage, useImages } from "../../../server/images";
import { useReviewContext } from "../context";
import styles from "./filters.module.css";
import type { FilteredView } from "./useReviewFilters";

/** One image, found by its name. */
export function ImageFilter({ view, disabled }: { view: FilteredView; disabled: boolean }) {
  const { image } = view.filters;
  const [opened, { toggle, close }] = useDisclosure(false);
  const choose = (id: string | undefined) => {
    view.narrow({ image: id });
    close();
  };
  return (
    <Popover
      position="bottom-start"
      trapFocus
      shadow="md"
      opened={opened}
      onChange={(open) => open || close()}
    >
      <Popover.Target>
        <button
          type="button"
          className={styles.chip}
          data-on={image !== undefined || undefined}
          disabled={disabled}
          onClick={toggle}
        >
          {image ? <ImageName id={image} /> : <span>Image</span>}
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Search onChoose={choose} chosen={image !== undefined} />
      </Popover.Dropdown>
    </Popover>
  );
}

const ImageName = ({ id }: { id: string }) => <span>Image: {useImage(id).data?.name ?? "…"}</span>;

interface SearchProps {
  chosen: boolean;
  onChoose: (id: string | undefined) => void;
}

const SHOWN = 12;

function Search({ chosen, onChoose }: SearchProps) {
  const { project } = useReviewContext();
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text, 250);
  const { data } = useImages(project.id, { q });
  const images = data?.pages.flatMap(({ results }) => results) ?? [];
  return (
    <div className={styles.search}>
      <TextInput
        size="xs"
        data-autofocus
        aria-label="Name of the image"
        placeholder="Name of the image"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {chosen && (
        <button type="button" onClick={() => onChoose(undefined)}>
          All images
        </button>
      )}
      {images.slice(0, SHOWN).map(({ id, name }) => (
        <button key={id} type="button" onClick={() => onChoose(id)}>
          {name}
        </button>
      ))}
      {data && images.length === 0 && <p>No image of this project has such a name.</p>}
      {images.length > SHOWN && <p>There are more: type more of the name.</p>}
    </div>
  );
}
