// Asks for what a page that opens an image will need, while its scripts are still on the way: their own requests for
// the same take over these answers. Not for the image itself: its embedding may be made between an answer that comes so
// early and the first event that the page hears of. A file of its own: the content security policy allows no script
// inside the page.
const image = /^\/images\/([\w-]+)$/.exec(location.pathname)?.[1];
const ahead = image ? ["/me", `/images/${image}/annotations`] : [];
for (const path of ahead) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: `/api/v1${path}` });
  document.head.append(link);
}
