import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { at, del, post, request } from "./client";
import { useCreation } from "./creation";
import { keys } from "./keys";
import type { Invited, RenewedInvitation } from "./types";

/** The account that an invitation sets up. The server refuses links that were used, withdrawn or have expired. */
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

/** Creates a new link in place of one that was lost or has expired. It is shown only once. */
export const useRenewInvitation = (projectId: string) =>
  useCreation({
    create: (memberId: string, opId) =>
      post<RenewedInvitation>(at("/members/{member}/invitation", memberId), undefined, { opId }),
    outdates: keys.members(projectId),
    slotOf: (memberId) => memberId,
  });

export function useWithdrawInvitation(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (memberId: string) => del(at("/members/{member}/invitation", memberId)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.members(projectId) }),
  });
}

/** Mails me a link that verifies my address. */
export const useRequestVerification = () =>
  useMutation({ mutationFn: () => post<void>("/me/verification", undefined) });
