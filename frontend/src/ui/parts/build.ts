/** Names of the script that starts the app: every build has another. */
const ENTRY = /src="(\/assets\/[^"]+\.js)"/;

/** The build that runs in this page; "" where it is not a built one. */
export const loadedBuild = (): string => ENTRY.exec(document.documentElement.outerHTML)?.[1] ?? "";

/** The build that the server hands out now, or null if it does not answer. */
export async function buildOf(page: string): Promise<string | null> {
  try {
    const response = await fetch(page, { cache: "no-store", headers: { Accept: "text/html" } });
    return response.ok ? (ENTRY.exec(await response.text())?.[1] ?? "") : null;
  } catch {
    return null;
  }
}

/**
 * Loads style sheets again that failed to load. The loader of parts requests each only once, so that a part which is
 * loaded later would come without its style. Rejects if one fails again.
 */
export async function restoreStyles(): Promise<void> {
  const links = [
    ...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]:not([data-restored])'),
  ];
  await Promise.all(links.filter(({ sheet }) => sheet === null).map(loadAgain));
}

/** Beside the old link, which may be on its way still: somebody waits for it then. */
const loadAgain = (link: HTMLLinkElement) =>
  new Promise<void>((resolve, reject) => {
    const fresh = link.cloneNode() as HTMLLinkElement;
    fresh.onload = () => {
      link.dataset["restored"] = "";
      resolve();
    };
    fresh.onerror = () => {
      fresh.remove();
      reject(new Error(`${fresh.href} could not be loaded.`));
    };
    link.after(fresh);
  });
