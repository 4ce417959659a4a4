/**
 * Which square of a picture is seen through a window. All lengths in sides of the window, so that nothing depends on
 * how large it is drawn; x and y say how far the middle of the picture is from the middle of the window.
 */
export interface View {
  /** 1: the shorter side of the picture just fills the window. */
  zoom: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const CLOSEST = 8;

export const WHOLE: View = { zoom: 1, x: 0, y: 0 };

/** Side of the window for each pixel of the picture. */
export function scaleOf(picture: Size, zoom: number): number {
  return zoom / Math.min(picture.width, picture.height);
}

/** The nearest view in which the picture covers the window. */
export function within(picture: Size, { zoom, x, y }: View): View {
  const near = Math.min(Math.max(zoom, 1), CLOSEST);
  const scale = scaleOf(picture, near);
  const free = (length: number): number => (length * scale - 1) / 2;
  const held = (at: number, most: number): number => Math.min(Math.max(at, -most), most);
  return { zoom: near, x: held(x, free(picture.width)), y: held(y, free(picture.height)) };
}

export function moved(picture: Size, view: View, dx: number, dy: number): View {
  return within(picture, { ...view, x: view.x + dx, y: view.y + dy });
}

/** Nearer by `factor`, with what is at (px, py) from the window's middle staying where it is. */
export function zoomed(picture: Size, view: View, factor: number, px = 0, py = 0): View {
  const zoom = Math.min(Math.max(view.zoom * factor, 1), CLOSEST);
  const grown = zoom / view.zoom;
  return within(picture, { zoom, x: px + (view.x - px) * grown, y: py + (view.y - py) * grown });
}

/** The square that is seen, in pixels of the picture. */
export function seen(picture: Size, view: View): { left: number; top: number; side: number } {
  const scale = scaleOf(picture, view.zoom);
  const side = 1 / scale;
  return {
    left: (picture.width - side) / 2 - view.x / scale,
    top: (picture.height - side) / 2 - view.y / scale,
    side,
  };
}
