/** What nodes are called in other programs: the words that hands type which learnt them there. */

import { LOOP } from "../document";

const ELSEWHERE: { readonly [type: string]: string } = {
  [LOOP]: "KSampler, sampler",
  scheduler_step: "KSampler, sampler",
  denoise: "KSampler, UNet, noise prediction",
  guide: "CFG guider, classifier-free guidance",
  noise_schedule: "sigmas, basic scheduler, KSampler",
  load_model: "load checkpoint, checkpoint loader, load VAE, load diffusion model",
  tokenize: "CLIP text encode, conditioning",
  encode_text: "CLIP text encode, conditioning",
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
