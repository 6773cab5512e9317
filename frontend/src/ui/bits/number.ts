const whole = new Intl.NumberFormat("en");

export const count = (value: number): string => whole.format(value);

/** "1 image", "2,000 images". */
export const counted = (value: number, singular: string, plural = `${singular}s`): string =>
  `${count(value)} ${value === 1 ? singular : plural}`;

/** Bytes in powers of 1000, as file managers show them: "4.2 MB". */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(Math.max(Math.floor(Math.log10(Math.max(value, 1)) / 3), 0), units.length - 1);
  const scaled = value / 1000 ** step;
  return `${step > 0 && scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[step]}`;
}

/** A time that nobody knows exactly: "a few seconds", "about 3 min", "about 2 h". */
export function about(seconds: number): string {
  if (seconds < 15) return "a few seconds";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s`;
  if (seconds < 5400) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return `about ${Math.round(seconds / 3600)} h`;
}
