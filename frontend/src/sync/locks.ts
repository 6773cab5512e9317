interface Held {
  readonly name: string;
  readonly mode: LockMode;
  readonly done: Promise<unknown>;
}

/** Web Locks as far as they are used here, among the parts of one page. */
class PageLocks implements Pick<LockManager, "query"> {
  readonly #held = new Set<Held>();

  request = async <T>(
    name: string,
    { mode = "exclusive", ifAvailable = false }: LockOptions,
    work: (lock: Lock | null) => T | Promise<T>,
  ): Promise<T> => {
    for (let inTheWay = this.#inTheWay(name, mode); inTheWay; inTheWay = this.#inTheWay(name, mode)) {
      if (ifAvailable) return work(null);
      await inTheWay.done;
    }
    const done = Promise.resolve(work({ name, mode }));
    const held = { name, mode, done: done.catch(() => undefined) };
    this.#held.add(held);
    return done.finally(() => this.#held.delete(held));
  };

  query = async (): Promise<LockManagerSnapshot> => ({ held: [...this.#held], pending: [] });

  #inTheWay = (name: string, mode: LockMode): Held | undefined =>
    [...this.#held].find((held) => held.name === name && (mode === "exclusive" || held.mode === "exclusive"));
}

/** Whether tabs know of each other's locks. Plain-http addresses have no Web Locks. */
export const areShared = (): boolean => navigator.locks !== undefined;

const ofThisPage = new PageLocks();
const locks = () => navigator.locks ?? ofThisPage;

/** Runs `work` while nobody else holds the lock. */
export const alone = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  locks()
    .request(name, {}, work)
    .then((result) => result as T);

/** Takes a lock if nobody has it; answers how to let go of it. */
export const claim = (name: string): Promise<(() => void) | undefined> => take(name, { ifAvailable: true });

/** Takes a lock beside others who share it, once nobody has it alone; answers how to let go of it. */
export const share = async (name: string): Promise<() => void> =>
  (await take(name, { mode: "shared" })) ?? (() => {});

function take(name: string, options: LockOptions): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    locks()
      .request(name, options, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((unlock) => resolve(() => unlock()));
      })
      .catch(reject);
  });
}

/** The names of the locks that somebody holds. */
export async function lockedNames(): Promise<ReadonlySet<string>> {
  const { held = [] } = await locks().query();
  return new Set(held.map(({ name }) => name ?? ""));
}
