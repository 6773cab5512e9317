import { SegmentedControl, useMantineColorScheme } from "@mantine/core";

const SCHEMES = [
  { value: "dark", label: "Dark" },
  { value: "light", label: "Light" },
  { value: "auto", label: "System" },
];

/** Dark, light, or what the system says; kept in this browser. */
export function SchemeControl() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Colour scheme"
      data={SCHEMES}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as "dark" | "light" | "auto")}
    />
  );
}
