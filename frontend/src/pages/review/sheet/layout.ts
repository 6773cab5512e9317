import type { Size } from "../../../geometry/vector";

/** How a sheet lies on the screen; lengths in CSS pixels. */
export interface Layout extends Size {
  readonly columns: number;
  readonly rows: number;
}

/** How wide cards are at least, from many small ones to few large ones. */
export const DENSITIES = [128, 184, 256, 384] as const;
export type Density = 0 | 1 | 2 | 3;
export const USUAL: Density = 2;

/** As many as one may claim. */
const MOST = 60;
const GAP = 12;
const MARGIN = 12;
/** Height over width of pictures: what is usual, and what they may be for one more row. */
const USUAL_SHAPE = 3 / 4;
const FLATTEST = 0.62;
/** What a card has beside its picture: its edge, and two lines of words. */
const EDGE = 16;
const WORDS = 48;

/** How many fit between the margins, with gaps between them. */
const fitting = (room: number, each: number): number =>
  Math.max(1, Math.floor((room - 2 * MARGIN + GAP) / (each + GAP)));

const share = (room: number, many: number): number => (room - 2 * MARGIN + GAP) / many - GAP;

/** As many cards as fill the room without scrolling; `width` and `height` are those of a card's picture. */
export function layoutFor(room: Size, density: Density): Layout {
  const columns = fitting(room.width, DENSITIES[density]);
  const width = Math.floor(share(room.width, columns) - EDGE);
  const fit = fitting(room.height, width * FLATTEST + EDGE + WORDS);
  const rows = Math.min(fit, Math.max(1, Math.floor(MOST / columns)));
  const height = Math.floor(Math.min(width * USUAL_SHAPE, share(room.height, rows) - EDGE - WORDS));
  return { columns, rows, width, height: Math.max(height, 48) };
}

export const countIn = ({ columns, rows }: Layout): number => Math.min(columns * rows, MOST);
