import type { Page } from "@playwright/test";

/**
 * What the editor is compared with: one canvas that draws the photograph and then every mask, each frame anew. The same
 * masks, decoded and painted into bitmaps once; no outlines, which the editor does draw. Dragging pans, the wheel zooms,
 * the pointer highlights what it is over, Delete takes that away.
 */
export async function openNaive(page: Page, image: string): Promise<number> {
  await page.goto("/about");
  return page.evaluate(async (id) => {
    const start = performance.now();
    document.body.innerHTML = '<canvas id="naive" width="1440" height="900" style="position:fixed;inset:0"></canvas>';
    const canvas = document.querySelector<HTMLCanvasElement>("#naive");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) throw new Error("There is no canvas.");

    type Listed = { class_id: string; segmentation: { size: [number, number]; counts: string } | null };
    const list = async (address: string): Promise<Listed[]> => {
      const { results, next }: { results: Listed[]; next: string | null } = await (await fetch(address)).json();
      return next === null ? results : [...results, ...(await list(next))];
    };
    const [listed, photo] = await Promise.all([
      list(`/api/v1/images/${id}/annotations`),
      fetch(`/api/v1/images/${id}/file`)
        .then((answer) => answer.blob())
        .then((blob) => createImageBitmap(blob)),
    ]);

    const parse = (text: string): number[] => {
      const counts: number[] = [];
      for (let at = 0; at < text.length; ) {
        let [value, shift, group] = [0, 0, 0];
        do {
          group = text.charCodeAt(at++) - 48;
          value |= (group & 31) << shift;
          shift += 5;
        } while (group & 32);
        if (group & 16) value |= -1 << shift;
        counts.push(counts.length > 2 ? value + (counts[counts.length - 2] ?? 0) : value);
      }
      return counts;
    };
    const bitmap = ({ size: [height], counts: text }: NonNullable<Listed["segmentation"]>, colour: number) => {
      const runs: [number, number][] = [];
      let [position, left, top, right, bottom] = [0, Infinity, Infinity, 0, 0];
      parse(text).forEach((count, i) => {
        if (i % 2 === 1 && count > 0) {
          runs.push([position, position + count]);
          left = Math.min(left, Math.floor(position / height));
          right = Math.max(right, Math.floor((position + count - 1) / height));
          top = Math.min(top, position % height);
          bottom = Math.max(bottom, (position + count - 1) % height);
        }
        position += count;
      });
      const [w, h] = [right - left + 1, bottom - top + 1];
      const pixels = new Uint32Array(w * h);
      for (const [from, to] of runs)
        for (let i = from; i < to; i++) pixels[((i % height) - top) * w + Math.floor(i / height) - left] = colour;
      const own = document.createElement("canvas");
      Object.assign(own, { width: w, height: h });
      own.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), w, h), 0, 0);
      return { own, pixels, x: left, y: top, w, h };
    };
    const classes = [...new Set(listed.map((one) => one.class_id))];
    let masks = listed.flatMap((one) =>
      one.segmentation ? [bitmap(one.segmentation, 0xff000000 | (0x56b4e9 * (classes.indexOf(one.class_id) + 1)))] : [],
    );

    let view = { scale: 0.27, x: 180, y: 40 };
    let hovered: (typeof masks)[number] | undefined;
    let waiting = false;
    const draw = () => {
      waiting = false;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
      context.globalAlpha = 1;
      context.drawImage(photo, 0, 0);
      for (const mask of masks) {
        context.globalAlpha = mask === hovered ? 0.6 : 0.35;
        context.drawImage(mask.own, mask.x, mask.y);
      }
    };
    const show = () => {
      if (!waiting) requestAnimationFrame(draw);
      waiting = true;
    };
    canvas.addEventListener("pointermove", ({ buttons, movementX, movementY, offsetX, offsetY }) => {
      if (buttons) view = { ...view, x: view.x + movementX, y: view.y + movementY };
      const [x, y] = [(offsetX - view.x) / view.scale, (offsetY - view.y) / view.scale];
      const under = masks.findLast((mask) => {
        const [column, row] = [Math.floor(x) - mask.x, Math.floor(y) - mask.y];
        return column >= 0 && row >= 0 && column < mask.w && row < mask.h && mask.pixels[row * mask.w + column] !== 0;
      });
      if (!buttons && under === hovered) return;
      hovered = under;
      show();
    });
    canvas.addEventListener("wheel", ({ deltaY, offsetX, offsetY }) => {
      const ratio = Math.exp(-deltaY / 500);
      view = {
        scale: view.scale * ratio,
        x: offsetX - (offsetX - view.x) * ratio,
        y: offsetY - (offsetY - view.y) * ratio,
      };
      show();
    });
    window.addEventListener("keydown", ({ key }) => {
      if (key !== "Delete") return;
      masks = masks.filter((mask) => mask !== hovered);
      show();
    });
    draw();
    context.getImageData(0, 0, 1, 1);
    return performance.now() - start;
  }, image);
}
