import { Button, CopyButton, Group, TextInput } from "@mantine/core";

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
