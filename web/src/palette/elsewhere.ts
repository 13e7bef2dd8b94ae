/** What nodes are called in other programs: the words that hands type which learnt them there. */

import { LOOP } from "../document";
import { texts } from "../texts";

const ELSEWHERE: { readonly [type: string]: string } = {
  [LOOP]: "KSampler, sampler",
  scheduler_step: "KSampler, sampler",
  denoise: "KSampler, UNet, noise prediction",
  guide: "CFG guider, classifier-free guidance",
  noise_schedule: "sigmas, basic scheduler, KSampler",
  load_model: "load checkpoint, checkpoint loader, load VAE, load diffusion model",
  tokenize: "CLIP text encode, conditioning, prompt",
  encode_text: "CLIP text encode, conditioning, prompt",
  concat_embeddings: "conditioning concat",
  mix_embeddings: "conditioning average",
  combine_embeddings: "conditioning combine",
  encode: "VAE encode",
  encode_tiled: "VAE encode tiled",
  decode: "VAE decode",
  decode_tiled: "VAE decode tiled",
  hide_masked: "VAE encode for inpainting, inpaint model conditioning",
  latent_mask: "set latent noise mask, inpaint",
  masked_blend: "inpaint",
  noise_latent: "empty latent image, random noise",
  start_latent: "denoise strength, image to image",
  resize_latent: "upscale latent",
  resize_image: "upscale image, scale image",
  enlarge_image: "upscale image",
  pad_image: "outpaint, pad image for outpainting",
  composite_images: "image composite masked",
  load_mask: "load image as mask",
  contact_sheet: "image grid",
  switch: "if else, any switch",
  number: "primitive, float",
  integer: "primitive, int",
  text: "primitive, string",
};

export function namesElsewhere(type: string): string {
  return ELSEWHERE[type] ?? "";
}

/** The node types that have such names. */
export function namedElsewhere(): string[] {
  return Object.keys(ELSEWHERE);
}

/** What is a node elsewhere and none here, with what to do instead. */
const NO_NODE: readonly (readonly [names: string, advice: string])[] = [
  ["save image, preview image, show image, save picture", texts.palette.advice.outputs],
  ["reroute", texts.palette.advice.reroute],
];
const FEW_LETTERS = 3;

/** What to do where a search means something that is no node here: its words begin those of such a name, the first among them. */
export function adviceFor(typed: string): string | undefined {
  const words = typed.trim().toLowerCase().split(/\s+/);
  if (words.join("").length < FEW_LETTERS) return undefined;
  const isMeant = (name: string): boolean =>
    words.some((word) => name.startsWith(word)) &&
    words.every((word) => name.split(" ").some((part) => part.startsWith(word)));
  return NO_NODE.find(([names]) => names.split(", ").some(isMeant))?.[1];
}
