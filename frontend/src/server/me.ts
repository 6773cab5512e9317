import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { at, del, get, patch, post, request } from "./client";
import { useCreation } from "./creation";
import { keys } from "./keys";
import type { About, ApiToken, Assignment, Me, NewToken, PasswordChange } from "./types";

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: () => get<Me>("/me") });

export const useAbout = () =>
  useQuery({ queryKey: keys.about, queryFn: () => get<About>("/about"), staleTime: Infinity });

/** My open and returned assignments over all projects. */
export const useMyAssignments = () =>
  useQuery({ queryKey: keys.myAssignments, queryFn: () => get<Assignment[]>("/me/assignments") });

export const useTokens = () => useQuery({ queryKey: keys.tokens, queryFn: () => get<ApiToken[]>("/tokens") });

export function useRenameMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => patch<Me>("/me", { name }),
    onSuccess: (me) => client.setQueryData(keys.me, me),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    // Without an operation id, so that the server stores nothing about a password.
    mutationFn: (change: PasswordChange) => request<void>("POST", "/me/password", { body: change }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}

export const useCreateToken = () =>
  useCreation({
    create: (token: NewToken, opId) => post<ApiToken>("/tokens", token, { opId }),
    outdates: keys.tokens,
  });

export function useDeleteToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => del(at("/tokens/{token}", id)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
  });
}
