import { type ComponentType, useEffect, useRef, useState } from "react";
import { toastProblem } from "./toast";

/**
 * A dialog whose code is loaded when it is opened. Where it cannot be, as without the network, the page around it stays,
 * says so and closes it; opened again, it is asked for again.
 */
export function onDemand<Props extends { onClose: () => void }>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function OnDemand(props: Props) {
    const [Dialog, setDialog] = useState(() => loaded);
    const close = useRef(props.onClose);
    useEffect(() => {
      close.current = props.onClose;
    });
    useEffect(() => {
      if (loaded) return;
      let isOpen = true;
      const show = (part: { default: ComponentType<Props> }) => {
        loaded = part.default;
        if (isOpen) setDialog(() => loaded);
      };
      const giveUp = () => {
        if (!isOpen) return;
        toastProblem("This could not be loaded. Try it again when there is a network.");
        close.current();
      };
      load().then(show, giveUp);
      return () => {
        isOpen = false;
      };
    }, []);
    return Dialog && <Dialog {...props} />;
  };
}
