/** How much can be read, by how far away one looks. What cannot be read is not drawn. */

import { createContext, useContext } from "react";

/**
 * - near: everything
 * - far: nodes are titles and pictures
 * - map: nodes are blocks and pictures, and all wires are one drawing that cannot be taken hold of
 */
export type Detail = "near" | "far" | "map";

export const FAR_ZOOM = 0.42;
const MAP_ZOOM = 0.2;

export function detailAt(zoom: number): Detail {
  return zoom < MAP_ZOOM ? "map" : zoom < FAR_ZOOM ? "far" : "near";
}

export const DetailContext = createContext<Detail>("near");

export function useDetail(): Detail {
  return useContext(DetailContext);
}
