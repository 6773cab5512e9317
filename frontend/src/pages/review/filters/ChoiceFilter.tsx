import { Menu } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import editorStyles from "../../../ui/editor/editor.module.css";
import styles from "./filters.module.css";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly colour?: string;
}

interface ChoiceFilterProps {
  label: string;
  /** What it says where nothing is chosen; the filter can always be taken away, unless this is one of the choices. */
  any: string | null;
  value: string | undefined;
  choices: readonly Choice[];
  disabled: boolean;
  onChoose: (value: string | undefined) => void;
}

/** A filter by one of several, as a chip that says which. */
export function ChoiceFilter({ label, any, value, choices, disabled, onChoose }: ChoiceFilterProps) {
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Menu position="bottom-start" disabled={disabled} shadow="md">
      <Menu.Target>
        <button
          type="button"
          className={styles.chip}
          data-on={(any !== null && value !== undefined) || undefined}
          disabled={disabled}
        >
          {chosen?.colour && <i className={editorStyles.dot} style={{ background: chosen.colour }} />}
          <span>{value === undefined ? label : `${label}: ${chosen?.label ?? "another one"}`}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={styles.choices}>
        {any !== null && <Menu.Item onClick={() => onChoose(undefined)}>{any}</Menu.Item>}
        {choices.map((choice) => (
          <Menu.Item
            key={choice.value}
            onClick={() => onChoose(choice.value)}
            leftSection={
              choice.colour && <i className={editorStyles.dot} style={{ background: choice.colour }} />
            }
            rightSection={choice.value === value && <IconCheck size={14} aria-label="chosen" />}
          >
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
