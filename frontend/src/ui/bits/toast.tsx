import { notifications } from "@mantine/notifications";
import { sentenceOf } from "../../server/problem";
import classes from "./bits.module.css";

const closeButtonProps = { "aria-label": "Close" };

/** Something was done that the page does not show by itself. */
export const toastDone = (message: string) =>
  notifications.show({ message, color: "green", autoClose: 4_000, closeButtonProps });

/** A refusal: what was thrown, or a sentence of our own. */
export const toastProblem = (error: unknown) =>
  notifications.show({
    message: typeof error === "string" ? error : sentenceOf(error),
    color: "red",
    autoClose: 8_000,
    closeButtonProps,
  });

/** Long enough to read a sentence and to decide. */
const UNDO_MS = 10_000;

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
  /** The key that does the same, as people read it. */
  readonly keyCap?: string;
}

/** Something was done that can still be undone, or done further; answers the toast's id. */
export function toastActions(message: string, actions: readonly ToastAction[], onClose?: () => void): string {
  const id = notifications.show({
    color: "green",
    autoClose: UNDO_MS,
    closeButtonProps,
    message: (
      <span className={classes.toast}>
        <span>{message}</span>
        {actions.map(({ label, run, keyCap }) => (
          <button
            key={label}
            type="button"
            onClick={() => {
              notifications.hide(id);
              run();
            }}
          >
            {label}
            {keyCap && <kbd>{keyCap}</kbd>}
          </button>
        ))}
      </span>
    ),
    ...(onClose && { onClose }),
  });
  return id;
}
