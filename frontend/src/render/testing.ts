import { NO_OVERLAY, PLAIN_STYLE, type Scene } from "./scene";

/** An image without a photograph, all in sight at its own size. */
export const sceneOf = (fields: Partial<Scene>): Scene => ({
  screen: { width: 500, height: 250 },
  viewport: { scale: 1, x: 0, y: 0 },
  image: { width: 500, height: 250 },
  photo: null,
  photoFilter: "",
  style: PLAIN_STYLE,
  proposals: [],
  shapes: [],
  overlay: NO_OVERLAY,
  ...fields,
});
