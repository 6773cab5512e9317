import { Link } from "react-router";
import classes from "./shell.module.css";

/** The name and its sign: an outline around a selected shape. */
export const Wordmark = () => (
  <Link to="/" className={classes.wordmark}>
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path
        d="M3 6.5C6 4 12 4 15 6.5c0 5-1.5 7.5-4 7.5-1 0-1.3-1-2-1s-1 1-2 1c-2.5 0-4-2.5-4-7.5z"
        fill="color-mix(in srgb, var(--accent) 35%, transparent)"
        stroke="var(--accent)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
    Maskwright
  </Link>
);
