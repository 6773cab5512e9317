/** How much is drawn a frame, learnt from how long frames took. Costs are milliseconds for a weight of one (`region.ts`). */
export interface Pace {
  readonly cost: number;
}

/** While people move the view, each frame must stay short; when it rests they may go on at any moment. */
export const MOVING_MS = 4;
export const RESTING_MS = 6;
/** What they have just changed: they wait for nothing else. */
export const AWAITED_MS = 24;
/** The first picture, before which there is nothing to move or to point at. */
export const FIRST_MS = 80;
/** What nobody sees yet. */
export const AHEAD_MS = 3;
/** As software draws on a slow machine; better is believed when it was seen. */
export const FIRST_PACE: Pace = { cost: 0.1 };
const [LEAST, MOST] = [0.002, 2];
/** So much weight has the newest frame. */
const NEWEST = 0.3;
/** Less says little, as there is more to a frame than shapes. */
const TELLING = 20;

export const roomFor = ({ cost }: Pace, milliseconds: number): number =>
  Math.max(1, Math.floor(milliseconds / cost));

export function learnt({ cost }: Pace, weight: number, milliseconds: number): Pace {
  if (weight < TELLING) return { cost };
  const seen = Math.min(Math.max(milliseconds / weight, LEAST), MOST);
  return { cost: cost + NEWEST * (seen - cost) };
}
