import { notifications } from "@mantine/notifications";
import { sentenceOf } from "../../server/problem";

/** Something was done that the page does not show by itself. */
export const toastDone = (message: string) =>
  notifications.show({ message, color: "green", autoClose: 4_000 });

/** A refusal: what was thrown, or a sentence of our own. */
export const toastProblem = (error: unknown) =>
  notifications.show({
    message: typeof error === "string" ? error : sentenceOf(error),
    color: "red",
    autoClose: 8_000,
  });
