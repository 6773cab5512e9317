import { Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import classes from "./bits.module.css";
import { CLASS_COLOURS } from "./palette";

interface ColourPickerProps {
  colour: string;
  /** What gets the colour, for screen readers. */
  of: string;
  onChange: (colour: string) => void;
  disabled?: boolean;
}

/** Chooses a class colour from the palette that colour-blind people can tell apart. */
export function ColourPicker({ colour, of, onChange, disabled = false }: ColourPickerProps) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const choose = (chosen: string) => {
    close();
    if (chosen !== colour) onChange(chosen);
  };
  return (
    <Popover opened={opened} onChange={close} position="bottom-start" trapFocus withinPortal shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={classes.colourButton}
          onClick={toggle}
          disabled={disabled}
          aria-label={`Colour of ${of}`}
        >
          <span style={{ background: colour }} />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div className={classes.colours}>
          {CLASS_COLOURS.map((choice) => (
            <button
              key={choice}
              type="button"
              className={classes.colour}
              style={{ background: choice }}
              aria-label={choice}
              aria-pressed={choice === colour}
              onClick={() => choose(choice)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
