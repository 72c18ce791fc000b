"""What the networks are made of, in numpy, as PyTorch has it."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float32]

_EPSILON: Final = 1e-5  # of layer normalisation


def gelu(x: Floats) -> Floats:
    """GELU by its tanh approximation."""
    y = x * x
    y *= np.float32(0.7978845608 * 0.044715)
    y += np.float32(0.7978845608)
    y *= x
    np.tanh(y, out=y)
    y += np.float32(1)
    y *= x
    y *= np.float32(0.5)
    return y


def sigmoid(x: NDArray[Any]) -> Floats:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def normalise(x: Floats, weight: Floats, bias: Floats) -> Floats:
    """Each row to mean 0 and variance 1, then scaled and moved."""
    # a product with a column takes a third of the time of `mean` along rows
    column = np.full((x.shape[1], 1), 1 / x.shape[1], dtype=np.float32)
    y = x - x @ column
    variance = (y * y) @ column
    variance += np.float32(_EPSILON)
    y /= np.sqrt(variance, out=variance)
    y *= weight
    y += bias
    return y


def convolve(x: Floats, taps: Floats, bias: Floats, dilation: int) -> Floats:
    """Three taps, `dilation` rows apart; zeros beyond. `taps`: x in x (tap, out)."""
    wide, size = x @ taps, bias.size  # all taps in one product
    out = wide[:, size : 2 * size] + bias
    if x.shape[0] > dilation:
        out[dilation:] += wide[:-dilation, :size]
        out[:-dilation] += wide[dilation:, 2 * size :]
    return np.asarray(out)


def one_thread() -> AbstractContextManager[object]:
    """Keeps the linear algebra to one thread: products are small, and a second costs more than it does."""
    limit: AbstractContextManager[object] = _blas().limit(limits=1)
    return limit


@cache
def _blas() -> ThreadpoolController:
    """The linear algebra under numpy; looked for once, which takes milliseconds."""
    return ThreadpoolController().select(user_api="blas")
