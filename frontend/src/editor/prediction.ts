import type { Effect, ToolEvent } from "../tools/tool";
import type { EditorPorts } from "./Editor";
import type { Snapshot } from "./snapshot";

/** Who asked: may no longer want an answer, and takes it in as an event of the SAM tool. */
interface Asker {
  readonly wants: (request: number) => boolean;
  readonly answer: (event: ToolEvent, timed?: Pick<Snapshot, "lastPredict">) => void;
}

/** Asks the model, at once or after a while, and tells what became of it. */
export async function predict(
  { request, prompt, after }: Extract<Effect, { type: "predict" }>,
  ports: Pick<EditorPorts, "predict">,
  { wants, answer }: Asker,
): Promise<void> {
  if (after) await new Promise((resolve) => setTimeout(resolve, after));
  if (after && !wants(request)) return;
  const asked = performance.now();
  try {
    const prediction = await ports.predict(prompt);
    if (prediction === "later") return answer({ type: "notReady", request });
    const milliseconds = Math.round(performance.now() - asked);
    const lastPredict = { model: prediction.model, milliseconds };
    answer({ type: "predicted", request, prediction }, { lastPredict });
  } catch (error) {
    const reason = error instanceof Error ? error.message : "The model did not answer. Click again.";
    answer({ type: "failed", request, reason });
  }
}
