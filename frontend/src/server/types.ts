/** The nouns of the REST API as the browser sees them. Ids are UUIDs, times ISO 8601 in UTC. */

export type Role = "manager" | "reviewer" | "annotator" | "viewer";

export type Permission =
  | "project.view"
  | "project.edit"
  | "project.delete"
  | "members.view"
  | "members.edit"
  | "images.upload"
  | "images.delete"
  | "annotate"
  | "assign"
  | "review"
  | "export";

export type JobState = "queued" | "running" | "ready" | "failed";
export type AnnotationState = "draft" | "submitted" | "accepted" | "rejected";
export type VerdictKind = "accepted" | "rejected" | "fixed";
export type AssignmentState = "open" | "submitted" | "returned" | "done";

/** One step through a cursor-paged list; `next` is the address of the following page. */
export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

export interface Person {
  id: string;
  name: string;
}

export interface Me extends Person {
  email: string;
  is_operator: boolean;
}

export interface ApiToken {
  id: string;
  name: string;
  created_at?: string;
  /** Only in the answer that created it. */
  token?: string;
}

export interface Project {
  id: string;
  name: string;
  description: string;
  guidelines: string;
  model: string;
  my_roles: Role[];
  permissions: Permission[];
  reject_reasons: string[];
  created_at: string;
  image_count: number;
  /** The image shown on the project's card. */
  cover: string | null;
}

export interface LabelClass {
  id: string;
  name: string;
  /** `#rrggbb` */
  colour: string;
  position: number;
  attributes: unknown[];
  annotation_count: number;
}

export interface Member {
  id: string;
  user: Person & { email: string };
  roles: Role[];
  /** Only in the answer that created the account. */
  invite_url: string | null;
}

export interface Progress {
  images: {
    total: number;
    unassigned: number;
    assigned: number;
    submitted: number;
    returned: number;
    done: number;
  };
  embeddings: Record<JobState, number>;
  annotations: Record<AnnotationState, number>;
  workers: { alive: number };
}

export interface Readiness {
  state: JobState;
  error: string | null;
}

export interface ImageInfo {
  id: string;
  project: string;
  name: string;
  /** Upright pixels. */
  width: number;
  height: number;
  bytes: number;
  media_type: string;
  sha256: string;
  created_at: string;
  created_by: Person;
  credit: string;
  embedding: Readiness;
  assignment: { id: string; annotator: Person; state: AssignmentState } | null;
  annotation_counts: Record<AnnotationState, number>;
  file_url: string;
  original_url: string;
  thumbnail_url: string;
}

export interface UploadResult {
  name: string;
  outcome: "created" | "duplicate" | "refused";
  image: ImageInfo | null;
  code: string | null;
  detail: string | null;
}

export interface Neighbours {
  previous: string | null;
  next: string | null;
  index: number;
  total: number;
}

/** COCO compressed run lengths of the whole image; `size` is [height, width]. */
export interface Rle {
  size: [number, number];
  counts: string;
}

/** Parts → rings → flat [x, y, x, y, …]; in each part the first ring is the outer one, the others are holes. */
export type Polygon = number[][][];

/** [x, y, width, height] in pixels. */
export type Bbox = [number, number, number, number];

export interface Point {
  x: number;
  y: number;
  /** 1 = foreground, 0 = background. */
  label: 0 | 1;
}

/** What led to a mask; `box` is [x0, y0, x1, y1], `mask` says whether a mask was refined. */
export interface Prompt {
  points: Point[];
  box: [number, number, number, number] | null;
  mask: boolean;
}

export interface PredictRequest {
  points: Point[];
  box?: [number, number, number, number] | null;
  mask?: Rle | null;
  logits?: string | null;
  multimask?: boolean;
  region?: null;
}

export interface Candidate {
  segmentation: Rle;
  bbox: Bbox;
  area: number;
  score: number;
  stability_score: number;
  /** Opaque: feeds this candidate back into the next prompt. */
  logits: string;
}

export interface Prediction {
  candidates: Candidate[];
  model: string;
}

export type AnnotationKind = "mask" | "polygon" | "box" | "tag";
export type AnnotationSource = "sam" | "proposal" | "brush" | "polygon" | "box" | "import" | "tag";

export interface Review {
  verdict: VerdictKind;
  reason: string;
  comment: string;
  by: Person;
  at: string;
  version: number;
}

/** The part of an annotation that a client writes. */
export interface AnnotationDraft {
  id: string;
  class_id: string;
  kind: AnnotationKind;
  segmentation: Rle | null;
  polygon: Polygon | null;
  bbox: Bbox | null;
  attributes: Record<string, unknown>;
  z: number;
  source: AnnotationSource;
  prompts: Prompt[];
  model: string;
  chosen_rank: number | null;
  predicted_iou: number | null;
  stability_score: number | null;
}

export interface Annotation extends AnnotationDraft {
  image: string;
  project: string;
  area: number;
  version: number;
  confidence: number;
  state: AnnotationState;
  created_by: Person;
  updated_by: Person;
  created_at: string;
  updated_at: string;
  review: Review | null;
}

export interface AnnotationVersion {
  version: number;
  event_seq: number;
  by: Person;
  at: string;
  change: "created" | "changed" | "deleted" | "restored" | "state";
  annotation: Annotation;
}

export interface ChangeSet {
  create: Partial<AnnotationDraft>[];
  update: (Partial<AnnotationDraft> & { id: string; version: number })[];
  delete: { id: string; version: number }[];
}

export interface ChangeResult {
  annotations: Annotation[];
  deleted: string[];
}

export interface Assignment {
  id: string;
  project: Person;
  image: Pick<ImageInfo, "id" | "name" | "thumbnail_url" | "width" | "height" | "embedding">;
  annotator: Person & { email: string };
  state: AssignmentState;
  rejected_count: number;
  annotation_count: number;
  lease_until: string | null;
  created_at: string;
  updated_at: string;
}

export interface ReviewItem extends Annotation {
  image_detail: ImageInfo;
  claim?: { until: string };
}

export interface Verdict {
  id?: string;
  annotation: string;
  verdict: VerdictKind;
  version: number;
  reason: string;
  comment: string;
}

export interface VerdictInput {
  verdict: VerdictKind;
  version: number;
  reason?: string;
  comment?: string;
}

export type ExportInclude = "accepted" | "not_rejected" | "all";

export interface ExportInfo {
  id: string;
  project: string;
  format: "coco";
  include: ExportInclude;
  state: JobState;
  /** 0 to 1. */
  progress: number;
  error: string | null;
  annotation_count: number | null;
  image_count: number | null;
  bytes: number | null;
  sha256: string | null;
  created_by: Person;
  created_at: string;
  finished_at: string | null;
  file_url: string | null;
}

export type EventKind =
  | "job.changed"
  | "image.created"
  | "image.deleted"
  | "annotation.created"
  | "annotation.changed"
  | "annotation.deleted"
  | "annotation.restored"
  | "assignment.changed"
  | "verdict.given"
  | "class.changed"
  | "member.changed"
  | "project.changed"
  | "export.created";

export interface ProjectEvent {
  seq: number;
  kind: EventKind;
  actor: Person | null;
  object: string | null;
  image: string | null;
  data: Record<string, unknown>;
  at: string;
}

export interface About {
  version: string;
  model: { name: string; sha256: string };
  credits: { file: string; licence: string; author: string; source: string }[];
}
