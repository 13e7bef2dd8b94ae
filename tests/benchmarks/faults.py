"""Kills the engine at 20 random moments of 30-step jobs, and whole servers at 20 random moments of a 100-job queue.

    python -m tests.benchmarks.faults [--kills 20] [--jobs 100] [--seed 1]

Prints what each kill showed, and fails where anything was lost, repeated, half-written or out of order. Not part of
`make bench`: it takes some minutes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from pathlib import Path

from tests.server.faults import LIGHT, check_whole, kill_engine, kill_servers, submit_queue
from tests.server.serving import serving


def engines(kills: int, seed: int, folder: Path) -> None:
    """One job a kill: a job that loses two engines fails."""
    random_ = random.Random(seed)
    with serving(folder / "data") as server:
        seen = []
        for number in range(kills):
            kill, _ = kill_engine(server, seed=1000 + number, at_step=random_.randint(1, 28))
            seen.append(kill)
            print(
                f"engine {number + 1:2}: killed at step {kill.at_step:2}, running again after {kill.again_s:.2f} s, "
                f"next step after {kill.next_step_s:.2f} s, {kill.steps} steps ran for 30",
                flush=True,
            )
        again, steps = [kill.again_s for kill in seen], [kill.next_step_s for kill in seen]
        print(f"running again after {statistics.median(again):.2f} s (median), {max(again):.2f} s (longest)")
        print(f"next step after {statistics.median(steps):.2f} s (median), {max(steps):.2f} s (longest)")
        jobs = [job["id"] for job in server.get("/jobs?limit=200").json()["jobs"]][::-1]
        server.stop()
        check_whole(server.data, jobs)


def servers(kills: int, count: int, seed: int, folder: Path) -> None:
    random_ = random.Random(seed)
    (folder / "plugins").mkdir()
    (folder / "plugins" / "light.py").write_text(LIGHT)
    with serving(folder / "data", "--plugins", str(folder / "plugins")) as server:
        jobs = submit_queue(server, count, random_, seconds=0.3)
        for number, ended in enumerate(kill_servers(server, kills, random_, longest_s=4.0)):
            print(f"server {number + 1:2}: {ended} of {count} jobs had ended", flush=True)
        server.wait(jobs[-1])
        server.stop()
        check_whole(server.data, jobs)
    print(f"{count} jobs ended once each, in order of priority, outputs whole, no temporary files, database whole")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("engines", "servers"):
            (Path(folder) / name).mkdir()
        servers(arguments.kills, arguments.jobs, arguments.seed, Path(folder) / "servers")
        engines(arguments.kills, arguments.seed, Path(folder) / "engines")


if __name__ == "__main__":
    main()
