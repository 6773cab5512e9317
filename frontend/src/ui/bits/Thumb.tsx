import classes from "./bits.module.css";

/** A thumbnail in a box whose size the parent gives; decorative, since the image's name stands beside it. */
export const Thumb = ({ src }: { src: string }) => (
  <img className={classes.thumb} src={src} alt="" loading="lazy" decoding="async" draggable={false} />
);
