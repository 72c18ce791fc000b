"""how far training is -> the share of the learning rate."""

import math
from typing import Final

WARM_UP: Final = 0.08


def rate(done: float) -> float:
    """Linear warm-up, then half a cosine. `done`: share of the steps, from 0 on."""
    if done < WARM_UP:
        return done / WARM_UP
    return 0.02 + 0.49 * (1 + math.cos(math.pi * min(1.0, (done - WARM_UP) / (1 - WARM_UP))))
