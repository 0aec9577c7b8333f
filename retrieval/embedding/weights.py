"""Weights of an exported model: named as the network names them, so that training can go on from what was shipped."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

NETWORK = "network"  # folder beside an exported model: the network's configuration, and its tokenizer's
HEAD = "token_head.safetensors"
_TRANSPOSED = ".T"  # ends the name of a matrix that stands on its side in the graph
_INNER = "parts.0.model."  # before the network's own names in the graph


def name_matrices(graph: Any) -> None:
    """Give each matrix of an exported graph the name of the layer whose bias is added to its product.

    The exporter keeps the names of biases and calls matrices by numbers. `graph` is an onnx.GraphProto.
    """
    products = {node.output[0]: node for node in graph.node if node.op_type == "MatMul"}
    stored = {each.name: each for each in graph.initializer}
    for node in [each for each in graph.node if each.op_type == "Add"]:
        bias = next((name for name in node.input if name.endswith(".bias")), "")
        product = next((products[name] for name in node.input if name in products), None)
        if bias and product is not None and product.input[1] in stored:
            matrix = stored[product.input[1]]
            matrix.name = product.input[1] = bias.removesuffix("bias") + "weight" + _TRANSPOSED


def restored(folder: Path, target: Path) -> Path:
    """Write the weights of the exported model in `folder` to `target`, as sentence-transformers loads them.

    They are what eight bits kept of them. Returns `target`. Raises KeyError where the graph is not one of ours.
    """
    import torch
    from transformers import AutoConfig, AutoModel
    from transformers import PreTrainedTokenizerFast as FastTokenizer

    tensors = _tensors(folder / "model.onnx")
    made: Any = AutoModel
    network = made.from_config(AutoConfig.from_pretrained(folder / NETWORK), add_pooling_layer=False)
    network.load_state_dict({name: torch.tensor(tensors[_INNER + name]) for name in network.state_dict()})
    network.save_pretrained(target / NETWORK)
    tokenizer: Any = FastTokenizer.from_pretrained(folder / NETWORK, tokenizer_file=str(folder / "tokenizer.json"))
    tokenizer.save_pretrained(target / NETWORK)
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assembled(target, {"query": card["query_prompt"]} | dict.fromkeys(("passage", "document"), card["passage_prompt"]))
    if "head.weight" in tensors:
        head = _linear(tensors["head.weight"].shape)
        head.load_state_dict({each: torch.tensor(tensors[f"head.{each}"]) for each in ("weight", "bias")})
        write_head(head, target)
    return target


def assembled(target: Path, prompts: dict[str, str]) -> None:
    """Make a sentence-transformers model of the network in `target`'s folder NETWORK: mean of tokens, unit length."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    encoder = Transformer(str(target / NETWORK))
    dimensions = encoder.get_embedding_dimension()
    parts = [encoder, Pooling(dimensions, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=parts, prompts=prompts, device="cpu").save_pretrained(
        str(target), create_model_card=False
    )


def _tensors(graph: Path) -> dict[str, npt.NDArray[np.float32]]:
    """Return all weights of an exported graph by their names, out of their eight bits."""
    import onnx
    from onnx.numpy_helper import to_array

    read = onnx.load(str(graph)).graph
    stored = {each.name: to_array(each) for each in read.initializer}
    for node in read.node:  # equal weights are kept once
        if node.op_type == "Identity" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
    found = {}
    for name, array in stored.items():
        plain = name.removesuffix("_quantized")
        if plain != name:
            zero, scale = stored[f"{plain}_zero_point"], stored[f"{plain}_scale"]
            array = (array.astype(np.float32) - zero.astype(np.float32)) * scale
        matrix = plain.removesuffix(_TRANSPOSED)
        found[matrix] = np.ascontiguousarray(array if matrix == plain else array.T, dtype=np.float32)
    return found


def read_head(folder: Path) -> Any:
    """Return the layer that makes token vectors from a model's token states, or None if the model has none."""
    from safetensors.torch import load_file

    if not (folder / HEAD).is_file():
        return None
    weights = load_file(folder / HEAD)
    head = _linear(weights["weight"].shape)
    head.load_state_dict(weights)
    return head


def _linear(shape: Sequence[int]) -> Any:
    import torch

    outputs, inputs = shape
    return torch.nn.Linear(inputs, outputs)


def write_head(head: Any, folder: Path) -> None:
    """Keep the layer that makes token vectors beside the model."""
    from safetensors.torch import save_file

    save_file({name: each.contiguous() for name, each in head.cpu().state_dict().items()}, folder / HEAD)
