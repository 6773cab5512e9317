/**
 * The nouns of the REST API in the app's words: aliases into what is generated from the API's description
 * (`npm run types`), narrowed where OpenAPI cannot say it (tuples). Ids are UUIDs, times ISO 8601 in UTC.
 */
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
/** Answers carry every field, though the generated types call those with a default optional. */
type Whole<T, Narrowed = unknown> = Omit<Required<T>, keyof Narrowed> & Narrowed;

export type Role = Schemas["RoleEnum"];
export type Permission = Schemas["PermissionsEnum"];
export type JobState = Schemas["ReadinessEnum"];
export type AnnotationState = Schemas["AnnotationStateEnum"];
export type AnnotationKind = Schemas["KindEnum"];
export type AnnotationSource = Schemas["SourceEnum"];
export type AssignmentState = Schemas["AssignmentStateEnum"];
export type VerdictKind = Schemas["VerdictEnum"];
export type ExportInclude = Schemas["IncludeEnum"];

/** One step through a cursor-paged list; `next` is the address of the following page. */
export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

export type Person = Schemas["Person"];
export type Me = Schemas["Me"];
/** `token` only in the answer that created it. */
export type Scope = Schemas["ScopesEnum"];
export type PasswordChange = Schemas["PasswordRequest"];
export type NewToken = Schemas["TokenRequest"];
export type ApiToken = Schemas["Token"] & Partial<Pick<Schemas["NewToken"], "token">>;
export type About = Schemas["About"];

export type Project = Whole<Schemas["Project"]>;
/** A model that is installed, which a project may choose. */
export type Model = Schemas["Model"];
export type Attribute = Whole<Schemas["Attribute"]>;
export type LabelClass = Whole<Schemas["LabelClass"], { attributes: Attribute[] }>;
/** `invite_url` only in the answer that created the account. */
export type Invited = Schemas["Invited"];
export type RenewedInvitation = Schemas["RenewedInvitation"];
export type Member = Schemas["Member"] & Partial<Pick<Schemas["AddedMember"], "invite_url">>;
export type Progress = Schemas["Progress"];

export type Readiness = Schemas["Embedding"];
/** As an embedding's; `off` where the project has none made. */
export interface ProposalsReadiness {
  state: JobState | "off";
  error: string | null;
}
/** `none` where the image is small enough to be shown whole. */
export interface TilesReadiness {
  state: JobState | "none";
  error: string | null;
  /** From 0 to 1, once it is told. */
  progress?: number;
}
export type TilesInfo = Whole<Schemas["Tiles"]>;
export type ImageInfo = Whole<
  Schemas["WorkImage"],
  {
    tiles: TilesReadiness;
    embedding: Readiness;
    proposals: ProposalsReadiness;
    assignment: Whole<Schemas["Assigned"]> | null;
  }
>;
export type ActiveTime = Whole<Schemas["ActiveTime"]>;
export type UploadResult = Schemas["Outcome"];
export type Neighbours = Schemas["Neighbours"];

/** COCO compressed run lengths of the whole image; `size` is [height, width]. */
export type Rle = Whole<Schemas["Rle"], { size: [number, number] }>;

/** Parts → rings → flat [x, y, x, y, …]; in each part the first ring is the outer one, the others are holes. */
export type Polygon = number[][][];

/** [x, y, width, height] in pixels. */
export type Bbox = [number, number, number, number];

/** `label` 1 = foreground, 0 = background. */
export type Point = Schemas["PointRequest"];

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
  region?: [number, number, number, number] | null;
}

export type Candidate = Whole<Schemas["Candidate"], { segmentation: Rle; bbox: Bbox }>;
export type Prediction = Whole<
  Schemas["Prediction"],
  { candidates: Candidate[]; region: [number, number, number, number] | null }
>;

/** An automatic mask, a decision of nobody's yet; `parent` is the place in the list of what it is a part of. */
export type Proposal = Whole<
  Schemas["Proposal"],
  { segmentation: Rle; bbox: Bbox; point_coords: [number, number][]; crop_box: Bbox }
>;
export type ProposalList = Whole<Schemas["ProposalList"], { proposals: Proposal[] }>;

