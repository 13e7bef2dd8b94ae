import { expect, test, vi } from "vitest";
import { oneAtATime } from "../../src/steps/useSteps";

test("what changes while a question is under way is asked once more, and not more often", async () => {
  const answers: (() => void)[] = [];
  const ask = oneAtATime(() => new Promise<void>((resolve) => answers.push(resolve)));
  ask();
  ask();
  ask();
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.();
  await Promise.resolve();
  ask();
  await vi.waitFor(() => expect(answers).toHaveLength(3));
});
