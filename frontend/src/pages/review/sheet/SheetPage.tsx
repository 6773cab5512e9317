import { ReviewFrame } from "../frame/ReviewFrame";

/** `/projects/:id/review/sheet`: many masks at once. */
export default function SheetPage() {
  return (
    <ReviewFrame mode="sheet" waiting={undefined} commands={[]}>
      {null}
    </ReviewFrame>
  );
}