interface Shape {
  segmentation: Rle | null;
  polygon: Polygon | null;
  bbox: Bbox | null;
  prompts: Prompt[];
}

/** The part of an annotation that a client writes. */
export type AnnotationDraft = Whole<Schemas["NewAnnotationRequest"], Shape>;
/** The content of an annotation that each version stores. */
export type AnnotationContent = Omit<AnnotationDraft, "number">;
export type Annotation = Whole<Schemas["Annotation"], Shape & { review: Review | null }>;
export type Review = Schemas["Review"];
export type Disputed = Whole<Schemas["Disputed"], { annotation: Annotation }>;
/** One thing that happened to an annotation; `annotation` is how it was from then on, null where only its state changed. */
export type HistoryEntry = Whole<Schemas["HistoryEntry"], { annotation: AnnotationContent | null }>;
export type SentBack = Whole<Schemas["SentBack"], { annotation: AnnotationContent }>;
export type HistoryPage = Page<HistoryEntry>;

export interface ChangeSet {
  create: Partial<AnnotationDraft>[];
  update: (Partial<AnnotationDraft> & { id: string; version: number })[];
  delete: { id: string; version: number }[];
}

export type ChangeResult = Whole<Schemas["Changed"], { annotations: Annotation[] }>;

export type Assignment = Whole<Schemas["Assignment"]>;
/** `submission` names it, to take it back. */
export type Submitted = Whole<Schemas["Submitted"]>;
/** Why a reviewer has to look at the image itself. */
export type ImageReview = Schemas["ImageReviewEnum"];
export type AssignResult = Whole<Schemas["AssignedList"]>;
export type UnassignResult = Whole<Schemas["UnassignedList"]>;
/** The events of a change, which name it to undo it. */
export type ChangeEvents = Schemas["Events"];
export type UndoneAssigning = Schemas["Undone"];
export type MemberWork = Schemas["MemberWork"];
export type ImageReviews = Whole<Schemas["ImageReviews"], { results: ImageInfo[] }>;

/** `approved`: another reviewer has accepted this version, and it needs two. */
export type ReviewItem = Annotation & { image_detail: ImageInfo; approved: boolean };
export type Claimed = Whole<Schemas["Claimed"], { results: ReviewItem[] }>;
export type QueueFilters = Omit<
  Schemas["ClaimNextRequest"],
  "tab" | "count" | "skip" | "keep" | "skip_images"
>;
export type Verdict = Whole<Schemas["Verdict"]>;

/** A verdict of several that are given together. */
export interface SheetVerdict {
  readonly annotation: string;
  readonly version: number;
  readonly verdict: VerdictKind;
  readonly reason?: string;
  /** How long the reviewer looked at it. */
  readonly seconds?: number;
}

export interface VerdictInput {
  verdict: VerdictKind;
  version: number;
  reason?: string;
  comment?: string;
  /** Of work that it took. */
  seconds?: number;
}

export type Quality = Schemas["Quality"];
/** What figures of a class, a person and a step have in common. */
export type Figures = Omit<Schemas["AnnotatorFigures"], "person">;

/** What somebody said first, where, and what was answered. Without a place or an object it is of the whole image. */
export type Thread = Whole<Schemas["Thread"], { replies: Comment[] }>;
/** What somebody said, at first or as an answer. */
export type Comment = Whole<Schemas["Comment"]>;
export type CommentKind = Schemas["CommentKindEnum"];
/** An image that was given to me, with open threads on it. */
export type Talk = Schemas["Talk"];

/** Where a thread is pinned, in pixels of the upright image. */
export interface CommentPlace {
  annotation?: string | null;
  x?: number | null;
  y?: number | null;
}

export type CalibrationVersion = Whole<Schemas["Version"]>;
export type Calibration = Whole<
  Schemas["Calibration"],
  { current: CalibrationVersion | null; history: CalibrationVersion[] }
>;

export type ExportInfo = Whole<Schemas["Export"], { state: JobState }>;

export interface ProjectEvent {
  /** Counts up by one in each project. */
  seq: number;
  /** `noun.verb`, one of sync/events.ts's EVENT_KINDS. */
  kind: string;
  actor: Person | null;
  object: string | null;
  image: string | null;
  data: Record<string, unknown>;
  at: string;
}
