import { expect, test } from "vitest";
import { ApiError, type ResultPlace } from "../../src/api";
import { createPictures } from "../../src/steps/pictures";

const at = (iteration: number): ResultPlace => ({ job: "a", node: "step", output: "latent", iterations: [iteration] });

/** A server that counts what it is asked for. */
function server(answer: (asked: number) => Blob): {
  asked: string[];
  resultPicture: (place: ResultPlace) => Promise<Blob>;
} {
  const asked: string[] = [];
  return {
    asked,
    resultPicture: async ({ iterations }) => {
      asked.push(String(iterations));
      return answer(asked.length);
    },
  };
}

test("a picture is asked for once, also when it is prefetched first", async () => {
  const api = server(() => new Blob(["x"]));
  const pictures = createPictures(api);
  pictures.prefetch([at(1), at(2)]);
  const [first, second] = [await pictures.get(at(1)), await pictures.get(at(1))];
  expect(first).toEqual(second);
  expect(api.asked).toEqual(["1", "2"]);
});

test("the least recently used pictures leave, and their addresses with them", async () => {
  const api = server(() => new Blob(["x"]));
  const pictures = createPictures(api, 2);
  const first = await pictures.get(at(1));
  await pictures.get(at(2));
  await pictures.get(at(1));
  await pictures.get(at(3));
  expect(api.asked).toEqual(["1", "2", "3"]);
  await pictures.get(at(1));
  expect(api.asked).toEqual(["1", "2", "3"]);
  await pictures.get(at(2));
  expect(api.asked).toEqual(["1", "2", "3", "2"]);
  pictures.close();
  await new Promise((done) => setTimeout(done));
  await expect(fetch(first.ok ? first.url : "")).rejects.toThrow();
});

test("what is not kept any more says so, and is asked for again", async () => {
  const api = server((asked) => {
    if (asked === 1) throw new ApiError("It is not kept any more.", "not-known", 404);
    return new Blob(["x"]);
  });
  const pictures = createPictures(api);
  expect(await pictures.get(at(1))).toEqual({ ok: false, message: "It is not kept any more." });
  expect(await pictures.get(at(1))).toMatchObject({ ok: true });
});
