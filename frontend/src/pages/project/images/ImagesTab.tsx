import { Button, Skeleton } from "@mantine/core";
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { type ImageFilter, useImages } from "../../../server/images";
import { flat } from "../../../server/pages";
import { useProgress } from "../../../server/projects";
import type { ImageInfo, Project } from "../../../server/types";
import { EmptyState } from "../../../ui/bits/EmptyState";
import { ProblemNotice } from "../../../ui/bits/Notice";
import { filterOf, searchOf } from "../../../ui/imageFilter";
import { may, useProjectContext } from "../context";
import { ImageGrid } from "./ImageGrid";
import { all } from "./select";
import { Filters, SelectionBar } from "./Toolbar";
import { useGridMemory } from "./useGridMemory";

export function ImagesTab() {
  const { project, pickFiles } = useProjectContext();
  const [query, setQuery] = useSearchParams();
  const filter = useMemo(() => filterOf(query), [query]);
  const search = searchOf(filter);
  const setFilter = (next: ImageFilter) => setQuery(searchOf(next), { replace: true });
  const images = useImages(project.id, filter);
  const { data: progress } = useProgress(project.id);
  const shown = flat(images.data);
  const selectable = may(project, "assign") || may(project, "images.delete");
  const filtered = search !== "";

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = images;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const listed = { loaded: shown.length, more: hasNextPage, loadMore };
  const [selection, select] = useGridMemory(project.id, search, listed);
  const selectAll = async () => {
    let { data, hasNextPage: more, isError: failed } = images;
    // What cannot be asked for now is asked for again by whoever reads why.
    while (more && !failed) ({ data, hasNextPage: more, isError: failed } = await fetchNextPage());
    if (!failed) select(all(flat(data).map((image) => image.id)));
  };

  if (images.error) return <ProblemNotice error={images.error} retry={() => images.refetch()} />;
  if (images.data && shown.length === 0 && !filtered) return <NoImages {...{ project, pickFiles }} />;
  return (
    <>
      {selection.ids.size > 0 ? (
        <SelectionBar
          project={project}
          failed={shown
            .filter((image) => selection.ids.has(image.id) && hasFailed(image))
            .map(({ id }) => id)}
          selection={selection}
          onSelect={select}
          onSelectAll={selectAll}
        />
      ) : (
        <Filters
          projectId={project.id}
          filter={filter}
          onFilter={setFilter}
          shown={shown.length}
          more={hasNextPage}
          onSelectAll={selectable ? selectAll : undefined}
        />
      )}
      {images.isPending && <Skeleton h={436} radius="md" />}
      {images.data && shown.length === 0 && <NoMatch onClear={() => setFilter({})} />}
      {shown.length > 0 && (
        <ImageGrid
          images={shown}
          search={search}
          total={filtered ? shown.length : (progress?.images.total ?? shown.length)}
          selectable={selectable}
          selection={selection}
          onSelect={select}
          onEnd={loadMore}
        />
      )}
    </>
  );
}

const hasFailed = ({ embedding, proposals }: ImageInfo) =>
  embedding.state === "failed" || proposals.state === "failed";

function NoImages({ project, pickFiles }: { project: Project; pickFiles: () => void }) {
  if (!may(project, "images.upload")) {
    return (
      <EmptyState title="No images yet">
        A manager of the project brings them in. They appear here by themselves.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No images yet"
      action={
        <Button variant="default" onClick={pickFiles}>
          Choose files
        </Button>
      }
    >
      Drop images or whole folders anywhere on this page. Each one is prepared for SAM by itself, so that it
      answers clicks at once when somebody opens it.
    </EmptyState>
  );
}

const NoMatch = ({ onClear }: { onClear: () => void }) => (
  <EmptyState
    title="No image fits"
    action={
      <Button variant="default" onClick={onClear}>
        Show all images
      </Button>
    }
  >
    Nothing here has this name and state.
  </EmptyState>
);
