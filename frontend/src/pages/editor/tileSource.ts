import type { TileSource } from "../../render/TiledPhoto";
import type { TilesInfo } from "../../server/types";

/** Tiles as the server has them. */
export function tileSource({ levels, tile_size, url }: TilesInfo): TileSource | null {
  const last = levels.at(-1);
  if (!last) return null;
  const address = (place: Record<string, number>) =>
    url.replace(/\{(\w+)\}/g, (_, name: string) => String(place[name]));
  return {
    pyramid: { image: last, tileSize: tile_size, levels },
    load: async ({ level, x, y }, signal) => {
      const answer = await fetch(address({ level, x, y }), { signal });
      if (!answer.ok) throw new Error(`A tile could not be loaded: ${answer.status}`);
      return createImageBitmap(await answer.blob());
    },
  };
}
