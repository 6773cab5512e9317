/** Every key of the query cache in one place, so that events can name what they outdate. */
export const keys = {
  me: ["me"] as const,
  myAssignments: ["me", "assignments"] as const,
  tokens: ["me", "tokens"] as const,
  about: ["about"] as const,
  models: ["models"] as const,
  projects: ["projects"] as const,
  allProgress: ["projects", "progress"] as const,
  project: (id: string) => ["project", id] as const,
  classes: (id: string) => ["project", id, "classes"] as const,
  activeTimes: (id: string) => ["project", id, "active-times"] as const,
  members: (id: string) => ["project", id, "members"] as const,
  progress: (id: string) => ["project", id, "progress"] as const,
  images: (id: string) => ["project", id, "images"] as const,
  imageList: (id: string, filter: object) => ["project", id, "images", filter] as const,
  exports: (id: string) => ["project", id, "exports"] as const,
  quality: (id: string, span: object) => ["project", id, "quality", span] as const,
  image: (id: string) => ["image", id] as const,
  neighbours: (id: string, scope: string) => ["image", id, "neighbours", scope] as const,
  annotations: (imageId: string) => ["image", imageId, "annotations"] as const,
  /** Beside the image: they are large, and what outdates the image does not outdate them. */
  proposals: (imageId: string) => ["proposals", imageId] as const,
};
