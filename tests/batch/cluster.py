"""A cluster of two nodes on this machine, one of which is killed in mid-run.

`python -m tests.batch.cluster ARCHIVE OUT` ends with 0 when every page is there. Not a test of the suite: Ray
gives its own processes fifteen seconds to start, which a busy machine does not keep.
"""

import os
import sys
import threading
import time
from pathlib import Path

import ray
from ray.cluster_utils import Cluster

from schemas.request import CleanOptions, SegmentChoice
from service.batch.parts import Size
from service.batch.plan import BYTES, Plan
from service.batch.run import Engine, run
from service.settings import Settings

PAGES = 100
"""Pages of a part."""
BEFORE = 4
"""Parts that are finished before the node is killed."""


def main(archive: str, out: Path) -> int:
    """Run, kill, and say what is there."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    second = cluster.add_node(num_cpus=2)
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")

    def kill() -> None:
        while len(list(out.glob("manifest/*/*.json"))) < BEFORE:
            time.sleep(0.05)
        cluster.remove_node(second, allow_graceful=False)
        print("one of two nodes is killed", flush=True)

    threading.Thread(target=kill, daemon=True).start()
    options = CleanOptions(segments=SegmentChoice.NONE)
    plan = Plan(str(out), options, Settings(workers=2), size=Size(PAGES, BYTES))
    outcome = run([archive], plan, Engine.RAY)
    print(f"{outcome.total.pages} rows, {outcome.seconds:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    os.environ.update(RAY_USAGE_STATS_ENABLED="0")
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
