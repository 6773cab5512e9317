import { useQuery } from "@tanstack/react-query";
import type { Annotation } from "../../../model/annotation";
import { annotationHistory } from "../../../server/annotations";
import { keys } from "../../../server/keys";
import type { ReviewItem } from "../../../server/types";
import { Compare } from "../../../ui/compare/Compare";
import { usePhoto } from "../../editor/usePhoto";

/** What a reviewer sent back and has come again: as it was then, and as it is now. */
export function Returned({ item }: { item: ReviewItem }) {
  const { review } = item;
  if (review?.verdict !== "rejected" || review.version >= item.version) return null;
  return <Before item={item} version={review.version} reason={review.reason ?? ""} />;
}

interface BeforeProps {
  item: ReviewItem;
  /** The one that was sent back. */
  version: number;
  reason: string;
}

function Before({ item, version, reason }: BeforeProps) {
  const photo = usePhoto(item.image_detail);
  const { data } = useQuery({
    queryKey: [...keys.history(item.id), "newest"],
    queryFn: () => annotationHistory(item.id),
  });
  const then = data?.results.find((entry) => entry.version === version && entry.annotation !== null);
  if (!then?.annotation) return null;
  const before = { ...item, ...then.annotation } as unknown as Annotation;
  return (
    <Compare
      before={before}
      after={item as unknown as Annotation}
      photo={photo.element}
      since={`Since it was sent back${reason && `: ${reason.toLowerCase()}`}`}
    />
  );
}
