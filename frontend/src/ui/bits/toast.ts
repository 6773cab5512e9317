import { notifications } from "@mantine/notifications";
import { sentenceOf } from "../../server/problem";

/** Something was done that the page does not show by itself. */
export const toastDone = (message: string) =>
  notifications.show({ message, color: "green", autoClose: 4_000 });

export const toastProblem = (error: unknown) =>
  notifications.show({ message: sentenceOf(error), color: "red", autoClose: 8_000 });
