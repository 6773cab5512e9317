import { keyOf, type Pyramid, type Tile } from "../geometry/tiles";
import type { Size } from "../geometry/vector";

/** Tiles that are kept decoded: of 512 pixels a side they are a megabyte each. */
const KEPT = 192;
/** Browsers open no more connections to a site by HTTP/1.1, and the page needs some for itself. */
const AT_ONCE = 4;
/** Milliseconds after which what could not be loaded is asked for again. */
const AGAIN_AFTER = 3000;

/** Where the tiles of a photograph come from. */
export interface TileSource {
  readonly pyramid: Pyramid;
  readonly load: (tile: Tile, signal: AbortSignal) => Promise<ImageBitmap>;
}

/**
 * A photograph that is too large to be decoded whole: a small picture of all of it, and tiles of what is looked at once
 * there are any. What is no longer wanted is not loaded to its end; what was used last is kept.
 */
export class TiledPhoto {
  /** Another one whenever there is more to be drawn. */
  version = 0;
  readonly small: HTMLImageElement;
  readonly size: Size;
  readonly source: TileSource | null;
  readonly #bitmaps = new Map<string, ImageBitmap>();
  readonly #flights = new Map<string, AbortController>();
  readonly #failed = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #wanted: readonly Tile[] = [];

  constructor(small: HTMLImageElement, size: Size, source: TileSource | null) {
    this.small = small;
    this.size = size;
    this.source = source;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  /** The tile if it is there. */
  bitmap(tile: Tile): ImageBitmap | undefined {
    const key = keyOf(tile);
    const found = this.#bitmaps.get(key);
    if (found) {
      this.#bitmaps.delete(key);
      this.#bitmaps.set(key, found);
    }
    return found;
  }

  /** Loads these, in this order, and nothing else. */
  want(tiles: readonly Tile[]): void {
    this.#wanted = tiles;
    const keys = new Set(tiles.map(keyOf));
    for (const [key, flight] of this.#flights) if (!keys.has(key)) this.#abort(key, flight);
    this.#next();
  }

  /** Nobody looks at it any more. */
  #rest(): void {
    this.want([]);
    for (const bitmap of this.#bitmaps.values()) bitmap.close();
    this.#bitmaps.clear();
  }

  #abort(key: string, flight: AbortController): void {
    this.#flights.delete(key);
    flight.abort();
  }

  #next(): void {
    for (const tile of this.#wanted) {
      if (this.#flights.size >= AT_ONCE) return;
      const key = keyOf(tile);
      if (this.#bitmaps.has(key) || this.#flights.has(key) || this.#failed.has(key)) continue;
      void this.#load(tile, key);
    }
  }

  async #load(tile: Tile, key: string): Promise<void> {
    const flight = new AbortController();
    this.#flights.set(key, flight);
    try {
      const bitmap = await this.source?.load(tile, flight.signal);
      if (flight.signal.aborted) bitmap?.close();
      else if (bitmap) this.#keep(key, bitmap);
    } catch {
      if (!flight.signal.aborted) this.#fail(key);
    }
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    this.#next();
  }

  #keep(key: string, bitmap: ImageBitmap): void {
    this.#bitmaps.set(key, bitmap);
    for (const [old, unused] of [...this.#bitmaps].slice(0, Math.max(0, this.#bitmaps.size - KEPT))) {
      unused.close();
      this.#bitmaps.delete(old);
    }
    this.#changed();
  }

  #fail(key: string): void {
    this.#failed.add(key);
    setTimeout(() => {
      this.#failed.delete(key);
      this.#next();
    }, AGAIN_AFTER);
  }

  #changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}

/** What the canvases show as the photograph. */
export type Photo = HTMLImageElement | TiledPhoto;

/** Something to draw where all of the photograph is shown small. */
export const smallOf = (photo: Photo | null): HTMLImageElement | null =>
  photo instanceof TiledPhoto ? photo.small : photo;
