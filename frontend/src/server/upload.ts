import { API, headersFor } from "./client";
import { Problem, problemOf, unreachable } from "./problem";
import type { UploadResult } from "./types";

export interface UploadRequest {
  projectId: string;
  file: File;
  /** Kept over retries, so that a lost answer does not turn the image into a duplicate of itself. */
  opId: string;
  /** Share of the bytes that have left, 0 to 1. */
  onProgress: (sent: number) => void;
}

/** Sends one file. Raises `Problem`. By XMLHttpRequest, since fetch does not tell how much has been sent. */
export function uploadImage({ projectId, file, opId, onProgress }: UploadRequest): Promise<UploadResult> {
  const form = new FormData();
  form.append("files", file, file.name);
  const xhr = new XMLHttpRequest();
  xhr.open("POST", `${API}/projects/${projectId}/images`);
  for (const [name, value] of Object.entries(headersFor("POST", { opId }))) xhr.setRequestHeader(name, value);
  xhr.upload.onprogress = ({ loaded, total, lengthComputable }) =>
    lengthComputable && onProgress(loaded / total);
  return new Promise((resolve, reject) => {
    xhr.onerror = () => reject(unreachable());
    xhr.onload = () => {
      try {
        resolve(resultOf(xhr.status, xhr.responseText));
      } catch (error) {
        reject(error);
      }
    };
    xhr.send(form);
  });
}

function resultOf(status: number, text: string): UploadResult {
  const body = parsed(text);
  if (status < 200 || status >= 300) throw problemOf(status, body);
  const [result] = (body as { results?: UploadResult[] } | undefined)?.results ?? [];
  if (!result)
    throw new Problem({
      status: 502,
      code: "no_result",
      detail: "The server did not say what became of it.",
    });
  return result;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
