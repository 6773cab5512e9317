import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { at, del, post, request } from "./client";
import { keys } from "./keys";
import type { Invited, RenewedInvitation } from "./types";

/** Whose account an invitation sets up. A link that is used, old or withdrawn is refused with a sentence. */
export const useInvited = (key: string) =>
  useQuery({
    queryKey: ["invited", key],
    queryFn: () => request<Invited>("POST", "/invitations/check", { body: { key } }),
    retry: false,
    staleTime: Infinity,
  });

/** Sets the account's password and ends its sessions. */
export const acceptInvitation = (key: string, password: string) =>
  request<void>("POST", "/invitations/accept", { body: { key, password } });

/** A new link in place of the one that was lost or has expired. It is shown only now. */
export function useRenewInvitation(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (memberId: string) =>
      post<RenewedInvitation>(at("/members/{member}/invitation", memberId), undefined),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.members(projectId) }),
  });
}

export function useWithdrawInvitation(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (memberId: string) => del(at("/members/{member}/invitation", memberId)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.members(projectId) }),
  });
}

/** Mails me a link that proves that my address is mine. */
export const useRequestVerification = () =>
  useMutation({ mutationFn: () => post<void>("/me/verification", undefined) });
