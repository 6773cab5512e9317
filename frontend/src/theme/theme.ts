import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type MantineTheme,
  type VariantColorsResolver,
} from "@mantine/core";

const HOVER = "color-mix(in srgb, var(--accent) 86%, var(--text))";
const tint = (percent: number) => `color-mix(in srgb, var(--accent) ${percent}%, transparent)`;

/** The accent is a token, not a palette: both schemes have their own, checked for contrast. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  if (input.color !== undefined && input.color !== input.theme.primaryColor) return colours;
  if (input.variant === "filled") {
    return { ...colours, background: "var(--accent)", hover: HOVER, color: "var(--on-accent)" };
  }
  if (input.variant === "light") {
    return { ...colours, background: tint(14), hover: tint(22), color: "var(--accent)" };
  }
  if (input.variant === "subtle" || input.variant === "transparent") {
    return { ...colours, hover: "var(--hover)", color: "var(--text)" };
  }
  return colours;
};

/** Mantine's own variables in terms of our tokens, which follow the colour scheme by themselves. */
const shared = {
  "--mantine-color-body": "var(--canvas)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--muted)",
  "--mantine-color-placeholder": "var(--muted)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-default": "var(--raise)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--line)",
  "--mantine-color-disabled": "var(--line)",
  "--mantine-color-disabled-color": "var(--muted)",
  "--mantine-color-disabled-border": "var(--line)",
  "--mantine-color-blue-filled": "var(--accent)",
  "--mantine-color-blue-filled-hover": HOVER,
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-filled-hover": HOVER,
  "--mantine-primary-color-contrast": "var(--on-accent)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: { "--mantine-line-height": "1.4" },
  light: shared,
  dark: shared,
});

/** Mantine's greys are bluish; these are not. */
const NEUTRAL: MantineColorsTuple = [
  "#f7f7f7",
  "#f0f0f0",
  "#e6e6e6",
  "#dadada",
  "#c8c8c8",
  "#a8a8a8",
  "#808080",
  "#595959",
  "#3b3b3b",
  "#1e1e1e",
];

const PASS_CLICKS = { pointerEvents: "none" } as const;

/** A dialog that fades away no longer takes clicks from the page behind it. */
const whileFading = (_: MantineTheme, { opened }: { opened?: boolean }) =>
  opened ? {} : { overlay: PASS_CLICKS, inner: PASS_CLICKS, content: PASS_CLICKS };

export const theme = createTheme({
  primaryColor: "blue",
  colors: { gray: NEUTRAL },
  variantColorResolver,
  fontFamily: 'Inter, "DejaVu Sans", system-ui, sans-serif',
  fontFamilyMonospace: '"DejaVu Sans Mono", ui-monospace, monospace',
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "3px", sm: "6px", md: "8px", lg: "10px", xl: "16px" },
  defaultRadius: "sm",
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "20px" }, h2: { fontSize: "16px" }, h3: { fontSize: "14px" } },
  },
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" }, styles: { root: { fontSize: 13, height: 30 } } },
    TextInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm" } },
    Checkbox: { defaultProps: { radius: "xs" } },
    Table: { defaultProps: { borderColor: "var(--line)" } },
    Modal: {
      defaultProps: {
        transitionProps: { duration: 100 },
        centered: true,
        closeButtonProps: { "aria-label": "Close" },
        // A second page banner for screen readers otherwise.
        attributes: { header: { role: "presentation" } },
      },
      styles: whileFading,
    },
    Drawer: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        attributes: { header: { role: "presentation" } },
      },
      styles: whileFading,
    },
    Menu: {
      defaultProps: {
        // Mantine takes 0 for its own 250 ms.
        transitionProps: { duration: 80, exitDuration: 1 },
        shadow: "md",
        withInitialFocusPlaceholder: false,
      },
    },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 80 } } },
  },
});
