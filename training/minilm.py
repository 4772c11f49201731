"""The network of all-MiniLM-L6-v2 as an ONNX graph, built from its weights without any deep-learning framework.

The graph: word, position and type embeddings, six transformer layers, mean over the tokens that count, unit length.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
OPSET = 20
FUSED = "com.microsoft"


class GraphBuilder:
    """Collects nodes and weights of an ONNX graph."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, np.ndarray] = {}

    def op(self, kind: str, *inputs: str, fused: bool = False, **attributes: object) -> str:
        """Add a node; `fused` ones are onnxruntime's own, which do several steps at once."""
        name = f"{kind.lower()}_{len(self.nodes)}"
        domain = FUSED if fused else ""
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers[name] = value
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        value = self.weights[name].astype(np.float32)
        return self.constant(name, np.ascontiguousarray(value.T) if transposed else value)

    def product(self, source: str, name: str) -> str:
        return self.op("MatMul", source, self.weight(f"{name}.weight", transposed=True))

    def skip_norm(self, source: str, skip: str, name: str) -> str:
        """Bias, residual and normalisation of a block's output."""
        scale, shift = self.weight(f"{name}.LayerNorm.weight"), self.weight(f"{name}.LayerNorm.bias")
        bias = self.weight(f"{name}.dense.bias")
        return self.op("SkipLayerNormalization", source, skip, scale, shift, bias, fused=True, epsilon=EPSILON)

    def norm(self, source: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", source, scale, bias, axis=-1, epsilon=EPSILON)


def build_graph(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The encoder as an ONNX model.

    Inputs: ``ids`` (lines, tokens) int64, ``mask`` (lines, tokens) float32 with 1 for tokens that count.
    Output: ``embeddings`` (lines, 384) float32 of unit length.
    """
    g = GraphBuilder(weights)
    words = g.op("Gather", g.weight("embeddings.word_embeddings.weight"), "ids", axis=0)
    length = g.op("Shape", "ids", start=1, end=2)
    start = g.constant("start", np.array([0], dtype=np.int64))
    axes = g.constant("axes", np.array([0], dtype=np.int64))
    positions = g.op("Slice", g.weight("embeddings.position_embeddings.weight"), start, length, axes)
    types = g.constant("type_0", weights["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
    hidden = g.norm(g.op("Add", g.op("Add", words, positions), types), "embeddings.LayerNorm")

    counted = g.op("Cast", "mask", to=TensorProto.INT32)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attention = f"{layer}.attention"
        kinds = [f"{attention}.self.{kind}" for kind in ("query", "key", "value")]
        joined = g.constant(f"{layer}.qkv", np.concatenate([weights[f"{k}.weight"].T for k in kinds], axis=1))
        biases = g.constant(f"{layer}.qkv_bias", np.concatenate([weights[f"{k}.bias"] for k in kinds]))
        mixed = g.op("Attention", hidden, joined, biases, counted, fused=True, num_heads=HEADS)
        attended = g.product(mixed, f"{attention}.output.dense")
        hidden = g.skip_norm(attended, hidden, f"{attention}.output")
        inner = g.product(hidden, f"{layer}.intermediate.dense")
        inner = g.op("BiasGelu", inner, g.weight(f"{layer}.intermediate.dense.bias"), fused=True)
        hidden = g.skip_norm(g.product(inner, f"{layer}.output.dense"), hidden, f"{layer}.output")

    weight = g.op("Unsqueeze", "mask", g.constant("last", np.array([2], dtype=np.int64)))
    tokens = g.constant("tokens", np.array([1], dtype=np.int64))
    total = g.op("ReduceSum", g.op("Mul", hidden, weight), tokens, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", weight, tokens, keepdims=0))
    g.nodes.append(helper.make_node("LpNormalization", [mean], ["embeddings"], axis=-1, p=2))
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["lines", "tokens"]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["lines", "tokens"]),
        ],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["lines", WIDTH])],
        [numpy_helper.from_array(value, name) for name, value in g.initializers.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)], ir_version=10
    )
    onnx.checker.check_model(model)
    return model
