/** All pictures that were made or uploaded: searched, looked at, compared. Only what is in sight is in the page. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { Search, SquareSplitHorizontal, X } from "lucide-react";
import { type JSX, useDeferredValue, useEffect, useRef, useState } from "react";
import type { FileEntry } from "../api";
import { texts } from "../texts";
import { showTime } from "./format";
import { IconButton, Thumbnail } from "./parts";
import { type Gallery as GalleryFiles, type GallerySearch, useGallery } from "./pictures";
import { Viewer } from "./viewing";

const words = texts.results.gallery;
/** Smallest width of a tile, and the space between tiles. */
const TILE_PX = 132;
const GAP_PX = 8;
/** Rows from the end at which the next page is read. */
const READ_AHEAD = 6;

export function Gallery(): JSX.Element {
  const [kind, setKind] = useState<FileEntry["kind"]>("output");
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const search: GallerySearch = { kind, q };
  const gallery = useGallery(search);
  const [shown, setShown] = useState<Shown | null>(null);
  const [marked, setMarked] = useState<readonly string[]>([]);
  const places = marked
    .map((digest) => gallery.files.findIndex((file) => file.digest === digest))
    .filter((at) => at >= 0);
  const leafed = shown ? stillThere(shown.files, gallery.files) : [];
  const mark = ({ digest }: FileEntry): void =>
    setMarked((old) => (old.includes(digest) ? old.filter((other) => other !== digest) : [...old, digest].slice(-2)));
  return (
    <section className="gallery" aria-label={words.panel}>
      <div className="gallery-bar">
        <label className="search">
          <Search size={14} aria-hidden="true" />
          <input
            type="search"
            className="field"
            placeholder={words.searchHint}
            aria-label={words.search}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <fieldset className="switcher">
          <legend className="unseen">{words.kind}</legend>
          {(["output", "upload"] as const).map((each) => (
            <button
              key={each}
              type="button"
              className="button"
              aria-pressed={kind === each}
              onClick={() => setKind(each)}
            >
              {words.kinds[each]}
            </button>
          ))}
        </fieldset>
        {marked.length > 0 && (
          <div className="marked">
            <button
              type="button"
              className="button primary"
              disabled={places.length < 2}
              onClick={() =>
                places[0] !== undefined &&
                places[1] !== undefined &&
                setShown({ files: gallery.files, at: places[0], with: places[1] })
              }
            >
              <SquareSplitHorizontal size={14} aria-hidden="true" />
              {places.length < 2 ? words.oneMore : words.compare}
            </button>
            <IconButton label={words.chooseNone} icon={X} onClick={() => setMarked([])} />
          </div>
        )}
      </div>
      {gallery.error && <p className="told-bad">{gallery.error}</p>}
      {gallery.files.length === 0 && !gallery.isReading && <Nothing {...search} />}
      <Grid gallery={gallery} marked={marked} onMark={mark} onOpen={(at) => setShown({ files: gallery.files, at })} />
      {shown && (
        <Viewer
          files={leafed}
          at={Math.min(shown.at, leafed.length - 1)}
          {...(shown.with === undefined ? {} : { compareWith: shown.with })}
          onMove={(at) => setShown({ ...shown, at })}
          onClose={() => setShown(null)}
          onDelete={(file) => void gallery.remove(file)}
        />
      )}
    </section>
  );
}

/** What is looked at: of the pictures that there were when it was opened, so that none moves when another is made. */
interface Shown {
  readonly files: readonly FileEntry[];
  readonly at: number;
  readonly with?: number;
}

function stillThere(files: readonly FileEntry[], now: readonly FileEntry[]): readonly FileEntry[] {
  const there = new Set(now.map(({ digest }) => digest));
  return files.filter(({ digest }) => there.has(digest));
}

function Nothing({ kind, q }: GallerySearch): JSX.Element {
  const told = q !== "" ? words.noneFits : kind === "output" ? words.noneMade : words.noneUploaded;
  return <p className="nothing">{told}</p>;
}

interface GridProps {
  readonly gallery: GalleryFiles;
  readonly marked: readonly string[];
  readonly onMark: (file: FileEntry) => void;
  readonly onOpen: (at: number) => void;
}

function Grid({ gallery, marked, onMark, onOpen }: GridProps): JSX.Element {
  const { files, hasMore, readMore } = gallery;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const columns = Math.max(2, Math.floor((width + GAP_PX) / (TILE_PX + GAP_PX)));
  const side = Math.max(60, (width - GAP_PX * (columns - 1)) / columns);
  const rows = useVirtualizer({
    count: Math.ceil(files.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => side + GAP_PX,
    overscan: 3,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are placed anew.
  useEffect(() => rows.measure(), [side]);
  useEffect(() => {
    if (hasMore && last >= Math.ceil(files.length / columns) - READ_AHEAD) readMore();
  }, [last, hasMore, files.length, columns, readMore]);
  return (
    <div className="gallery-scroll" ref={scroller}>
      <ul
        className="gallery-rows"
        style={{ height: rows.getTotalSize() }}
        aria-label={words.count(files.length, hasMore)}
      >
        {shown.flatMap(({ index, start }) =>
          files.slice(index * columns, (index + 1) * columns).map((file, column) => (
            <li
              key={`${file.kind} ${file.digest}`}
              className="tile"
              style={{ width: side, height: side, transform: `translate(${column * (side + GAP_PX)}px, ${start}px)` }}
            >
              <Thumbnail file={file} size={256} onOpen={() => onOpen(index * columns + column)} />
              <label className="mark" title={words.chooseHint}>
                <input
                  type="checkbox"
                  aria-label={words.choose(file.name)}
                  checked={marked.includes(file.digest)}
                  onChange={() => onMark(file)}
                />
              </label>
              <span className="tile-name">
                {file.name}
                <time dateTime={new Date(file.created * 1000).toISOString()}>{showTime(file.created)}</time>
              </span>
            </li>
          )),
        )}
      </ul>
    </div>
  );
}

function useWidth(of: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!of.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return width;
}
