"""The labeller in PyTorch, as it is trained; `service.model.tagger` runs the same in numpy."""

from collections.abc import Mapping
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

CHANNELS: Final = 64
WORD_SIZE: Final = 16
DILATIONS: Final = (1, 2, 4, 8, 1)
CONTEXT_AFTER: Final = 2
DROPOUT: Final = 0.25


class Network(nn.Module):
    """Features and bags of a batch of pages in; one logit per block, and logits of page types out.

    The page types teach the layers below, too: a labeller that must tell a thread from a product page
    knows better what is content on either.
    """

    def __init__(self, features: int, vocabularies: Mapping[str, int], kinds: int) -> None:
        super().__init__()
        self.embeddings = nn.ModuleDict(
            {name: nn.Embedding(size + 1, WORD_SIZE, padding_idx=0) for name, size in vocabularies.items()}
        )
        for name in vocabularies:
            nn.init.normal_(self.table(name), std=0.01)
            with torch.no_grad():
                self.table(name)[0] = 0
        self.input = nn.Linear(features + len(vocabularies) * WORD_SIZE, CHANNELS)
        self.norms = nn.ModuleList(nn.LayerNorm(CHANNELS) for _ in DILATIONS)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(CHANNELS, CHANNELS, 3, padding=d, dilation=d) for d in DILATIONS
        )
        self.context = nn.Linear(2 * CHANNELS, CHANNELS)
        self.hidden = nn.Linear(CHANNELS, CHANNELS)
        self.output = nn.Linear(CHANNELS, 1)
        self.kind = nn.Linear(2 * CHANNELS, kinds)
        self.dropout = nn.Dropout(DROPOUT)

    def table(self, bag: str) -> Tensor:
        """The embeddings of a bag."""
        return cast("nn.Embedding", self.embeddings[bag]).weight

    def forward(self, values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`values`: pages x blocks x numbers, the bags' last; `mask`: pages x blocks x 1, 0 beyond a page."""
        hidden = self.dropout(gelu(self.input(values))) * mask
        for i, (norm, convolution) in enumerate(zip(self.norms, self.convolutions, strict=True)):
            normal = norm(hidden) * mask
            update = convolution(normal.transpose(1, 2)).transpose(1, 2)
            hidden = (hidden + self.dropout(gelu(update))) * mask
            if i == CONTEXT_AFTER:
                mean = hidden.sum(dim=1) / mask.sum(dim=1)
                most = (hidden + (mask - 1) * 1e4).amax(dim=1)
                pooled = torch.cat((mean, most), dim=-1)
                kinds = self.kind(self.dropout(pooled))
                context = self.dropout(gelu(self.context(pooled)))
                hidden = (hidden + context.unsqueeze(1)) * mask
        logits: Tensor = self.output(self.dropout(gelu(self.hidden(hidden))))
        return logits.squeeze(-1), kinds


def gelu(x: Tensor) -> Tensor:
    """GELU by its tanh approximation, as numpy computes it."""
    return functional.gelu(x, approximate="tanh")


def export(network: Network) -> dict[str, NDArray[np.generic]]:
    """The weights under the names and in the layouts that the tagger reads."""
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    bags = list(network.embeddings)
    split = state["input.weight"].shape[1] - WORD_SIZE * len(bags)
    weights = {"input.values": state["input.weight"][:, :split].T, "input.bias": state["input.bias"]}
    for i, name in enumerate(bags):
        begin = split + i * WORD_SIZE
        weights[f"input.{name}"] = state["input.weight"][:, begin : begin + WORD_SIZE].T
    for i in range(len(DILATIONS)):
        weights[f"norm{i}.weight"] = state[f"norms.{i}.weight"]
        weights[f"norm{i}.bias"] = state[f"norms.{i}.bias"]
        weights[f"conv{i}.weight"] = state[f"convolutions.{i}.weight"].transpose(2, 1, 0)
        weights[f"conv{i}.bias"] = state[f"convolutions.{i}.bias"]
    for name in ("context", "hidden", "output", "kind"):
        weights[f"{name}.weight"] = state[f"{name}.weight"].T
        weights[f"{name}.bias"] = state[f"{name}.bias"]
    exported: dict[str, NDArray[np.generic]] = {
        name: np.ascontiguousarray(value, dtype=np.float32) for name, value in weights.items()
    }
    for name in bags:
        exported[f"embedding.{name}"] = state[f"embeddings.{name}.weight"].astype(np.float16)
    return exported
