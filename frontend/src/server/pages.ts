import type { InfiniteData } from "@tanstack/react-query";
import { get, type Query } from "./client";
import type { Page } from "./types";

/** Options for `useInfiniteQuery` over a cursor-paged list: a page's `next` is the address of the following one. */
export function pagedQuery<T, P extends Page<T> = Page<T>>(path: string, query: Query = {}) {
  return {
    queryFn: ({ pageParam, signal }: { pageParam: string | null; signal: AbortSignal }) =>
      pageParam === null ? get<P>(path, query, signal) : get<P>(pageParam, undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: P) => page.next,
  };
}

/** The items of all pages that have arrived. */
export function flat<T>(data: InfiniteData<Page<T>> | undefined): T[] {
  return data?.pages.flatMap((page) => page.results) ?? [];
}

/** Fetches a cursor-paged list page after page, for lists that are shown or processed as a whole. */
export async function everyPage<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let page = await get<Page<T>>(path, query, signal);
  items.push(...page.results);
  while (page.next !== null) {
    page = await get<Page<T>>(page.next, undefined, signal);
    items.push(...page.results);
  }
  return items;
}
