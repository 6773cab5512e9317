// Before anything is painted: the kept colour scheme, so that a dark page never flashes white.
// A file of its own: the content security policy allows no script inside the page.
const kept = localStorage.getItem("maskwright-colour-scheme") ?? "auto";
const dark = kept === "dark" || (kept === "auto" && !matchMedia("(prefers-color-scheme: light)").matches);
document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
