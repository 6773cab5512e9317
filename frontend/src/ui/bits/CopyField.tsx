import { Button, CopyButton, Group, TextInput } from "@mantine/core";

/** The absolute URL of a path of this site. */
export const absolute = (path: string): string => new URL(path, window.location.origin).href;

/** A value to take along: selected by a click, copied by the button. */
export const CopyField = ({ label, value }: { label: string; value: string }) => (
  <Group gap="xs" mt={8} wrap="nowrap">
    <TextInput
      flex={1}
      readOnly
      aria-label={label}
      value={value}
      onFocus={(event) => event.currentTarget.select()}
      ff="monospace"
    />
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button variant="default" h={36} miw={80} onClick={copy}>
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  </Group>
);
