/** Pictures in the browser: reading files of the server, making PNG files. */

import { fileUrl } from "../api";
import type { Literal } from "../document";

/** What E2's gallery and other views carry when a picture is dragged out of them: the value of a stored file. */
export const FILE_DRAG = "application/x-latentloom-file";

export function isStored(value: Literal): value is string {
  return typeof value === "string" && value.startsWith("sha256:");
}

export async function loadPicture(value: string): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = fileUrl(value);
  await picture.decode();
  return picture;
}

export async function asPng(canvas: HTMLCanvasElement, name: string): Promise<File> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("The browser could not write the picture.");
  return new File([blob], name, { type: "image/png" });
}

export function canvasOf(width: number, height: number): readonly [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("The browser gave no canvas to draw on.");
  return [canvas, context];
}

/** A stored mask as white of as much opacity as it is light. */
export function drawMask(context: CanvasRenderingContext2D, picture: CanvasImageSource): void {
  const { width, height } = context.canvas;
  context.drawImage(picture, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  const { data } = pixels;
  for (let i = 0; i < data.length; i += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [data[i], data[i + 1], data[i + 2], data[i + 3]];
    data[i + 3] = ((0.299 * red + 0.587 * green + 0.114 * blue) * alpha) / 255;
    data[i] = data[i + 1] = data[i + 2] = 255;
  }
  context.putImageData(pixels, 0, 0);
}

/** What stands beside a transfer's text: a file, or the value of a stored one. */
export function dropped(transfer: DataTransfer): File | string | undefined {
  const stored = transfer.getData(FILE_DRAG);
  return stored || transfer.files[0];
}
