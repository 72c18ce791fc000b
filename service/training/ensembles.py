"""scikit-learn's boosted trees and isotonic curves -> arrays that are read with numpy alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

Floats = NDArray[np.float64]


def export(name: str, model: Any, features: int) -> dict[str, NDArray[Any]]:
    """A gradient-boosted ensemble as `service.forest` reads it: trees x nodes, keys begun by `name`."""
    trees = [tree.tree_ for tree in model.estimators_[:, 0]]
    shape = (len(trees), max(tree.node_count for tree in trees))
    feature = np.full(shape, -1, dtype=np.int16)
    threshold, value = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    left, right = np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int16)
    for i, tree in enumerate(trees):
        n = tree.node_count
        inner = tree.children_left >= 0
        feature[i, :n] = np.where(inner, tree.feature, -1)
        threshold[i, :n] = np.where(inner, tree.threshold, 0)
        left[i, :n], right[i, :n] = np.maximum(tree.children_left, 0), np.maximum(tree.children_right, 0)
        value[i, :n] = model.learning_rate * tree.value[:, 0, 0]
    start = model._raw_predict_init(np.zeros((1, features))).ravel()[0]
    return {
        f"{name}.base": np.array(start), f"{name}.feature": feature, f"{name}.threshold": threshold,
        f"{name}.left": left, f"{name}.right": right, f"{name}.value": value,
        f"{name}.depth": np.array(model.max_depth),
    }  # fmt: skip


def knots(raw: Floats, wanted: Floats, weights: Floats | None = None) -> Floats:
    """Isotonic regression as knots: the middles of its steps, so that what is between them rises."""
    level = IsotonicRegression(out_of_bounds="clip").fit_transform(raw, wanted, sample_weight=weights)
    middles = [(raw[level == v].mean(), v) for v in np.unique(level)]
    if len(middles) == 1:
        middles = [(middles[0][0] - 1, middles[0][1]), *middles]
    return np.array(middles, dtype=np.float64).T
