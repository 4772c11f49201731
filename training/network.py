"""The encoder as a PyTorch module, for fine-tuning; its weights bear the published names."""

from __future__ import annotations

import torch
from minilm import EPSILON, HEADS, LAYERS, WIDTH
from torch import Tensor, nn
from torch.nn import functional

INNER = 1536
VOCABULARY, POSITIONS = 30_522, 512


class Layer(nn.Module):
    """One transformer block, normalised after each half."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.ModuleDict(
            {
                "self": nn.ModuleDict({kind: nn.Linear(WIDTH, WIDTH) for kind in ("query", "key", "value")}),
                "output": nn.ModuleDict({"dense": nn.Linear(WIDTH, WIDTH), "LayerNorm": norm()}),
            }
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(WIDTH, INNER)})
        self.output = nn.ModuleDict({"dense": nn.Linear(INNER, WIDTH), "LayerNorm": norm()})

    def forward(self, hidden: Tensor, mask: Tensor, dropout: float) -> Tensor:
        lines, tokens, _ = hidden.shape
        query, key, value = (
            self.attention["self"][kind](hidden).view(lines, tokens, HEADS, -1).transpose(1, 2)
            for kind in ("query", "key", "value")
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(lines, tokens, WIDTH)
        attended = functional.dropout(self.attention["output"]["dense"](mixed), dropout, self.training)
        hidden = self.attention["output"]["LayerNorm"](hidden + attended)
        inner = self.output["dense"](functional.gelu(self.intermediate["dense"](hidden)))
        return self.output["LayerNorm"](hidden + functional.dropout(inner, dropout, self.training))


def norm() -> nn.LayerNorm:
    return nn.LayerNorm(WIDTH, eps=EPSILON)


class SentenceEncoder(nn.Module):
    """Word pieces to unit vectors."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = dropout
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(VOCABULARY, WIDTH),
                "position_embeddings": nn.Embedding(POSITIONS, WIDTH),
                "token_type_embeddings": nn.Embedding(2, WIDTH),
                "LayerNorm": norm(),
            }
        )
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer() for _ in range(LAYERS))})

    def forward(self, rows: list[list[int]]) -> Tensor:
        """Rows of word-piece numbers to vectors (rows, 384) of unit length."""
        longest = max(map(len, rows))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        counted = torch.tensor([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in rows])
        parts = self.embeddings
        hidden = parts["word_embeddings"](ids) + parts["position_embeddings"].weight[:longest]
        hidden = parts["LayerNorm"](hidden + parts["token_type_embeddings"].weight[0])
        hidden = functional.dropout(hidden, self.dropout, self.training)
        mask = (counted > 0)[:, None, None, :]
        for layer in self.encoder["layer"]:
            hidden = layer(hidden, mask, self.dropout)
        mean = (hidden * counted[:, :, None]).sum(1) / counted.sum(1, keepdim=True)
        return functional.normalize(mean, dim=-1)
