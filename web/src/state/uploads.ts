/** Files on their way to the server. */

import { useCallback } from "react";
import { ApiError, api } from "../api";
import { useEditor, useServer } from "./editor";
import { tell } from "./ui";

export function useModels(): readonly string[] {
  return useServer((server) => server.models);
}

/** Sends a file; gives the value by which an input names it. */
export function useUpload(): (file: File) => Promise<string> {
  const { ui } = useEditor();
  return useCallback(
    async (file: File) => {
      try {
        return (await api.upload(file)).value;
      } catch (error) {
        if (error instanceof ApiError) tell(ui, error.message);
        throw error;
      }
    },
    [ui],
  );
}
