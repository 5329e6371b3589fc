"""Writes the bundled models: words.onnx and minilm.onnx from the weights of all-MiniLM-L6-v2, reader.onnx from a trained reader.

    pip install onnx && python tools/build_minilm.py model.safetensors [--reader reader.npz]

``model.safetensors`` is the file of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), ``reader.npz`` what ``train_reader.py``
wrote. Matrices become 8-bit blocks of 32 with a scale each, multiplied with activations that are rounded row by row while it runs
(MatMulNBits, accuracy level 4): what a text gives does not depend on what else is in its batch. The word table, which both models
begin with, keeps 8 bits and a scale a row, and only the rows that are looked up are ever widened. The rest is fused, so that
nothing is left to optimise when a file is opened.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, HIDDEN, LENGTH, BLOCK = 6, 12, 384, 256, 32
EPSILON = 1e-12
ROOT = Path(__file__).parent.parent
WORDS, MINILM = (ROOT / "vectorstore" / "embedders" / name for name in ("words.onnx", "minilm.onnx"))
READER = ROOT / "qa" / "draft" / "reader.onnx"
SHAPE: list[int | str | None] = ["batch", "sequence"]
Array = NDArray[np.float32]


def weights(path: Path) -> dict[str, Array]:
    """The float tensors of a safetensors file, by name without the model's prefix."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    found = {}
    for name, entry in json.loads(raw[8 : 8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            found[name.removeprefix("bert.")] = np.frombuffer(raw[start:end], np.float32).reshape(entry["shape"])
    return found


class Graph:
    """Nodes and constants as they are put together."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Keeps a constant and gives its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        """A tensor of the model as a constant."""
        return self.constant(name, self.tensors[name])

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: float) -> str:
        """Adds a node with one output and gives its name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def fused(self, kind: str, inputs: list[str], output: str, **attributes: float) -> str:
        """A node of ONNX Runtime's own."""
        return self.node(kind, inputs, output, "com.microsoft", **attributes)

    def dense(self, name: str, given: str, output: str) -> str:
        """``given`` times the matrix ``name``, in 8-bit blocks around 128."""
        matrix = self.tensors[name]
        rows, columns = matrix.shape
        blocks = matrix.reshape(rows, columns // BLOCK, BLOCK)
        scale = np.maximum(np.abs(blocks).max(2) / 127, np.finfo(np.float32).tiny)
        packed = np.clip(np.rint(blocks / scale[:, :, None]), -127, 127) + 128
        inputs = [
            given,
            self.constant(f"{name}.blocks", packed.astype(np.uint8)),
            self.constant(f"{name}.scales", scale.astype(np.float32).reshape(-1)),
        ]
        return self.fused("MatMulNBits", inputs, output, K=columns, N=rows, bits=8, block_size=BLOCK, accuracy_level=4)

    def added(self, given: str, beside: str, norm: str, bias: str, output: str) -> str:
        """Layer norm of ``given`` + bias + ``beside``."""
        inputs = [given, beside, self.weight(f"{norm}.weight"), self.weight(f"{norm}.bias"), self.weight(bias)]
        return self.fused("SkipLayerNormalization", inputs, output, epsilon=EPSILON)


def embedded(graph: Graph) -> str:
    """Words, places and the one segment, added and normalised."""
    table = graph.tensors["embeddings.word_embeddings.weight"]
    scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, np.finfo(np.float32).tiny)
    places = graph.tensors["embeddings.position_embeddings.weight"][:LENGTH]
    places = places + graph.tensors["embeddings.token_type_embeddings.weight"][0]
    rows = graph.node("Gather", [graph.constant("words", np.rint(table / scale).astype(np.int8)), "input_ids"], "rows8")
    wide = graph.node("Cast", [rows], "rows", to=TensorProto.FLOAT)
    scales = graph.node("Gather", [graph.constant("word_scales", scale.astype(np.float32)), "input_ids"], "row_scales")
    words = graph.node("Mul", [wide, scales], "word_vectors")
    zero, one, two = (graph.constant(name, np.array([at], np.int64)) for at, name in enumerate(("zero", "one", "two")))
    length = graph.node("Slice", [graph.node("Shape", ["input_ids"], "shape"), one, two], "length")
    first = graph.node("Slice", [graph.constant("places", places), zero, length, zero], "first_places")
    norm = [graph.weight(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias")]
    total = graph.node("Add", [words, first], "sum")
    return graph.node("LayerNormalization", [total, *norm], "layer0", epsilon=EPSILON, axis=-1)


def layer(graph: Graph, number: int, given: str, mask: str, output: str) -> str:
    """One transformer layer."""
    at = f"encoder.layer.{number}"
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    projected = [graph.dense(f"{part}.weight", given, f"{part}.out") for part in parts]
    bias = graph.constant(f"{at}.bias", np.concatenate([graph.tensors[f"{part}.bias"] for part in parts]))
    seen = graph.fused("MultiHeadAttention", [*projected, bias, mask], f"{at}.seen", num_heads=HEADS)
    mixed = graph.dense(f"{at}.attention.output.dense.weight", seen, f"{at}.mixed")
    middle = graph.added(mixed, given, f"{at}.attention.output.LayerNorm", f"{at}.attention.output.dense.bias", f"{at}.middle")
    inner = graph.dense(f"{at}.intermediate.dense.weight", middle, f"{at}.inner")
    bent = graph.fused("BiasGelu", [inner, graph.weight(f"{at}.intermediate.dense.bias")], f"{at}.bent")
    outer = graph.dense(f"{at}.output.dense.weight", bent, f"{at}.outer")
    return graph.added(outer, middle, f"{at}.output.LayerNorm", f"{at}.output.dense.bias", output)


def layers(graph: Graph, output: str) -> str:
    """All layers over ``layer0``, the last one's output named as given."""
    hidden = "layer0"
    mask = graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number in range(LAYERS):
        hidden = layer(graph, number, hidden, mask, output if number == LAYERS - 1 else f"layer{number + 1}")
    return hidden


def write(graph: Graph, path: Path, inputs: list[onnx.ValueInfoProto], output: onnx.ValueInfoProto) -> None:
    """Checks the graph, writes it and prints its sha256."""
    whole = helper.make_graph(graph.nodes, path.stem, inputs, [output], graph.constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    content = path.read_bytes()
    print(f"{path.name}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


def main() -> None:
    """Writes the files and prints their sha256."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--reader", type=Path)
    options = parser.parse_args()
    numbers = [helper.make_tensor_value_info(name, TensorProto.INT64, SHAPE) for name in ("input_ids", "attention_mask")]
    begun = helper.make_tensor_value_info("layer0", TensorProto.FLOAT, [*SHAPE, HIDDEN])
    original = weights(options.weights)
    graph = Graph(original)
    embedded(graph)
    write(graph, WORDS, numbers[:1], begun)
    graph = Graph(original)
    layers(graph, "last_hidden_state")
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*SHAPE, HIDDEN])
    write(graph, MINILM, [begun, numbers[1]], output)
    if options.reader:
        trained = dict(np.load(options.reader))
        graph = Graph(trained)
        hidden = layers(graph, "read")
        heads = [np.concatenate([trained[f"{name}.{part}"] for name in ("pointer", "none")]) for part in ("weight", "bias")]
        product = graph.node("MatMul", [hidden, graph.constant("heads", heads[0].T)], "product")
        graph.node("Add", [product, graph.constant("heads.bias", heads[1])], "scores")
        write(graph, READER, [begun, numbers[1]], helper.make_tensor_value_info("scores", TensorProto.FLOAT, [*SHAPE, 2]))


if __name__ == "__main__":
    main()
