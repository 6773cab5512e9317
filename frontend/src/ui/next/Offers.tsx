import { Button, type ButtonProps } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { labelOf, type Offer } from "./offers";
import { useTakeNext } from "./useTakeNext";

interface OffersProps {
  projectId: string;
  offers: readonly Offer[];
  /** The first one is what one key does. */
  focused?: boolean;
}

/** A button for each thing that can be done next in a project. */
export const Offers = ({ projectId, offers, focused = false }: OffersProps) =>
  offers.map((offer, i) => (
    <OfferButton
      key={offer.kind}
      projectId={projectId}
      offer={offer}
      variant={i === 0 ? "filled" : "default"}
      focused={focused && i === 0}
      rightSection={focused && i === 0 && <kbd>⏎</kbd>}
    />
  ));

interface OfferButtonProps extends ButtonProps {
  projectId: string;
  offer: Offer;
  /** Enter does it as soon as it is there. */
  focused?: boolean;
}

export function OfferButton({ projectId, offer, focused = false, ...look }: OfferButtonProps) {
  const { take, isPending } = useTakeNext(projectId);
  const button = useRef<HTMLButtonElement>(null);
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // `autoFocus` does nothing for links.
    if (focused) (button.current ?? link.current)?.focus();
  }, [focused]);
  if (offer.kind === "next")
    return (
      <Button ref={button} onClick={take} loading={isPending} {...look}>
        {labelOf(offer)}
      </Button>
    );
  return (
    <Button ref={link} component={Link} to={addressOf(projectId, offer)} {...look}>
      {labelOf(offer)}
    </Button>
  );
}

function addressOf(projectId: string, offer: Exclude<Offer, { kind: "next" }>): string {
  switch (offer.kind) {
    case "continue":
      return `/images/${offer.image}?from=mine`;
    case "review":
      return `/projects/${projectId}/review${offer.masks === 0 ? "/images" : ""}`;
    case "assign":
      return `/projects/${projectId}`;
  }
}
